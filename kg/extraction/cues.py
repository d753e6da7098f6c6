"""Cues: the verbs, nouns and adjectives that report what somebody says or holds, with what may follow them. Data, and their inflection.

A frame says what the reported words look like behind the cue: ``c`` a bare clause ("said it was late"), ``t`` a clause with *that*,
``w`` one with *whether, how, why*, ``i`` an infinitive ("vowed to go"), ``o`` a noun phrase ("denied the claim"), ``r`` that a listener
may stand between ("told her that"), ``d`` that an adjective may ("was branded unfit"), ``n`` that somebody
is to do something ("urged her to go").
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final, NamedTuple

from kg.extraction.lexicon import forms
from kg.extraction.naming import listed


class Cue(NamedTuple):
    """One form of a cue verb: its ``lemma``, its ``frames``, whether it means speaking, and its ``form`` (``ed``: past and participle)."""

    lemma: str
    form: str
    frames: str
    speech: bool


SPEECH: Final = (
    (
        "ctw",
        "say state add note insist reply remark declare recall quip joke opine muse exclaim retort conclude reckon contend write tweet",
    ),
    ("cto", "claim announce report allege assert acknowledge admit concede confirm reiterate repeat stress emphasise emphasize"),
    ("cto", "predict estimate disclose boast propose proclaim affirm deny"),
    ("ctwo", "explain reveal clarify mention recount suggest argue observe post"),
    ("to", "request underline underscore highlight echo voice dispute lament bemoan decry posit protest recommend tout document express"),
    (
        "t",
        "rule maintain complain caution counter respond testify speculate theorise theorize surmise rejoin moan grumble",
    ),
    ("cti", "vow pledge promise swear threaten"),
    ("ctrn", "warn"),
    ("ctwrn", "tell remind assure"),
    ("ctr", "inform advise notify reassure"),
    ("tn", "urge beg implore exhort beseech order instruct direct encourage"),
    ("t", "confide intimate hint imply brag point"),
    ("ti", "agree"),
    ("tio", "demand"),
    ("won", "ask"),
    ("w", "wonder inquire enquire"),
    ("wo", "question discuss debate describe detail outline query summarise summarize"),
    ("od", "call brand dub label deem"),
    ("io", "refuse decline offer"),
    (
        "o",
        "accuse blame criticise criticize condemn denounce praise applaud blast slam attack mock ridicule deride chide rebuke lambast",
    ),
    ("o", "lambaste berate scold castigate assail dismiss reject rebuff commend hail laud salute congratulate thank endorse welcome"),
    ("o", "defend"),
    ("o", "cite quote reference portray depict liken compare characterise characterize name"),
    ("o", "downplay disavow repudiate renounce rebut refute belittle disparage insult taunt extol"),
    ("o", "champion trumpet promote pitch chant savage skewer lampoon satirise satirize trash bash vilify malign demonise"),
    ("o", "demonize"),
    ("o", "invoke retweet credit challenge oppose support favour favor back advocate admonish reprimand apologise"),
)
"""Verbs of speaking by their frames."""

ATTITUDE: Final = (
    ("ct", "think believe feel guess suspect wish hope fear know"),
    ("tio", "hope expect prefer intend plan"),
    ("tw", "know decide"),
    ("two", "understand consider"),
    ("w", "see"),
    ("o", "identify"),
    (
        "to",
        "doubt suspect assume presume recognise recognize realise realize regret dislike envision envisage foresee anticipate forecast",
    ),
    ("to", "accept perceive worry remember learn judge find show indicate signal believe fear"),
    ("on", "want expect"),
    ("io", "want seek"),
    ("two", "determine contemplate ponder mull weigh calculate"),
    ("o", "view regard interpret love admire resent adore despise distrust disregard ignore underestimate"),
)
"""Verbs of holding, wanting and finding: they report only with what their frame asks for."""

PREPOSITIONS: Final = {
    "call": "for on upon", "ask": "for about", "argue": "for against", "push": "for on", "press": "for on about",
    "grill": "on about over", "quiz": "on about over", "plead": "for with",
    "appeal": "for to",
    "lobby": "for", "campaign": "for against", "speak": "about of against", "talk": "about of", "complain": "about of",
    "warn": "of against about", "boast": "of about", "brag": "about of", "joke": "about", "hint": "at", "allude": "to", "refer": "to",
    "respond": "to with", "object": "to", "agree": "with on", "disagree": "with on", "comment": "on",
    "point": "out to", "apologise": "for", "apologize": "for", "worry": "about", "insist": "on", "speculate": "about on", "rail": "against",
    "lash": "out", "rule": "out", "single": "out", "tell": "of about", "dwell": "on", "advocate": "for", "cheer": "for",
    "write": "about of", "long": "for", "look": "for", "believe": "in", "approve": "of", "disapprove": "of",
    "caution": "against", "muse": "about", "think": "about of", "learn": "of about", "hear": "of about", "plan": "on",
    "vouch": "for", "stand": "by", "testify": "about to", "elaborate": "on", "reflect": "on", "preach": "about", "conceive": "of",
    "care": "about", "hope": "for", "wish": "for", "balk": "at", "scoff": "at", "lay": "out", "set": "out", "play": "down", "brush": "off",
    "protest": "against about", "demonstrate": "against", "inquire": "about", "enquire": "about", "question": "about on over",
    "debate": "about on",
    "fire": "back", "hit": "back", "admit": "to", "confess": "to", "consent": "to", "subscribe": "to",
    "read": "", "mean": "",
}  # fmt: skip
"""The particles and prepositions behind which the reported words stand, by verb."""

REPORTING_NOUNS: Final = {
    "that": "claim finding belief fear concern assertion allegation suggestion warning hope conclusion argument view insistence assurance "
    "acknowledgement acknowledgment admission announcement prediction promise pledge vow contention accusation complaint "
    "revelation idea expectation doubt suspicion conviction sense feeling opinion impression speculation rumour rumor "
    "proof evidence charge confidence worry consensus demand insistence theory assumption perception realisation realization",
    "to": "promise pledge vow refusal threat objection attention",
    "about": "claim question concern doubt worry complaint warning comment remark fear statement allegation speculation",
    "of": "criticism accusation allegation condemnation denunciation praise denial endorsement warning claim critique "
    "complaint approval disapproval assessment description accusation",
    "for": "call support plea praise demand proposal plan request hope argument advocacy",
    "on": "view light",
    "against": "warning argument allegation charge accusation complaint",
    "with": "disagreement dissatisfaction",
}
"""Nouns that report, by what follows them: *that*, an infinitive, or a preposition."""

REPORTING_ADJECTIVES: Final = {
    "that": "confident sure certain convinced aware clear adamant hopeful optimistic afraid concerned glad happy proud sorry doubtful "
    "skeptical sceptical determined surprised pleased disappointed delighted keen unaware",
    "about": "outspoken vocal concerned optimistic angry upset enthusiastic skeptical sceptical clear excited nervous pessimistic cautious",
    "of": "critical wary skeptical sceptical supportive aware fearful dismissive disdainful suspicious scornful convinced",
    "to": "willing keen unwilling hesitant inclined",
    "in": "confident interested",
}
"""Adjectives that report behind *be* or a noun, by what follows them."""

IRREGULAR: Final = {
    "retell": ("retells", "retold", "retold", "retelling"),
    "seek": ("seeks", "sought", "sought", "seeking"),
    "decide": ("decides", "decided", "decided", "deciding"),
    "bet": ("bets", "bet", "bet", "betting"),
    "plan": ("plans", "planned", "planned", "planning"),
    "prefer": ("prefers", "preferred", "preferred", "preferring"),
    "regret": ("regrets", "regretted", "regretted", "regretting"),
    "commit": ("commits", "committed", "committed", "committing"),
    "stand": ("stands", "stood", "stood", "standing"),
    "speak": ("speaks", "spoke", "spoken", "speaking"),
    "recount": ("recounts", "recounted", "recounted", "recounting"),
    "beseech": ("beseeches", "besought", "besought", "beseeching"),
    "extol": ("extols", "extolled", "extolled", "extolling"),
    "trap": ("traps", "trapped", "trapped", "trapping"),
    "unsay": ("unsays", "unsaid", "unsaid", "unsaying"),
    "set": ("sets", "set", "set", "setting"),
    "hit": ("hits", "hit", "hit", "hitting"),
}


def _cues() -> dict[str, Cue]:
    """Every form of every cue verb."""
    frames: defaultdict[str, set[str]] = defaultdict(set)
    speech = {lemma for _, lemmas in SPEECH for lemma in lemmas.split()}
    for letters, lemmas in (*SPEECH, *ATTITUDE):
        for lemma in lemmas.split():
            frames[lemma].update(letters)
    for lemma in PREPOSITIONS:
        frames[lemma].update("")
    made: dict[str, Cue] = {}
    for lemma, asked in frames.items():
        third, past, participle, ing = IRREGULAR.get(lemma) or forms(lemma)
        shown = "".join(sorted(asked))
        for word, form in (
            (lemma, "base"),
            (third, "s"),
            (ing, "ing"),
            (past, "ed" if past == participle else "past"),
            (participle, "participle"),
        ):
            made.setdefault(word, Cue(lemma, form, shown, lemma in speech))
    return made


def _nouns(table: dict[str, str]) -> dict[str, frozenset[str]]:
    """Every noun or adjective, in both numbers, with what may follow it."""
    made: dict[str, set[str]] = {}
    for follower, nouns in table.items():
        for noun in nouns.split():
            for word in (noun, noun[:-1] + "ies" if noun.endswith("y") else noun + "s"):
                made.setdefault(word, set()).add(follower)
    return {word: frozenset(followers) for word, followers in made.items()}


FINITE: Final = listed("""went came took got gave made had lost won ran led left kept met sent spent paid fell grew rose
    became began brought built fought held needs wants makes takes gives goes comes gets works means runs looks helps remains requires
    became cost faces hit hurt set cut put let deserve deserves need want must has have ran stood sat lay drew drove flew broke chose
    wore threw shot hid rode shook stole struck understood knew saw thought felt heard sold bought caught taught sought stands lies sits""")
"""Forms of common verbs that can only be finite, or nearly: they tell a clause from a noun phrase."""

VERBS: Final = _cues()
NOUNS: Final = _nouns(REPORTING_NOUNS)
ADJECTIVES: Final = _nouns(REPORTING_ADJECTIVES)
FOLLOWERS: Final = {lemma: frozenset(words.split()) for lemma, words in PREPOSITIONS.items()}
