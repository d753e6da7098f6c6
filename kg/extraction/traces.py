"""Traces: the words that show an act of speech - cue verbs and nouns, and patterns in what is said; data of ``acts``."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.extraction.lexicon import forms


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _forms(verbs: str) -> str:
    """Every form of each verb."""
    return "".join(f" {form}" for verb in verbs.split() for form in (verb, *forms(verb)))


_VERBS = {
    "Commitment": "promise vow pledge commit undertake swear guarantee intend recommit",
    "Apology": "apologise apologize",
    "Demand": "demand urge plead implore beg exhort press petition beseech instruct request",
    "Recommendation": "recommend advise advocate",
    "Denial": "deny reject refute dispute dismiss rebut contradict disavow repudiate",
    "Refusal": "refuse decline rebuff",
    "Acknowledgement": "admit accept acknowledge concede recognise recognize confess",
    "Support": "welcome praise commend applaud thank support endorse congratulate hail defend salute celebrate laud back trust",
    "Criticism": """criticise criticize condemn blame accuse slam blast attack denounce decry deplore lambast lambaste castigate rebuke
        berate censure chide mock ridicule deride brand scold reprimand admonish savage pillory assail vilify belittle disparage""",
    "Dismay": "lament mourn bemoan despair fear worry",
    "Question": "ask question inquire enquire wonder query quiz grill",
    "Finding": "find conclude establish uncover determine identify",
    "Decision": "decide sentence suspend appoint",
}
_NOUNS = {
    "Commitment": "promise promises vow pledge pledges commitment commitments plans undertaking guarantee assurance assurances",
    "Apology": "apology apologies",
    "Demand": "demand demands plea pleas appeal appeals ultimatum request requests",
    "Recommendation": "recommendation recommendations advice",
    "Denial": "denial denials",
    "Refusal": "refusal",
    "Acknowledgement": "admission acknowledgement confession concession",
    "Support": "praise support backing tribute confidence thanks",
    "Criticism": "criticism condemnation accusation accusations attack",
    "Dismay": "concern concerns fear fears worry worries dismay anger outrage shock sadness regret alarm",
    "Question": "question questions",
    "Finding": "finding findings conclusion conclusions verdict",
    "Decision": "decision ruling",
}
_DOUBLED = {
    "commit": "commits committed committing",
    "recommit": "recommits recommitted recommitting",
    "admit": "admits admitted admitting",
}
#: Word of a cue -> its act: every form of a verb, and nouns.
CUES: dict[str, str] = {noun: act for act, nouns in _NOUNS.items() for noun in nouns.split()}
CUES |= {
    form: act
    for act, verbs in _VERBS.items()
    for verb in verbs.split()
    for form in (verb, *(_DOUBLED[verb].split() if verb in _DOUBLED else forms(verb)))
}
#: Verbs that leave the act to a noun behind them: "renewed his plea", "voiced concern".
LIGHT = _of(
    """made makes make making issued issues issue issuing gave gives give giving offered offers offer offering repeated repeats repeat
    repeating reiterated reiterates reiterate reiterating renewed renews renew renewing expressed expresses express expressing voiced
    voices voice voicing raised raises raise raising shared shares share sharing drew draws"""
)
#: Noun behind such a verb -> act.
LEFT = {noun: act for act, nouns in _NOUNS.items() for noun in nouns.split()} | {"call": "Demand", "calls": "Demand"}
_ASIDE = r"(?: \w+){0,2} (?:calls?|demands?|pleas?|requests?)"
#: Cues of more than one word, each with its name; they are looked for at each word of a cue.
PHRASES = tuple(
    (name, act, re.compile(pattern, re.IGNORECASE))
    for name, act, pattern in (
        ("call-for", "Demand", r"call(?:s|ed|ing)? (?:again |repeatedly )?(?:for|on|upon)\b"),
        ("pay-tribute", "Support", r"(?:pay|pays|paid|paying) tribute\b"),
        ("stand-by", "Support", r"st(?:and|ood|ands|anding) by\b"),
        ("agree-with", "Support", r"agree[sd]? with\b"),
        ("lash-out", "Criticism", r"(?:hit|hits|hitting|lash(?:es|ed|ing)?) out\b|(?:take|takes|took) aim\b|pour(?:s|ed)? scorn\b"),
        ("hit-back", "Denial", r"(?:hit|hits|hitting|push(?:es|ed|ing)?|fire[sd]?) back\b"),
        ("rule-out", "Refusal", rf"rul(?:es|ed|ing|e) out\b|turn(?:s|ed)? down\b|reject(?:s|ed|ing)?{_ASIDE}\b"),
        ("plead-guilty", "Acknowledgement", r"(?:plead(?:s|ed|ing)?|pled) guilty\b"),
        ("agree-to", "Commitment", r"(?:agree[sd]?|plan(?:s|ned|ning)?) to\b|announc(?:e|es|ed|ing) plans\b"),
        (
            "press-on",
            "Question",
            r"(?:press|push|grill|quizz?|question|challeng)(?:s|es|ed|ing|e)? (?:\w+ ){0,2}(?:on|about|over|if|whether|why)\b",
        ),
        (
            "ask-whether",
            "Question",
            r"want(?:s|ed)? to know\b|ask(?:s|ed|ing)? (?:\w+ ){0,4}?(?:if|whether|why|how|what|who|when|where|about)\b",
        ),
        ("ask-to", "Demand", r"(?:ask|tell|order|want)(?:s|ed|ing)?(?: \w+){1,4}? to [a-z]|told(?: \w+){1,4}? to (?!the\b|a\b)[a-z]"),
    )
)
#: The first three letters of each.
OPENINGS = _of("cal pay pai sta sto agr hit las tak too pou pus fir rul tur rej ple pla ann pre gri qui que cha wan ask tel tol ord")

#: Words of a source whose claims are findings.
INQUIRIES = _of(
    """report reports review inquiry enquiry inquest investigation investigators inspection inspectors inspectorate audit auditors poll
    survey study analysis research researchers tribunal court judge jury coroner ombudsman watchdog findings data evaluation assessment
    probe"""
)
NEGATIONS = _of(
    "not never n't no refused refuses refuse declined declines hasn't haven't won't didn't hasn’t haven’t won’t didn’t isn't isn’t"
)
#: What is spoken of behind these is not what fault is found with: "remove those who failed", "allegations of abuse".
OBJECTS = NEGATIONS | _of(
    """who whose those remove removing removed tackle tackling tackled root rooting confront confronting against investigate investigating
    allegations accused guilty responsible detect stop prevent preventing challenge challenging eliminate reports suspected alleged call
    called any victim victims"""
)
_FAULTING = """undermine betray ignore neglect erode fester evade dodge squander sabotage obstruct deceive ruin jeopardise jeopardize
    endanger mishandle mismanage bungle botch fail weaken hinder flout"""
_CRITICAL = """unacceptable disgraceful shameful reprehensible damning unfit incompetent incompetence negligent negligence irresponsible
    reckless inadequate vile outrageous dishonest corrupt racist misogynist misogynistic misogyny sexist bullying toxic hypocrisy
    hypocritical betrayal cover-up nonsensical absurd ridiculous insulting insult failings failure
    failures lies lied liar cruel abusive brutal complacent complacency inexcusable indefensible despicable
    ghastly disgusting wrong flawed weak woeful pathetic lamentable dire appalling horrific cowardly unfair unjust unjustified
    discriminatory immoral shambles shambolic farce farcical chaos chaotic mismanagement misleading mislead disastrous sham whitewash
    lax useless hopeless blame contempt stain endemic awful terrible dreadful atrocious abysmal worst poor poorly harsh harshly
    unwise stupid foolish naive
    arrogant selfish greedy callous heartless shame bullies thugs violent crazy insane madness bizarre evasive
    reluctance indifference ignorance secretive opaque unaccountable scandalous shoddy sloppy careless deceitful fraudulent rigged
    bigoted vicious evil sinister dangerous harmful damaging unsafe illegitimate oppressive unworkable wasteful
    indictment breathtaking deplorable hollow dismissive ill-judged irrational laughable"""
_CRITICAL_NOUNS = """racism sexism homophobia bigotry discrimination prejudice hatred corruption scandal scandals crisis mess waste problem
    problems delay delays excuse excuses threat harm damage mistrust cronyism bias disparity unwilling institutionally underfunded
    overstretched under-resourced"""
_DISMAYED = """appalled shocked shocking horrified sickened sickening disgusted saddened devastated devastating heartbroken heartbreaking
    worried worrying concerned concerning alarmed alarming ashamed disturbing disturbed distressing distressed upset upsetting
    disappointed disappointing dismayed tragic tragedy troubled troubling frightened frightening terrified terrifying angry outraged
    furious shaken hurt anguish grief grieving sad sadness sorrow regret regrettable unsettling harrowing chilling dismay worries fears
    anxious"""
_SUPPORTIVE = """thanks grateful gratitude proud welcome pleased delighted praise brilliant excellent outstanding exceptional
    encouraged encouraging tribute admire admiration heroic brave bravery dedicated dedication fantastic congratulations hopeful applaud
    commend wonderful superb impressive impressed persuasive inspiring remarkable tireless hard-working hardworking
    honoured glad"""

_GIVING_WAY = (
    r"(?:resign\w*|quit\w*|step(?:ping)? (?:down|aside)|stand(?:ing)? (?:down|aside)|comment\w*|apologi\w+|back(?:ing)? down"
    r"|go(?:ing)? anywhere)"
)
_BODIES = """force council company service trust government organisation organization department board firm school hospital university
    charity agency church ministry party club bank college union association commission"""
_AFTER_BODY = "(?:" + "|".join(rf"(?<=\b{body} )" for body in _BODIES.split()) + ")"
_SELF = r"(?:i|we)"
_GOOD = r"(?:(?:as|so|very|always) )?(?:good|strong|quick|fast|clear|honest|able|open|transparent|robust|tough|perfect|there)\b"
_UNASKED = "(?<!how )(?<!what )(?<!whether )(?<!if )(?<!when )"
_BE = r"(?:['’](?:m|re)| am| are|['’]ve| have)"
_HAVE_DONE = r"have\b(?! (?:an?|the|to|no|some|any|more|access|their|his|her|its|our|my|your)\b)"
_DONE = (
    r"(?:(?:re)?assess|review|investigat|publish|held|introduc|implement|establish|recruit|train|consult|creat|contact|open|launch"
    r"|appoint)\w*"
)


class Rule(NamedTuple):
    """A trace of an act in what is said: at a key word, where the pattern, if any, must match; it counts in the modes, if any are given."""

    name: str
    act: str
    weight: float
    keys: frozenset[str]
    pattern: re.Pattern[str] | None = None
    modes: frozenset[str] = frozenset()


def _rule(name: str, act: str, weight: float, keys: str, pattern: str = "", modes: str = "") -> Rule:
    return Rule(name, act, weight, _of(keys), re.compile(pattern, re.IGNORECASE) if pattern else None, _of(modes))


RULES = (
    _rule("sorry", "Apology", 9, "sorry", r"(?<!stop saying )sorry\b(?! (?:for (?:him|her|them)|state|sight|saga)\b)"),
    _rule("we-apologise", "Apology", 9, "apologise apologize apologies apology", r"apolog(?:ise|ize)\b|apolog(?:y|ies) to\b"),
    _rule(
        "we-will", "Commitment", 4, "i we",
        rf"{_UNASKED}{_SELF}(?: (?:also|now|therefore|both|all))?(?:['’]ll| will| shall)\b(?! (?:never |not )?{_GIVING_WAY}"
        r"| (?:say|tell|succeed|see|need|lose|know|face|suffer|be (?:an?|the|in)|have (?:an?|the|to))\b)",
    ),
    _rule(
        "we-are-going-to", "Commitment", 4, "i we",
        rf"{_UNASKED}{_SELF}{_BE}(?: \w+ly| also| all)? (?:going to|determined|committed|dedicated|resolved)\b",
    ),
    _rule(
        "we-promise", "Commitment", 6, "i we",
        rf"{_SELF}(?: (?:hereby|therefore|also|now|again))? (?:(?:re)?commit|promise|pledge|vow|undertake|guarantee|assure"
        rf"|intend to|aim to|plan to)\b",
    ),
    _rule("we-wont", "Commitment", 4, "i we", rf"{_SELF} (?:won['’]t|will (?:not|never))\b(?! {_GIVING_WAY})"),
    _rule(
        "we-do-and-will", "Commitment", 3.6, "i we",
        rf"{_SELF} [^.!?;:]{{0,60}}? and (?:will|shall|(?:are|am) (?:committed|determined))\b",
    ),
    _rule("my-word", "Commitment", 4, "my our", r"(?:my|our) (?:solemn )?word\b"),
    _rule(
        "he-will", "Commitment", 3.5, "he she they",
        rf"{_UNASKED}(?:he|she|they)(?:['’]ll| will| would(?![^.!?]{{0,200}}\bif\b)| intend(?:s|ed)?| plan(?:s|ned)? to"
        r"|(?:['’]s| is|['’]re| are| was| were) (?:going|determined|dedicated|committed) to)\b(?! (?:like|not|never|feel|be (?:the|a)\b))",
        "indirect mixed",
    ),
    _rule(
        "determined-to", "Commitment", 2.5, "determined committed dedicated intended intends",
        r"(?:determined|committed|dedicated|intend(?:s|ed)) to\b", "indirect mixed",
    ),
    _rule("will-be-doing", "Commitment", 2.4, "will", r"will (?:now |also )?be (?:\w+ly )?\w{3,}ing\b"),
    _rule("will-be-done", "Commitment", 2.6, "will", rf"will (?:now |also |all )?(?:be {_DONE}|continue to|adopt|undergo)\b"),
    _rule("we-must-mend-ours", "Commitment", 3.2, "we", r"we (?:must|need to|have to) [^.!?;]{0,60}\bour\b"),
    _rule(
        "wont-give-way", "Refusal", 6, "not won't won’t never no refuse refuses",
        rf"(?:not|won['’]t|never|no (?:plans?|intention|reason) (?:to|of)|refuses? to)(?: be| to)? {_GIVING_WAY}",
    ),
    _rule("we-resist", "Refusal", 5, "i we", rf"{_SELF}(?: will|['’]ll) (?:resist|refrain|decline|refuse)\b"),
    _rule("question-mark", "Question", 6, "?"),
    _rule("must", "Demand", 4.2, "must", r"must\b(?! have\b)"),
    _rule("should", "Demand", 2.6, "should ought", rf"(?<!who )(?<!how )(?<!what )(?:should|ought to)\b(?! {_HAVE_DONE})"),
    _rule(
        "need-a", "Demand", 2.4, "need needs",
        r"(?<!the )(?<!a )(?<!no )(?<!n['’]t )needs? (?:an?|more|better|stronger|real|proper|urgent|clear|immediate)\b", "direct mixed",
    ),
    _rule(
        "need-to", "Demand", 2.3, "need needs has have",
        r"(?<!\bthe )(?<!\ba )(?<!\bno )(?<!\bi )(?<!\byou )(?<!will )(?<!would )(?<!['’]ll )(?<!\bnot )(?<!n['’]t )(?<!like it )"
        r"(?<!what we )(?:needs?|has|have) to [a-z]+"
        r"(?<! say)(?<! admit)(?<! accept)\b", "direct mixed",
    ),
    _rule("is-needed", "Demand", 1.9, "needed required overdue"),
    _rule("it-is-vital", "Demand", 2.6, "vital essential crucial imperative important", r"\w+ (?:that|for|to)\b"),
    _rule("it-is-time", "Demand", 2.6, "time", r"(?<!take the )(?<!took the )(?<!at the )(?<!have )time (?:that|for|to)\b"),
    _rule(
        "we-urge", "Demand", 5, "i we",
        rf"{_SELF}(?:['’](?:m|re)| am| are| would(?! expect))?(?: (?:now|also|therefore))? (?:call(?:ing)? (?:for|on|upon)|urg(?:e|ing)"
        rf"|ask(?:ing)? (?!if|whether|about|why)"
        r"|demand(?:ing)?|expect(?:ing|ed)?(?! of\b)|want \w+(?: \w+)? to|don['’]t want(?! to (?!see\b)))\b",
    ),
    _rule("enough", "Demand", 4, "enough nothing", r"enough is enough|nothing less"),
    _rule("imperative", "Demand", 3.5, "judge stop tell give listen resign act join get come take do don't don’t let show hold"),
    _rule("cannot-go-on", "Demand", 2.6, "cannot can't can’t you", r"(?:cannot|can['’]t) (?:afford|continue|go on|be allowed)\b|you owe\b"),
    _rule(
        "we-failed", "Acknowledgement", 4.5, "i we",
        rf"{_SELF}(?:['’]ve| have| had)?(?: (?:\w+ly|also|too often|have|not))? (?:failed|let\b|fell short|fallen short|got (?:it"
        rf"|this|that|things) wrong"
        rf"|made (?:a )?mistakes?|could have|should have|not been {_GOOD}"
        rf"|(?:did not|didn['’]t) (?:do|act|listen|see|get|meet|take|go|give|treat|hear|keep|protect|always)\b|lost (?:sight|trust"
        rf"|touch|our)"
        rf"|(?:have not|haven['’]t) (?:done|been {_GOOD}|always|yet|delivered|gone|met"
        rf"|acted|listened|learn(?:ed|t)|got)\b)",
    ),
    _rule(
        "we-accept", "Acknowledgement", 3.4, "i we",
        rf"{_SELF}(?: (?:fully|also|do|must|completely|have to|now|totally|all|know|well)){{0,3}} (?:accept|acknowledge|admit"
        rf"|recogni[sz]e|concede|understand"
        r"|know (?:that )?(?:we|i|there|it|how|from)|must be honest)\b",
    ),
    _rule(
        "he-accepts",
        "Acknowledgement",
        3.5,
        "he she they",
        r"(?:he|she|they)(?: \w+ly)? (?:understands?|knows?|knew|understood|recogni[sz]e[sd]?|accept(?:s|ed)?|acknowledge[sd]?"
        r"|admit(?:s|ted)?"
        r"|concede[sd]?)\b",
        "indirect mixed",
    ),
    _rule(
        "body-accepts", "Acknowledgement", 3.5,
        "understands understood knows knew" + _forms("recognise recognize accept acknowledge") + " admits admitted",
        rf"{_AFTER_BODY}\w+\b", "indirect mixed",
    ),
    _rule(
        "more-to-do", "Acknowledgement", 3.5, "more much work way lot further do part half",
        r"(?:more|much|work|lot)(?: still)?(?: work)? (?:to do|to be done|needs to be done)\b|(?:part|half)[ -]?way through\b|way to go\b"
        r"|do (?:a lot |much |even |far )?more\b|(?:more|further)(?: \w+){0,2} (?:is|was|are) (?:still )?needed\b",
    ),
    _rule("our-failings", "Acknowledgement", 3.5, "our my", r"(?:our|my) (?:own )?(?:\w+ )?(?:failings?|failures?|shortcomings?"
    r"|mistakes?|errors?)\b"),
    _rule(
        "you-rightly", "Acknowledgement", 2.8, "you your",
        r"(?:you|your(?: \w+){1,2})(?: have| also| has| so){0,2}(?: rightly)? (?:found|shown|shone|identified|highlighted?"
        r"|reinforced|acknowledges?|pointed)\b",
        "authored",
    ),
    _rule(
        "untrue", "Denial", 3.5, "not untrue false baseless unfounded no never categorically fabricated nonsense isn't isn’t",
        r"(?:not|isn['’]t) (?:true|accurate|the case|correct)\b|untrue|false\b(?! sense)|baseless|unfounded|no truth"
        r"|never (?:said|did|seen|happened|met|knew|claimed)|categorically|fabricated|nonsense\b",
    ),
    _rule("i-did-not", "Denial", 2.5, "i", r"i (?:did not|didn['’]t|have never|never|had no|have done nothing)\b"),
    _rule("should-have", "Criticism", 3, "should shouldn't shouldn’t", rf"should(?:n['’]t| not| never)? {_HAVE_DONE}"),
    _rule(
        "could-have", "Criticism", 2.6, "could",
        r"could(?: easily| and should)? have (?:been (?:avoided|prevented|stopped|done)|done|prevented|avoided|acted|stopped)\b",
    ),
    _rule(
        "unfit", "Criticism", 4, "not no isn't isn’t simply far too",
        r"(?:not|isn['’]t|not simply|no longer|simply not)(?: \w+)? (?:fit for|good enough|acceptable|the (?:man|woman|person"
        r"|right)|robust|right\b)"
        r"|no (?:place|excuses?|accountability)\b|(?:far )?too (?:many|much|little|low|long|often|slow|late|few|big|small|high|hard)\b",
    ),
    _rule(
        "bad", "Criticism", 2.6, "bad",
        r"(?:(?<=\b[ia]s )|(?<=\bso )|(?<=\bwas )|(?<=\b[at][ro][eo] )|(?<=\bvery )|(?<=\bwere )|(?<=\breally ))bad\b(?! for business)"
        r"|bad (?:ideas?|decisions?|deals?|laws?|policy|plans?|choices?|judge?ment|examples?|practices?|day for|news for)\b",
    ),
    _rule(
        "broken", "Criticism", 2.6, "broken",
        r"broken\b(?! (?:the|this|that|these|those|a|an|any|his|her|its|their|our|into|out|down|up|off|through)\b)",
    ),
    _rule(
        "abuse-of", "Criticism", 2.6, "abuse abused abusing abuses",
        r"abus(?:e|ed|es|ing) (?:of )?(?:\w+ )?(?:powers?|office|trust|authority|position|process)\b",
    ),
    _rule(
        "has-not-done", "Criticism", 2.4, "not hasn't hasn’t haven't haven’t never yet",
        r"(?:(?<=has )not|(?<=have )not|(?<=had )not|ha(?:s|ve)n['’]t|(?<=has )never|(?<=have )never)(?: yet| even| properly"
        r"| fully)? (?:changed|listened|learn(?:ed|t)"
        r"|acted|accepted|apologised|apologized|explained|answered|addressed|improved|delivered|gone far|done enough|grasped|understood)\b",
    ),
    _rule(
        "falls-short", "Criticism", 2.6, "fall falls fell fallen falling lag lags lagged lagging",
        r"f[ae]ll(?:s|en|ing)? (?:far |well |woefully |badly )?(?:short|behind)\b|lag(?:s|ged|ging)? (?:far |well |badly )?behind\b",
    ),
    _rule(
        "makes-worse", "Criticism", 2.6, "make makes made making",
        r"ma(?:ke|kes|de|king) (?:\w+ )?(?:matters |things |it |this )?(?:worse|a mockery)\b",
    ),
    _rule(
        "no-confidence", "Criticism", 3.2, "no lost lose loses losing little any",
        r"(?:no|los[te]|loses|losing|little)(?: all| any| \w+['’]s?)? (?:confidence|faith|trust) in\b|any (?:confidence|faith"
        r"|trust) in\b",
    ),
    _rule("let-down", "Criticism", 3, "let letting lets", r"(?:let|letting|lets)(?: \w+){0,4} down\b"),
    _rule("critical-words", "Criticism", 2.6, _CRITICAL + _forms(_FAULTING)),
    _rule("critical-nouns", "Criticism", 1.5, _CRITICAL_NOUNS),
    _rule("dismayed-words", "Dismay", 2.8, _DISMAYED),
    _rule(
        "shaken-faith", "Dismay", 3, "shake shakes shook shaken shaking",
        r"sh(?:ake|akes|ook|aken|aking) (?:our|my) (?:\w+ )?(?:confidence|faith|trust)\b",
    ),
    _rule(
        "we-are-dismayed", "Dismay", 4, "i we",
        rf"{_SELF}(?:['’](?:m|re)| am| are| was| were|['’]ve been| have been| feel| felt| did feel)(?: (?:\w+ly|also|so|very|just"
        rf"|absolutely|all)){{0,2}}"
        rf" (?:{'|'.join(_DISMAYED.split())})\b",
    ),
    _rule("hard-reading", "Dismay", 3, "difficult hard uncomfortable painful", r"\w+ (?:reading|to (?:read|watch|hear))\b"),
    _rule(
        "good-step", "Support", 2.4, "vital important essential valuable great significant welcome positive huge major big",
        r"\w+ (?:contribution|step|progress|milestone|improvements?|achievements?|win|boost|mission|moment for)\b",
    ),
    _rule(
        "strongly-supports", "Support", 4.2, "strongly fully wholly warmly firmly wholeheartedly",
        r"\w+ (?:support|back|endorse|welcome|agree)s?\b",
    ),
    _rule(
        "saw-progress", "Support", 2.4, "seen",
        r"seen (?:\w+ )?(?:decisive|swift|prompt|immediate|firm|bold|real|great|good|significant) (?:action|steps|progress"
        r"|improvements?)\b",
    ),
    _rule("confident-that", "Support", 2.6, "confident", r"confident (?:that )?(?:he|she|they|in)\b"),
    _rule("thank", "Support", 2.6, "thank", r"thank\b(?! (?:god|goodness|heavens?)\b)"),
    _rule("supportive-words", "Support", 2.6, _SUPPORTIVE),
    _rule(
        "we-support", "Support", 4.5, "i we",
        rf"{_SELF}(?:['’](?:m|re|ve)| am| are| have| want to| would like to)?(?: (?:\w+ly|also|been|all|very|been \w+ly))? (?:thank"
        rf"|welcome|support|back|pleased"
        r"|grateful|proud|delighted|encouraged|applaud|commend|praise|admire|trust|confident in|agree with|take heart)\b",
    ),
    _rule(
        "confidence", "Support", 3.2, "full right good every complete",
        r"(?:full|every|complete) (?:confidence|support|faith|trust|backing)\b(?! with)|right (?:person|man|woman)\b|good (?:work|job)\b",
    ),
)  # fmt: skip
#: Mode -> key word -> the rules that can hold there.
KEYED: dict[str, dict[str, list[Rule]]] = {mode: {} for mode in ("direct", "indirect", "mixed", "authored")}
for _each in RULES:
    for _mode in _each.modes or KEYED:
        for _key in _each.keys:
            KEYED[_mode].setdefault(_key, []).append(_each)
