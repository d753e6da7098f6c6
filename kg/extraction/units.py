"""Units: the words for what numbers count, for how exact they are said to be, and for factors; data of ``figures``."""

from __future__ import annotations

from decimal import Decimal


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BEFORE = {
    "nearly": "nearly|almost|just under|close to|approaching|just short of|not quite",
    "approximately": "about|around|roughly|approximately|some|circa|estimated|an estimated|in the region of|something like|of the order of",
    "more-than": "more than|over|above|in excess of|upwards of|exceeding|exceeds|exceeded|greater than|higher than|north of",
    "less-than": "less than|fewer than|under|below|lower than|smaller than",
    "at-least": "at least|a minimum of|minimum of|no fewer than|no less than|not less than|not fewer than",
    "at-most": "up to|at most|no more than|not more than|as many as|as much as|a maximum of|maximum of|within",
}
#: Words before a number -> how exact it is; "just" and "only" say nothing of that.
BEFORE = {phrase: name for name, phrases in _BEFORE.items() for phrase in phrases.split("|")}
#: Words behind a number -> how exact it is.
AFTER = {"or more": "at-least", "or above": "at-least", "plus": "at-least", "+": "at-least"}
AFTER |= {"or less": "at-most", "or fewer": "at-most", "or so": "approximately"}

_COUNTED = {
    "people": """adults athletes attendees boys callers campaigners candidates captains children citizens civilians claimants clients
    colleagues complainants constables consultants consumers councillors customers defendants delegates deputies detainees doctors
    drivers employees families fans farmers females fighters gamblers girls guests households individuals inmates inspectors judges
    jurors lawyers leaders males members men immigrants asylum-seekers migrants midwives ministers mps nurses occupants offenders
    opponents incumbents allies guys folks kids seniors aides senators superdelegates officers officials parents participants
    partners passengers patients peers people persons police prisoners probationers professionals protesters pupils recipients
    recruits refugees residents respondents sergeants servants soldiers specialists staff staffers students subscribers
    superintendents supporters survivors suspects taxpayers teachers teenagers tenants traders trainees troops users victims viewers
    visitors volunteers voters witnesses women workers workforce youngsters firefighters paramedics carers relatives applicants
    assistants managers directors trustees governors journalists reporters pensioners babies infants commuters travellers
    homeowners shareholders investors creditors scientists economists experts academics researchers friends neighbours daughters
    sons sisters brothers mothers fathers deaths lives casualties
    fatalities medics wardens interns cadets clerks chiefs cops pilots surgeons guards recruits activists heirs tourists chefs critics
    cyclists pedestrians hostages fugitives rebels nuns monks orphans widows twins veterans colonels generals""",
    "cases": """cases investigations inquiries enquiries complaints lawsuits prosecutions trials appeals probes referrals incidents offences
    crimes offenses hearings disputes murders rapes burglaries robberies assaults thefts convictions arrests proceedings claims
    tribunals breaches collisions reports""",
    "allegations": "allegations accusations",
    "charges": "charges counts",
    "recommendations": "recommendations",
    "issues": "issues problems concerns failings failures shortcomings challenges",
    "minutes": "minutes minute mins",
    "hours": "hours hour hrs",
    "days": "days day",
    "weeks": "weeks week",
    "months": "months month",
    "years": "years year yrs",
}
#: Noun -> unit: plurals, and singulars of time ("32 year sentence").
COUNTED = {noun: unit for unit, nouns in _COUNTED.items() for noun in nouns.split()}
#: Singular -> unit, for one of a kind.
SINGULAR = {"person": "people", "man": "people", "woman": "people", "child": "people", "inquiry": "cases", "enquiry": "cases"}
SINGULAR |= {
    noun[:-3] + "y" if noun.endswith("ies") else noun[:-2] if noun.endswith(("sses", "ches")) else noun[:-1]: unit
    for noun, unit in COUNTED.items()
    if noun.endswith("s") and noun != "lives"
}
TIMES = _of("minutes hours days weeks months years")
#: Other measures of time, in one of these.
TIME_FACTORS = {"decade": (10, "years"), "decades": (10, "years"), "fortnight": (2, "weeks"), "century": (100, "years")}
#: Endings of nouns for people; of nations, parties and faiths, which have a capital; and what only looks like them.
PEOPLE_ENDINGS = ("ers", "ors", "ists", "ians", "men", "women")
PEOPLES_ENDINGS = ("ans", "ats", "ims", "ites")
NO_PEOPLE = _of(
    """papers numbers computers letters matters orders powers offers quarters chapters centers barriers borders covers errors factors
    sectors doors colors tremors meters metres corners layers servers printers lists tests posters shelters helicopters trailers
    tigers others answers frontiers disorders disasters dollars rivers towers flowers fingers acres mirrors motors indicators
    monitors elevators vectors specimen"""
)
#: Words for a factor; "doubled down" is none.
FACTORS: dict[str, Decimal] = {
    word: Decimal(factor)
    for factor, words in {
        "0.5": "halved halving",
        "2": "doubled doubling doubles twofold two-fold",
        "3": "tripled tripling triples trebled trebling threefold three-fold",
        "4": "quadrupled quadrupling fourfold four-fold",
        "5": "quintupled fivefold five-fold",
        "10": "tenfold ten-fold",
    }.items()
    for word in words.split()
}
NO_FACTOR = _of("down up over back as")
#: Factors that need a comparison behind them: "twice as many".
TWICE = {"twice": Decimal(2), "thrice": Decimal(3), "double": Decimal(2), "triple": Decimal(3), "half": Decimal("0.5")}
COMPARED = _of("as the more less higher lower greater bigger larger worse better faster likelier that those longer")
CURRENCIES = frozenset("£$€¥₹")
