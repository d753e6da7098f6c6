"""The words that tell what a name names: titles, offices, heads of organisations and documents. Data only, general English."""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """The words of a list, which is easier to read with nothing but space between them."""
    return frozenset(words.split())


#: Titles that stand only before a name, with the gender that they tell.
TITLES = {
    **dict.fromkeys(listed("sir mr lord baron viscount earl duke fr father monsignor prince imam rabbi"), "male"),
    **dict.fromkeys(listed("mrs ms miss dame lady baroness viscountess countess duchess madam princess"), "female"),
    **dict.fromkeys(
        listed(
            "dr prof rev reverend revd hon rt pc sgt det dc ds di dci dcs dsu ps cs insp supt ch cllr gov sen rep capt cpl lt col"
            " gen brig maj adm"
            " pvt pte cmdr atty messrs"
        ),
        "",
    ),
}

#: Letters after a name.
LETTERS = listed(
    "mp mps mep msp ms am mla qpm obe mbe cbe kbe dbe cb kcb dcb gcb kc qc sc phd md frs fba jr sr ii iii iv esq rn cpa jd ma ba bsc msc pc"
    " m.p q.c k.c m.d ph.d cmg kcmg cvo lvo mvo om ch td dl jp"
)

#: Common nouns for somebody who holds an office, does a job or stands to others as one who may speak for them.
ROLES = listed(
    """
    commissioner mayor secretary minister premier president vice-president chancellor chair chairman chairwoman chairperson chief head
    director manager executive officer spokesman spokeswoman spokesperson spokespeople sergeant constable inspector superintendent
    detective commander captain colonel leader deputy ombudsman ombudswoman judge justice magistrate recorder coroner senator governor
    congressman congresswoman representative delegate attorney solicitor barrister lawyer prosecutor counsel sheriff marshal
    ambassador envoy consul candidate nominee councillor councilman councilwoman alderman speaker whip peer professor lecturer
    dean principal headteacher teacher researcher scientist economist analyst adviser advisor strategist pollster consultant expert
    historian author writer editor journalist reporter correspondent presenter broadcaster columnist founder co-founder owner
    ceo cfo coo cto chairmen trustee treasurer clerk registrar controller comptroller auditor surveyor engineer architect
    doctor surgeon nurse midwife psychologist psychiatrist pharmacist paramedic firefighter physician pathologist
    coach trainer striker goalkeeper captain player actor actress singer producer filmmaker artist activist campaigner organiser
    organizer volunteer organist bishop archbishop pope cardinal vicar rabbi imam pastor priest king queen prince princess
    general admiral lieutenant soldier veteran partner predecessor successor colleague aide assistant caller resident neighbour neighbor
    farmer fisherman shopkeeper landlord tenant student pupil witness victim survivor widow widower mother father son daughter
    brother sister husband wife worker steward convener convenor co-ordinator coordinator moderator watchdog
    investigator examiner regulator administrator superintendent-general ranger warden governor-general lord-lieutenant member lawmaker
    mp msp mep director-general attorney-general solicitor-general secretary-general sub-editor vice-chair vice-chairman
    vice-chancellor co-chair co-author co-owner co-director deputy-leader legislator politician official diplomat parliamentarian
    backbencher frontbencher premier-elect commissioner-general operator technician
    """
)

#: Words before an office that are part of it and tell it from another.
MODIFIERS = listed(
    "deputy former ex acting interim assistant associate vice chief senior junior shadow joint co- co then incoming outgoing first second"
    " lead leading current new newly elected appointed permanent under-secretary district regional national local general prime home"
    " foreign"
    " executive managing serving chief-of-staff parliamentary political financial operating technical medical scientific independent"
    " lord lady"
    " attorney solicitor top retired late longtime long-time one-time onetime veteran principal non-executive editorial press"
)

#: Nouns at the head of an organisation's name.
ORGANISATIONS = listed(
    """
    police constabulary service services council committee commission department ministry office agency authority board bureau university
    college school academy institute institution society association federation union league confederation congress parliament senate
    assembly government administration court tribunal party group company corporation corp inc ltd plc llc limited holdings bank fund trust
    foundation charity centre center network alliance coalition campaign forum partnership consortium organisation organization
    hospital clinic infirmary nhs church diocese synod mosque cathedral club team squad unit force forces army navy guard regiment
    brigade command directorate inspectorate ombudsman observatory laboratory laboratories museum library gallery theatre radio
    television tv news times post journal gazette herald tribune guardian telegraph chronicle courier mail express star sun mirror
    observer press magazine review-journal broadcasting media studios records airlines airways railway railways rail water energy power
    works factory industries motors systems technologies solutions partners associates brothers sons chamber exchange registry treasury
    secretariat cabinet station prison jail division branch taskforce initiative project programme program panel jury conservatives
    republicans democrats liberals greens socialists nationalists house
    """
)

#: Of these, the ones that hold a pair of things together: "the Health and Safety Executive", "the Police and Crime Committee".
STRONG = listed(
    "service services council committee commission department ministry office agency authority board bureau executive institute society"
    " association federation union administration directorate inspectorate commissioner secretary minister tribunal partnership trust"
    " foundation centre center company group fund college university school museum panel command regulator unit division"
)

#: Things that are looked after in pairs.
DOMAINS = listed(
    "rivers water waterways canals parks forests forestry wildlife roads railways schools prisons prison probation charities"
    " markets competition gas"
    " electricity bridges harbours ports coastguard courts legal pensions insurance banking payments patents weights measures"
    " licensing audit"
    " police crime health safety fire rescue trade industry business education skills science research technology culture media sport"
    " environment food drug drugs farming rural transport housing communities work pensions justice law order defence defense war energy"
    " climate planning building land water revenue customs excise tax finance immigration borders asylum families children arts"
    " monuments fisheries agriculture employment labour labor welfare disability equality rights women youth nursing midwifery"
    " standards ethics security intelligence cooperation development securities alcohol tobacco firearms oceanic atmospheric nuclear"
)

#: Nouns at the head of a document's or broadcast's name.
DOCUMENTS = listed(
    "report review inquiry enquiry investigation survey study audit assessment act bill code charter plan strategy framework white green"
    " paper letter memorandum memo statement declaration treaty convention agreement regulations regulation guidance manifesto constitution"
    " amendment dossier bulletin newsletter handbook manual protocol resolution directive poll census index"
)

#: Nouns at the head of a place's name.
PLACES = listed(
    "street road avenue lane square park hill valley river lake bay island islands county city town village borough district embankment"
    " airport bridge beach mountain mountains coast ocean sea north south east west northern southern eastern western central gardens hall"
)

#: Countries and other places that news names often, and letters that stand for them.
COUNTRIES = listed(
    """
    uk us usa eu u.k u.s u.s.a america britain england scotland wales ireland france germany spain italy portugal greece turkey russia
    ukraine poland china japan india pakistan bangladesh iran iraq syria israel egypt libya yemen afghanistan australia canada mexico
    brazil argentina chile cuba kenya nigeria ghana africa europe asia london paris berlin rome madrid moscow beijing washington york
    california texas florida ohio iowa nevada virginia georgia michigan wisconsin pennsylvania arizona colorado illinois massachusetts
    hampshire carolina dakota jersey birmingham manchester liverpool leeds glasgow edinburgh cardiff belfast bristol chicago boston
    houston dallas atlanta miami philadelphia detroit seattle denver brussels geneva vienna sweden norway denmark finland
    alabama alaska arkansas connecticut delaware hawaii idaho indiana kansas kentucky louisiana maine maryland minnesota mississippi
    missouri
    montana nebraska oklahoma oregon tennessee utah vermont wyoming netherlands belgium switzerland austria hungary zealand korea
    vietnam indonesia malaysia singapore philippines lebanon jordan
    """
)

CALENDAR = listed(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november"
    " december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sept sep oct nov dec christmas easter ramadan gmt bst est edt"
    " today yesterday tomorrow tonight"
)

#: Words with a capital only because they begin a sentence or a heading; no part of a name at either end of it.
PLAIN = listed(
    """
    the a an this that these those he she it they we i you his her its their our my your who whom whose which what when where why how
    and but or nor so yet for if as at by in on of to from with without within into onto over under after before since until while
    whilst although though because unless once than then there here now today yesterday tomorrow tonight earlier later meanwhile
    however moreover furthermore therefore thus instead indeed also even still just only not no yes never ever always often sometimes
    some any many most much more few all both each every another other others such same one two three four five six seven eight nine
    ten eleven twelve hundreds thousands dozens last next first second third according asked speaking responding following despite
    during about against among between through per via is are was were be been being has have had do does did will would can could
    may might must should shall let please thank thanks dear yours sincerely faithfully regards read watch listen see click image
    source caption
    photo photograph credit copyright published updated summary analysis key lines related share video
    audio clip exclusive breaking advertisement continue reading subscribe again overall perhaps maybe
    everyone everybody someone somebody anyone anybody nobody nothing something everything anything
    well oh hello hi ok okay pressed having told given based born looking adding calling said says say
    http https www url faq pdf html id mid among amid like unlike near back out up down off is isn't don't i'm i've it's we're we've you're
    that's there's he's she's they're what's who's can't won't didn't doesn't
    """
)

#: Words with a capital that name nobody when they stand alone.
LONELY = listed(
    """
    police women men people children officers time god internet covid covid-19 cctv tv dna hiv aids q&a sos gdp vat ceo cfo coo pm vip live
    self north south east west ii iii iv xi islam christianity brexit twitter facebook english british american french german spanish
    russian chinese african european asian arab jewish muslim christian catholic protestant black white hispanic latino scottish welsh
    irish indian italian japanese israeli iranian syrian mexican ukrainian turkish greek muslims christians jews americans britons
    europeans russians germans republican democratic conservative liberal labour state federal royal story stories news media editor
    street road house hall radio times post mail star sun mail works family friends experts critics supporters
    """
)

#: Plurals and persons to whom an organisation's name says that it belongs: "the Women's Institute", "King's College".
OWNERS = listed(
    "women men people children king queen lord mayor workers veterans majesty lawyers citizens girls boys patients prince governor st"
)

#: First names, a few of each kind, with the gender that they commonly tell.
GIVEN = {
    **dict.fromkeys(
        listed(
            """
            james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven
            stephen
            paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan
            larry justin scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry tyler aaron jose adam
            nathan henry peter zachary walter harold jeremy ethan carl keith roger gerald christian terry sean arthur austin noah lawrence
            jesse joe bryan billy jordan albert dylan bruce willie alan juan wayne roy ralph randy eugene vincent russell louis philip bobby
            johnny bradley ian neil colin graham simon martin nigel stuart trevor derek barry clive geoffrey malcolm oliver harry
            callum liam rory angus hamish ewan gareth rhys owen declan tom tim ben dan mike jim bob bill dave steve chris nick matt rob
            andy tony ted ed phil ken ron don jeff greg josh sam max leo luke oscar hugo felix mohammed muhammad ahmed ali omar hassan
            ibrahim yusuf raj sanjay amir carlos luis miguel pedro antonio francisco ivan vladimir sergei boris emmanuel francois pierre
            hans klaus giovanni marco barack bernie edmund gordon
            """
        ),
        "male",
    ),
    **dict.fromkeys(
        listed(
            """
            mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly emily
            donna michelle carol amanda melissa deborah stephanie dorothy rebecca sharon laura cynthia amy kathleen angela shirley brenda
            emma anna pamela nicole samantha katherine christine helen debra rachel carolyn janet maria catherine heather diane olivia julie
            joyce victoria ruth virginia lauren kelly christina joan evelyn judith andrea hannah megan cheryl jacqueline martha madison
            teresa gloria sara janice ann kathryn abigail sophia frances jean alice judy isabella julia grace amber denise danielle
            marilyn beverly charlotte natalie theresa diana brittany doris kayla alexis lori marie anne claire fiona gillian nicola tracy
            louise joanne lucy sophie chloe zoe ellie holly imogen harriet rosie rosalind philippa bridget siobhan niamh aoife eilidh
            kate jane sue jo liz beth meg penny wendy hilary hillary carly fatima aisha zainab priya anita leila yasmin nadia amina mariam
            elena olga natasha ingrid greta chiara francesca carmen rosa lucia angelina yvette theresa nancy ivanka melania
            """
        ),
        "female",
    ),
    **dict.fromkeys(
        listed("alex robin lee taylor jamie morgan casey leslie lindsay sandy pat kim terry tracy jean chris sam jo jordan"), ""
    ),
}
