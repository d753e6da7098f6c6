"""The word lists of English that the rules read: verbs and nouns of speech in tiers, what can speak, and the small closed classes.

A verb stands once, in its base form; ``VERBS`` maps each of its forms to the base, and a form belongs to a tier by its base.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


Form = Literal["base", "s", "past", "participle", "ing"]

#: Verbs that report speech wherever they have a subject that can speak.
STRONG = _of(
    """say tell add ask reply respond retort explain insist argue warn claim declare announce state admit acknowledge concede deny allege
    assert contend maintain remark comment note reiterate stress emphasise emphasize joke quip tweet retweet lament complain caution
    counter exclaim testify recount observe boast muse opine assure inform advise urge implore exhort plead shout yell scream
    whisper mutter murmur cry chant proclaim vow pledge promise confess reveal disclose confirm clarify elaborate interject conclude
    remind charge rail scoff sigh snap fume thunder bemoan summarise summarize hint attest profess signal crow gripe grumble deadpan
    marvel mock warble intone chuckle bellow blast recall posit theorise theorize venture enthuse gush volunteer echo wonder tell
    read write describe call dub label brand denounce characterise characterize deride decry slam accuse blame criticise criticize"""
)
#: Verbs that report speech or thought when they govern *that*, a clause or a quotation.
WEAK = _of(
    """believe think feel hope fear expect predict suggest indicate imply hold show find report agree disagree estimate speculate suspect
    know understand realise realize consider regard view see judge decide determine propose recommend demand request insist order
    rule accept recognise recognize appreciate welcome praise commend applaud hail condemn attack ridicule dismiss reject rebuke
    chide question challenge dispute doubt refute rebut attribute compare liken refer cite quote repeat continue joke laugh smile
    nod shrug pronounce mention discuss address speak talk apologise apologize thank congratulate invite beg command order instruct
    pray wish want regret worry threaten swear concur point post publish blog email text caption title headline title entitle
    headline sum paraphrase mean ask invoke defend justify endorse advocate promote tout trumpet portray depict paint cast frame
    decry lambast lambaste assail vilify vow mock belittle disparage interrupt interview cap conclude offer identify underline
    underscore highlight outline lay spell detail document record list envision envisage imagine picture contemplate foresee
    forecast project calculate reckon guess suppose assume presume learn hear discover notice sense agree concur resolve pray preach
    teach argue reason declare term name nickname style deem christen hiss sneer snipe jab needle rant rage roar holler bark grouse
    whine drawl croon sing recite narrate relate convey communicate issue release tout brag gloat hype explore remember surmise
    recollect lecture demonstrate"""
)
#: Verbs of thought and feeling: a verb of speech in front of them in the sentence says whose words they are.
MENTAL = _of(
    """believe think feel hope fear know understand want wish hold find consider see regard view expect learn hear wonder
    mean show demonstrate suggest indicate imply realise realize suppose assume"""
)
#: Verbs that give somebody a name: what stands between them and the quotation is who is called so.
CALLING = _of(
    "call dub label brand describe name term nickname characterise characterize denounce deride decry declare style deem christen portray"
)
#: Verbs with a person as their object, who is not their speaker: never "told NP" for "NP told".
DIRECTED = CALLING | _of(
    """tell ask remind assure inform advise urge accuse blame criticise criticize slam mock quote cite interview thank press beg question
    rebuke chide attack implore exhort warn promise praise email"""
)
BE = _of("is are was were be been being am")
#: Auxiliaries of what may be: what they govern is seldom said.
MODALS = _of("would will could should may might can must shall 'd ’d 'll ’ll")
#: Verbs that are no cue with an infinitive: "continue to".
WITH_TO = _of("continue begin start go like love hate want set put mean wish expect hope need find open")
#: Labels before a colon that name no speaker.
LABELS = _of(
    """watch listen video audio analysis update updated breaking live exclusive read more photos pictures opinion comment explainer factbox
    recap summary key note correction clarification editor question answer q a"""
)
#: Verbs that are verbs, not nouns, before an infinitive: "she promises to".
PROMISING = _of("promise pledge vow hope claim demand offer threaten")
#: Nouns for what is uttered: who speaks is who uttered it.
UTTERANCES = _of("statement tweet email e-mail interview speech message remark comment post call ad word note talk video")
#: Nouns whose owner speaks: "her warning that", "in a statement", "the claim by".
CUE_NOUNS = _of(
    """statement claim remark comment warning plea call finding argument allegation promise pledge vow view opinion belief question answer
    response reply message tweet letter speech post interview announcement assertion contention suggestion accusation complaint
    concern criticism praise apology conclusion declaration denial description estimate prediction explanation observation
    insistence admission recommendation demand request report testimony account quip joke slogan motto motion op-ed email e-mail
    text memo note quote quotation line word words phrase advice assessment rhetoric insult attack jab retort thought idea hope fear
    confidence news conference briefing address tirade rant"""
)

_IRREGULAR = {
    "say": ("says", "said", "said", "saying"),
    "tell": ("tells", "told", "told", "telling"),
    "write": ("writes", "wrote", "written", "writing"),
    "read": ("reads", "read", "read", "reading"),
    "think": ("thinks", "thought", "thought", "thinking"),
    "feel": ("feels", "felt", "felt", "feeling"),
    "hold": ("holds", "held", "held", "holding"),
    "show": ("shows", "showed", "shown", "showing"),
    "find": ("finds", "found", "found", "finding"),
    "know": ("knows", "knew", "known", "knowing"),
    "understand": ("understands", "understood", "understood", "understanding"),
    "see": ("sees", "saw", "seen", "seeing"),
    "begin": ("begins", "began", "begun", "beginning"),
    "go": ("goes", "went", "gone", "going"),
    "speak": ("speaks", "spoke", "spoken", "speaking"),
    "swear": ("swears", "swore", "sworn", "swearing"),
    "mean": ("means", "meant", "meant", "meaning"),
    "put": ("puts", "put", "put", "putting"),
    "set": ("sets", "set", "set", "setting"),
    "make": ("makes", "made", "made", "making"),
    "cast": ("casts", "cast", "cast", "casting"),
    "foresee": ("foresees", "foresaw", "foreseen", "foreseeing"),
    "forecast": ("forecasts", "forecast", "forecast", "forecasting"),
    "lay": ("lays", "laid", "laid", "laying"),
    "spell": ("spells", "spelt", "spelt", "spelling"),
    "hear": ("hears", "heard", "heard", "hearing"),
    "teach": ("teaches", "taught", "taught", "teaching"),
    "learn": ("learns", "learnt", "learnt", "learning"),
    "sing": ("sings", "sang", "sung", "singing"),
    "sum": ("sums", "summed", "summed", "summing"),
    "rebut": ("rebuts", "rebutted", "rebutted", "rebutting"),
    "admit": ("admits", "admitted", "admitted", "admitting"),
    "beg": ("begs", "begged", "begged", "begging"),
    "jab": ("jabs", "jabbed", "jabbed", "jabbing"),
    "cap": ("caps", "capped", "capped", "capping"),
    "blog": ("blogs", "blogged", "blogged", "blogging"),
    "dub": ("dubs", "dubbed", "dubbed", "dubbing"),
    "quip": ("quips", "quipped", "quipped", "quipping"),
    "snap": ("snaps", "snapped", "snapped", "snapping"),
    "slam": ("slams", "slammed", "slammed", "slamming"),
    "refer": ("refers", "referred", "referred", "referring"),
    "concur": ("concurs", "concurred", "concurred", "concurring"),
    "nod": ("nods", "nodded", "nodded", "nodding"),
    "shrug": ("shrugs", "shrugged", "shrugged", "shrugging"),
    "brag": ("brags", "bragged", "bragged", "bragging"),
    "plug": ("plugs", "plugged", "plugged", "plugging"),
    "quiz": ("quizzes", "quizzed", "quizzed", "quizzing"),
    "label": ("labels", "labelled", "labelled", "labelling"),
    "signal": ("signals", "signalled", "signalled", "signalling"),
    "marvel": ("marvels", "marvelled", "marvelled", "marvelling"),
    "model": ("models", "modelled", "modelled", "modelling"),
    "plead": ("pleads", "pleaded", "pleaded", "pleading"),
}
_SPELT = {"labeled": "label", "labeling": "label", "signaled": "signal", "marveled": "marvel", "learned": "learn"}
_SPELT |= {"pled": "plead", "spelled": "spell"}
_FORMS: tuple[Form, Form, Form, Form] = ("s", "past", "participle", "ing")


def forms(base: str) -> tuple[str, str, str, str]:
    """The third person, the past, the past participle and the *-ing* form of a verb.

    >>> forms("deny")
    ('denies', 'denied', 'denied', 'denying')
    >>> forms("argue")
    ('argues', 'argued', 'argued', 'arguing')
    """
    if base in _IRREGULAR:
        return _IRREGULAR[base]
    if base[-1] == "y" and base[-2] not in "aeou":
        return f"{base[:-1]}ies", f"{base[:-1]}ied", f"{base[:-1]}ied", f"{base}ing"
    third = f"{base}es" if base.endswith(("s", "sh", "ch", "x", "z")) else f"{base}s"
    stem = base[:-1] if base[-1] == "e" else base
    ing = f"{base}ing" if base.endswith(("ee", "oe")) else f"{stem}ing"
    return third, f"{stem}ed", f"{stem}ed", ing


#: Each form of a cue verb -> its base.
VERBS: dict[str, str] = {}
#: Each form of a cue verb -> what form it is; a past that is also a participle counts as "past".
FORM: dict[str, Form] = {}
for _base in sorted(STRONG | WEAK):
    VERBS[_base], FORM[_base] = _base, "base"
    for _form, _name in zip(forms(_base), _FORMS, strict=True):
        VERBS.setdefault(_form, _base)
        FORM.setdefault(_form, _name)
for _form, _base in _SPELT.items():
    VERBS[_form], FORM[_form] = _base, "ing" if _form.endswith("ing") else "past"
FORM["read"] = FORM["cast"] = FORM["forecast"] = "past"

STRONG_FORMS = frozenset(form for form, base in VERBS.items() if base in STRONG)
FINITE = frozenset(form for form, what in FORM.items() if what in ("s", "past", "base"))
CUES = frozenset(VERBS)

PERSONAL = _of("he she they we i you it")
OBJECT_PRONOUNS = _of("him her them us me it you himself herself themselves itself myself ourselves")
POSSESSIVES = _of("his her their its our my your whose")
DETERMINERS = _of("the a an this that these those some any no every each another many several most all both few one two three")
INDEFINITES = _of(
    """one another some many most others several both everyone someone somebody nobody everybody all few none two three four five six seven
    eight nine ten dozens hundreds thousands half neither either those"""
)
AUXILIARIES = _of(
    """is are was were be been being am has have had having do does did will would can could may might must shall should 's 've 'd 'll 're
    'm ’s ’ve ’d ’ll ’re ’m isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't couldn't
    mustn't shouldn't isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t don’t doesn’t didn’t won’t wouldn’t can’t couldn’t mustn’t
    shouldn’t cannot not never n't"""
)
ADVERBS = _of(
    """also then later earlier once now still just even only already again often always recently today yesterday tomorrow tonight meanwhile
    afterwards afterward however further instead simply indeed soon since perhaps too ever sometimes long first last rather quite
    largely publicly repeatedly famously flatly bluntly immediately initially finally previously specifically reportedly similarly
    separately subsequently more so thus therefore here there back away up out on hence thereafter nevertheless nonetheless almost
    nearly previously far well merely likewise"""
)
PREPOSITIONS = _of(
    """of in on at by for with from to into onto about against between among through during before after above below under over without
    within along across behind beyond except near off outside inside since toward towards upon via despite like unlike amid as
    regarding concerning until till around besides than per including following alongside throughout"""
)
SUBORDINATORS = _of(
    "that which who whom whose what when where while because if whether although though as since why how after before unless until"
)
RELATIVES = frozenset(("who", "which", "that", "whose", "whom"))

#: Third persons that are more often plural nouns: "the claims", "two reports".
PLURALS = _of(
    """claims reports states calls comments remarks charges notes questions demands statements posts shows finds views orders rules hopes
    fears feels estimates requests attacks challenges disputes points texts blogs captions headlines titles names styles terms
    promises pledges vows jokes quips hints echoes signals brands labels documents details records lists projects pictures offers
    issues releases answers replies whispers cries chants tweets emails interviews addresses talks stresses sees means wants likes
    sums guesses thinks"""
)
#: Verbs that are no cues, to tell where a noun phrase ends: pasts and third persons that English uses most.
OTHER_VERBS = _of(
    """went came took gave got left ran won lost met kept brought became stood fell led held built sent spent paid sold bought caught broke
    chose drove drew ate flew grew rose wore threw shook sat sought fought struck shot beat bit blew dealt fled hid hit hurt let lit
    rode sank slept slid spun split stole stuck struggled swept swam woke gets takes gives comes makes goes needs seems becomes
    looks works wants keeps brings leads runs wins loses meets stands falls sends spends pays remains appears includes contains
    follows happens gave get take give come go need seem become look keep bring run win lose stand fall send spend pay remain appear
    include follow happen having make makes made making began begin begins begun start starts end ends put puts set sets cut cuts
    open opens close closes go goes love loves hate hates keep keeps"""
)

#: Common nouns that can speak: persons, groups and organisations, and documents, in the singular.
PERSON_NOUNS = _of(
    """spokesman spokeswoman spokesperson official officer minister secretary president chief chairman chairwoman chair chairperson
    director manager executive leader commissioner inspector superintendent constable sergeant detective policeman policewoman cop
    sheriff deputy mayor governor senator congressman congresswoman representative lawmaker legislator politician candidate nominee
    hopeful frontrunner front-runner councillor councilman councilwoman councilor ambassador diplomat envoy aide adviser advisor
    strategist consultant pollster operative surrogate staffer insider source person man woman boy girl child mother father parent
    son daughter brother sister husband wife widow uncle aunt cousin friend neighbour neighbor resident witness victim survivor
    suspect defendant plaintiff accused claimant lawyer attorney solicitor barrister prosecutor judge justice juror magistrate
    coroner ombudsman watchdog regulator auditor investigator analyst economist expert professor scientist researcher academic
    scholar historian author writer journalist reporter columnist editor anchor host commentator pundit critic supporter opponent
    ally rival colleague activist campaigner advocate protester protestor demonstrator organiser organizer volunteer voter donor
    member owner founder boss employer employee worker teacher student pupil doctor nurse surgeon patient physician psychologist
    psychiatrist therapist pastor priest bishop archbishop rabbi imam pope cardinal reverend soldier general colonel captain major
    admiral commander veteran pilot driver farmer engineer actor actress singer musician artist star comedian player coach athlete
    businessman businesswoman entrepreneur billionaire mogul tycoon magnate banker investor trader broker spouse partner delegate
    superdelegate attendee participant respondent interviewee caller customer consumer client user viewer fan follower reader
    blogger moderator speaker whistleblower informant agent guard warden premier chancellor monarch king queen prince princess duke
    duchess baroness baron lord lady sir dame commentator correspondent head co-founder co-chair co-host co-author treasurer clerk
    trustee fellow associate assistant secretary-general undersecretary vice-president ex-president ex-wife ex-husband democrat
    republican conservative liberal socialist independent american briton immigrant migrant refugee muslim christian jew catholic
    evangelical youth teenager adult elder pensioner tenant landlord taxpayer citizen mp peer backbencher whip speaker psephologist
    graduate counsel protégé pathologist technician trucker builder contractor planner architect"""
)
GROUP_NOUNS = _of(
    """group organisation organization company firm corporation business agency department ministry office bureau board committee
    commission council panel inquiry tribunal court jury parliament government administration authority police force union party
    campaign coalition alliance association federation society institute institution foundation charity trust think-tank church
    university college school hospital bank network newspaper paper magazine station channel outlet publication press media team
    crowd audience public family couple pair trio majority minority community delegation caucus camp staff crew side house senate
    congress white-house embassy military army navy pentagon league club fund lobby nonprofit non-profit super-pac pac watchdog
    regulator service state city county nation country people folks men women children police officials critics others"""
)
DOCUMENT_NOUNS = _of(
    """report letter statement review study poll survey memo memorandum filing complaint lawsuit suit indictment affidavit ad advert
    advertisement commercial tweet email e-mail message article editorial column op-ed book paper story document brief briefing
    transcript ruling judgment judgement opinion order decision verdict law bill act rule rules policy guidance guideline plan
    platform resolution petition website site page post piece blog video film documentary headline sign banner placard caption note
    release biography memoir essay analysis audit assessment evaluation investigation dossier file record bulletin newsletter
    pamphlet leaflet flyer poster constitution treaty agreement charter code manual rulebook fundraising-email subject-line slogan
    t-shirt bumper-sticker speech summary abstract script text invitation invoice contract"""
)
#: Common nouns that can speak, in the singular.
SPEAKING_NOUNS = PERSON_NOUNS | GROUP_NOUNS | DOCUMENT_NOUNS
#: Nouns that name a time or a measure and never speak.
DAYS = _of(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
    november december"""
)
TIMES = DAYS | _of(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
    november december today yesterday tomorrow tonight morning afternoon evening night noon midnight week weekend month year day
    hour minute decade century spring summer autumn fall winter"""
)
#: What stands before a name: titles of address, of office and of rank.
TITLES = _of(
    """mr mrs ms miss dr prof professor sir dame lord lady baroness baron rev reverend father sister rabbi imam sen sens senator rep reps
    representative gov governor president vice-president secretary minister prime chancellor mayor councillor cllr judge justice
    general gen colonel col captain capt sergeant sgt lieutenant lt major maj admiral adm commander cmdr inspector insp
    superintendent supt constable commissioner detective pc chief deputy assistant king queen prince princess pope cardinal bishop
    archbishop congressman congresswoman attorney speaker leader chairman chairwoman director ambassador mp"""
)


def base(word: str) -> str:
    """The base of a cue verb's form, else the word itself, both in lower case.

    >>> base("told"), base("table")
    ('tell', 'table')
    """
    return VERBS.get(word, word)


def singular(noun: str) -> str:
    """A noun without its plural ending, as far as the lists here need it.

    >>> [singular(noun) for noun in ("critics", "agencies", "spokeswomen", "business", "police")]
    ['critic', 'agency', 'spokeswoman', 'business', 'police']
    """
    if noun.endswith("women") or (noun.endswith("men") and len(noun) > 4):
        return noun[:-2] + "an"
    if noun.endswith("people") and len(noun) > 6:
        return noun[:-6] + "person"
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    if noun.endswith(("sses", "ches", "shes", "xes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else noun


#: Endings of nouns for persons, and the words that end so and are none.
_PERSONS = (
    "man",
    "person",
    "geon",
    "ist",
    "ian",
    "eer",
    "yer",
    "ger",
    "der",
    "ner",
    "ter",
    "ker",
    "ler",
    "per",
    "ser",
    "ver",
    "cher",
    "tor",
    "sor",
)
_THINGS = _of(
    """matter number letter center theater theatre water weather october november december september winter computer quarter chapter
    disaster offer answer transfer border corner factor sector mirror monitor power paper order banner former other another rather
    either whether together super proper never ever over under after later latter better greater fewer lower higher larger smaller
    longer older younger younger wider broader stronger weaker harder easier faster slower closer further farther river fever cover
    silver dinner manner summer hammer timer copper pepper character filter shelter master poster cluster register counter encounter
    bitter butter twitter pointer container server engine anger danger finger hunger burger trigger ledger larger passenger bigger
    tiger gender wonder thunder disorder murder folder ladder reminder cylinder remainder shoulder calendar slender tender sticker
    bumper cracker locker marker ticker rocker trailer boiler thriller motor vector reactor tractor actor interior exterior wheeler
    career beer deer twist list mist human roman ottoman exist assist resist consist persist insist whist fist checklist wishlist
    newspaper helicopter charter chamber layer laser alter meter metre inner outer upper tower diner cider
    eager tenor elder alder under cyber sober amber ember"""
)


@lru_cache(maxsize=1 << 16)
def can_speak(noun: str) -> bool:
    """Whether a common noun, in any number, names a person, a group or a document.

    >>> can_speak("officials"), can_speak("report"), can_speak("weather")
    (True, True, False)
    """
    single = singular(noun)
    if noun in SPEAKING_NOUNS or single in SPEAKING_NOUNS:
        return True
    return len(single) > 4 and single.endswith(_PERSONS) and single not in _THINGS and single.partition("-")[2] not in _THINGS
