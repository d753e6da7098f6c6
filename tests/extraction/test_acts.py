"""Acts: every trace of an act with words that show it and words that only look like it, and how traces are weighed."""

import re
import time

import pytest

from kg.extraction.acts import Setting, acts, setting, traces
from kg.extraction.attributions import Attribution, Mode
from kg.extraction.outline import Block, Outline
from kg.extraction.traces import CUES, PHRASES, RULES
from kg.extraction.words import Words, words

MARKS = re.compile(r"[<>{}\[\]]")


def marked(text: str, mode: Mode = "indirect", authored: bool = False) -> tuple[Words, Attribution]:
    """The attribution that marks in a text stand for: <speaker>, {cue}, [content]."""
    source = MARKS.sub("", text)
    spans = {}
    for opening, closing in ("<>", "{}", "[]"):
        if opening in text:
            start, end = (len(MARKS.sub("", text[: text.index(mark)])) for mark in (opening, closing))
            spans[opening] = (start, end)
    made = Outline("letter" if authored else "article", (Block("paragraph", 0, len(source)),), authored=authored)
    content = spans.get("[", (0, len(source)))
    return words(source, made), Attribution(content, (0, len(source)), mode, spans.get("<"), spans.get("{"), "test")


def names(text: str, mode: Mode) -> set[str]:
    return {name for name, _, _ in traces(*marked(text, mode))}


#: Rules that are no data.
OTHERS = {"cue", "explained", "on-whether", "self-made"}
#: The rule, the mode, what it catches, and what it must leave alone.
TRACES: list[tuple[str, Mode, str, str]] = [
    ("sorry", "direct", "I am sorry for the delay.", "I feel sorry for him."),
    ("we-apologise", "direct", "We apologise to every tenant.", "An apologist spoke."),
    ("we-will", "direct", "We will publish it.", "We will resign."),
    ("we-are-going-to", "direct", "We’re going to publish it.", "We are gone."),
    ("we-promise", "direct", "I promise to publish it.", "I saw the promise."),
    ("we-wont", "direct", "We won't rest.", "We won't resign."),
    ("we-do-and-will", "direct", "We heard that and will act.", "We heard that he left and wept."),
    ("my-word", "direct", "You have my word.", "My words were lost."),
    ("he-will", "indirect", "[he would publish it]", "[he would like it]"),
    ("determined-to", "indirect", "[the trust is determined to mend it]", "[it determined the price]"),
    ("will-be-doing", "direct", "Inspectors will be visiting.", "Inspectors will be late."),
    ("will-be-done", "indirect", "[the file will be reviewed]", "[the file will be late]"),
    ("we-must-mend-ours", "direct", "We need to mend our ways.", "We need to mend the roof."),
    ("wont-give-way", "indirect", "[he is not resigning]", "[he is not late]"),
    ("we-resist", "direct", "I will decline the offer.", "I will accept the offer."),
    ("question-mark", "direct", "Who pays?", "That is late, isn't it?"),
    ("must", "direct", "Ministers must act.", "It must have rained."),
    ("should", "direct", "The board should act.", "The board should have acted."),
    ("need-to", "direct", "The board needs to act.", "The board has to say no."),
    ("is-needed", "direct", "A new bridge is needed.", "The bridge is not needed."),
    ("need-a", "direct", "Tenants need better buses.", "There is a need for the buses."),
    ("it-is-time", "direct", "It is time for a vote.", "They took the time to vote."),
    ("it-is-vital", "direct", "It is vital that they act.", "It is a vital bridge."),
    ("we-urge", "direct", "I urge them to act.", "We ask whether they act."),
    ("enough", "direct", "Enough is enough.", "It is enough for us."),
    ("imperative", "direct", "Listen to tenants.", "They listen to tenants."),
    ("cannot-go-on", "direct", "This cannot continue.", "This cannot be true."),
    ("we-failed", "direct", "We have failed tenants.", "They have failed tenants."),
    ("we-accept", "direct", "We fully accept the report.", "They fully accept the report."),
    ("he-accepts", "indirect", "[he fully understands the anger]", "[he left the party]"),
    ("body-accepts", "indirect", "[the council knows it was late]", "[the mayor knows it was late]"),
    ("more-to-do", "direct", "There is more to do.", "There is more rain."),
    ("our-failings", "direct", "It names our own failings.", "It names their own failings."),
    ("you-rightly", "authored", "You have rightly found waste.", "You were there."),
    ("untrue", "direct", "That is not true.", "It gave a false sense of calm."),
    ("i-did-not", "direct", "I did not sign it.", "I did sign it."),
    ("should-have", "direct", "They should have acted.", "They should have a vote."),
    ("unfit", "direct", "The rules are not fit for purpose.", "The rules are fit for purpose."),
    ("could-have", "direct", "It could have been prevented.", "It could have been a bridge."),
    ("bad", "direct", "It was a bad decision.", "They remove bad officers."),
    ("broken", "direct", "The system is broken.", "He has broken his leg."),
    ("abuse-of", "direct", "It is an abuse of power.", "Victims of abuse wrote."),
    ("has-not-done", "direct", "The culture has not changed.", "The train has not left."),
    ("falls-short", "direct", "The plan falls far short.", "The rain falls."),
    ("makes-worse", "direct", "It makes things worse.", "It makes boats."),
    ("no-confidence", "direct", "Tenants have lost all confidence in it.", "Tenants have confidence in it."),
    ("let-down", "direct", "Tenants were let down.", "Tenants were let in."),
    ("critical-words", "direct", "The response was shameful.", "They remove those who failed."),
    ("critical-nouns", "direct", "There is bias in it.", "It fights allegations of bias."),
    ("dismayed-words", "direct", "I am appalled.", "I am not appalled."),
    ("shaken-faith", "direct", "It shook our faith in it.", "It shook our house."),
    ("we-are-dismayed", "direct", "I was deeply saddened.", "They were deeply saddened."),
    ("hard-reading", "direct", "It makes for difficult reading.", "It is a difficult climb."),
    ("good-step", "direct", "It is a vital step.", "It is a vital road."),
    ("strongly-supports", "direct", "Tenants fully support it.", "The boat is fully laden."),
    ("saw-progress", "direct", "We have seen real progress.", "We have seen real boats."),
    ("confident-that", "direct", "We are confident she will act.", "We are confident drivers."),
    ("thank", "direct", "I want to thank the crew.", "Thank goodness it rained."),
    ("supportive-words", "direct", "An outstanding team.", "It is no excellent team."),
    ("we-support", "direct", "I welcome the report.", "They welcome the report."),
    ("confidence", "direct", "She has my full confidence.", "The bus is full."),
    ("call-for", "indirect", "<Ann> {called for} [a vote]", "<Ann> {called} [the vote a farce]"),
    ("pay-tribute", "indirect", "<Ann> {paid tribute to} [the crew]", "<Ann> {paid} [the crew]"),
    ("stand-by", "indirect", "<Ann> {stood by} [her claim]", "<Ann> {stood} [there]"),
    ("agree-with", "indirect", "<Ann> {agreed with} [the report]", "<Ann> {agreed} [it was late]"),
    ("lash-out", "indirect", "<Ann> {hit out at} [the delay]", "<Ann> {hit} [the drum]"),
    ("hit-back", "indirect", "<Ann> {hit back at} [the claim]", "<Ann> {hit} [the drum]"),
    ("rule-out", "indirect", "<Ann> {ruled out} [a vote]", "<Ann> {ruled} [on a vote]"),
    ("plead-guilty", "indirect", "<Ann> {pleaded guilty to} [fraud]", "<Ann> {pleaded} [for calm]"),
    ("agree-to", "indirect", "<Ann> {agreed to} [a vote]", "<Ann> {agreed} [it was late]"),
    ("press-on", "indirect", "<Ann> {was pressed on} [the delay]", "<Ann> {pressed} [the bell]"),
    ("ask-whether", "indirect", "<Ann> {asked him whether} [it was late]", "<Ann> {said} [it was late]"),
    ("ask-to", "indirect", "<Ann> {asked him to} [leave]", "<Ann> {told} [him it was late]"),
    ("on-whether", "indirect", "On whether <she> {intended} [to leave]", "<She> {intended} [to leave]"),
    ("explained", "indirect", "<Ann> criticised the plan, {saying} [it was late]", "<Ann> read the plan, {saying} [it was late]"),
    ("self-made", "direct", "We condemn it.", "They condemn it."),
    ("cue", "indirect", "<Ann> {vowed} [to leave]", "<Ann> {said} [she left]"),
]


@pytest.mark.parametrize(("name", "mode", "caught", "left"), TRACES, ids=[trace[0] for trace in TRACES])
def test_trace(name: str, mode: Mode, caught: str, left: str) -> None:
    assert name in names(caught, mode)
    assert name not in names(left, mode)


def test_every_trace_is_tested() -> None:
    assert {trace[0] for trace in TRACES} == {rule.name for rule in RULES} | {name for name, _, _ in PHRASES} | OTHERS


@pytest.mark.parametrize(
    ("text", "mode", "expected"),
    [
        ("<Ann> {promised} [a new bridge]", "indirect", "Commitment"),
        ("<Ann> {apologised for} [the delay]", "indirect", "Apology"),
        ("<Ann> {urged} [tenants to write]", "indirect", "Demand"),
        ("<Ann> {recommended} [a new bridge]", "indirect", "Recommendation"),
        ("<Ann> {denied} [the claim]", "indirect", "Denial"),
        ("<Ann> {refused to} [pay]", "indirect", "Refusal"),
        ("<Ann> {admitted} [it was late]", "indirect", "Acknowledgement"),
        ("<Ann> {praised} [the crew]", "indirect", "Support"),
        ("<Ann> {condemned} [the delay]", "indirect", "Criticism"),
        ("<Ann> {lamented} [the delay]", "indirect", "Dismay"),
        ("<Ann> {asked why} [it was late]", "indirect", "Question"),
        ("<The inquiry> {found} [it was late]", "indirect", "Finding"),
        ("<Ann> {decided} [it was over]", "indirect", "Decision"),
        ("<Ann> {said} [it was late]", "indirect", "Claim"),
        ("<Ann> {renewed her plea for} [a bridge]", "indirect", "Demand"),
        ("<Ann> {voiced concern over} [the bridge]", "indirect", "Dismay"),
        ("<Ann> {has not accepted} [the report]", "indirect", "Refusal"),
        ("<Ann> {told a support worker} [it was late]", "indirect", "Claim"),
        ("<Ann> {called} it “[reckless]”", "mixed", "Criticism"),
        ("<Ann> {said} the delay was a disgrace and [late]", "mixed", "Claim"),
        ("<The review> {said} [the board should go]", "indirect", "Recommendation"),
        ("<The review> {said} [the board was weak]", "indirect", "Finding"),
        ("<The review> {welcomed} [the plan]", "indirect", "Support"),
        ("“[Our processes are broken],” {said} <Ann>", "direct", "Acknowledgement"),
        ("“[Their processes are broken],” {said} <Ann>", "direct", "Criticism"),
        ("<Ann> praised the crew, {saying} [it had worked all night]", "indirect", "Support"),
        ("<Ann> denied the charge, {saying} [she was in Wells]", "indirect", "Denial"),
        ("<She> {said} [she feared another flood]", "indirect", "Dismay"),
        ("<She> {said} [he feared another flood]", "indirect", "Claim"),
        ("<Tenants> {say} [they trust the landlord]", "indirect", "Support"),
        ("<She> {said} [she had questioned the board on the leak]", "indirect", "Question"),
        ("“[We reject that],” {said} <Ann>", "direct", "Denial"),
        ("“[I regret the delay],” {said} <Ann>", "direct", "Dismay"),
        ("“[We accept that and will mend it],” {said} <Ann>", "direct", "Commitment"),
        ("“[It sets out how we will mend it],” {said} <Ann>", "direct", "Claim"),
        ("“[I don't need to go],” {said} <Ann>", "direct", "Claim"),
        ("“[You have to laugh],” {said} <Ann>", "direct", "Claim"),
        ("“[We all know the need to act],” {said} <Ann>", "direct", "Claim"),
        ("“[Ask who should build it],” {said} <Ann>", "direct", "Claim"),
        ("“[The rules should have a preface],” {said} <Ann>", "direct", "Demand"),
        ("“[It should have been mended],” {said} <Ann>", "direct", "Criticism"),
        ("<Ann> {said} [he would sing if he was asked]", "indirect", "Claim"),
        ("<Ann> {requested} [a new bridge]", "indirect", "Demand"),
        ("<The review> {said} [it will rain]", "indirect", "Claim"),
        ("“[They dodged the question and undermined the board],” {said} <Ann>", "direct", "Criticism"),
        ("“[They trace shocking leaks],” {said} <Ann>", "direct", "Dismay"),
        ("“[They detect worrying leaks],” {said} <Ann>", "direct", "Claim"),
        ("“[We have not been briefed],” {said} <Ann>", "direct", "Claim"),
        ("“[We have not been clear enough],” {said} <Ann>", "direct", "Acknowledgement"),
        ("“[I don't want to sing],” {said} <Ann>", "direct", "Claim"),
        ("“[I would expect a flood],” {said} <Ann>", "direct", "Claim"),
        ("“[Stop saying sorry],” {said} <Ann>", "direct", "Demand"),
    ],
)
def test_first_act(text: str, mode: Mode, expected: str) -> None:
    assert acts(*marked(text, mode))[0] == expected


def test_every_act_has_a_cue() -> None:
    classes = (
        "Claim Finding Denial Acknowledgement Demand Recommendation Question Commitment Refusal Apology Criticism Support Dismay Decision"
    )
    assert set(CUES.values()) | {"Claim"} == set(classes.split())


def test_what_a_reporter_tells_is_a_claim() -> None:
    assert acts(*marked("The response was shameful and must change.", "authored")) == ("Claim",)
    assert acts(*marked("Who must change it?", "authored"))[0] == "Question"


def test_whoever_answers_for_a_body_admits_its_faults() -> None:
    told = marked("The response was shameful.", "authored", authored=True)
    assert acts(*told, Setting(answers=True))[0] == "Acknowledgement"
    assert acts(*told)[0] == "Criticism"


def test_who_held_an_inquiry_finds() -> None:
    source = "A review by Dame Ada Coe is out. Ben Ash’s final report is late. “It was weak,” said Coe. The GPO’s report is short."
    read = words(source, Outline("article", (Block("paragraph", 0, len(source)),)))
    assert setting(read).inquirers == {"coe", "ash"}
    text, said = marked("<Coe> {said} [it was weak]")
    assert acts(text, said, setting(read))[0] == "Finding"
    assert acts(text, said)[0] == "Criticism"
    _, pronoun = marked("<She> {said} [it was weak]")
    assert acts(text, pronoun, setting(read), "Ada Coe")[0] == "Finding"


def test_a_letter_answers_whoever_held_an_inquiry() -> None:
    source = "Your review is out. You said the board was weak."
    blocks = (Block("paragraph", 0, len(source)),)
    assert setting(words(source, Outline("letter", blocks, authored=True))).inquirers == {"you", "your"}
    assert setting(words(source, Outline("article", blocks))).inquirers == set()


def test_an_author_admits_the_faults_that_they_named_before() -> None:
    told = marked("<I> {said} [the response was shameful]", authored=True)
    assert acts(*told, Setting(answers=True))[0] == "Acknowledgement"
    others = marked("<Ann> {said} [the response was shameful]", authored=True)
    assert acts(*others, Setting(answers=True))[0] == "Criticism"


def test_a_letter_that_speaks_of_ours_answers() -> None:
    ours = "We know that our depot failed. " * 3
    letter = Outline("letter", (Block("paragraph", 0, len(ours)),), authored=True)
    assert setting(words(ours, letter)).answers
    assert not setting(words("They know that the depot failed.", letter)).answers
    assert not setting(words(ours, Outline("article", letter.blocks))).answers


def test_acts_are_ranked_and_at_most_three() -> None:
    found = acts(*marked("I am sorry. We will mend it. It was shameful. You must wait.", "direct"))
    assert found[0] == "Apology"
    assert len(found) <= 3


@pytest.mark.parametrize("piece", ["we will ", "he would not ", "never ", "? "])
def test_no_input_hangs(piece: str) -> None:
    source = (piece * 50 + ". ") * (10_000 // len(piece))
    text = words(source, Outline("article", (Block("paragraph", 0, len(source)),)))
    said = Attribution((0, len(source)), (0, len(source)), "direct", None, (0, 7), "test")
    start = time.perf_counter()
    acts(text, said, setting(text))
    assert time.perf_counter() - start < 5
