"""Extractors: which are installed, what is checked of theirs, and the one that reads a spaCy model's parse."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import extractors
from kg.documents import Document, of_bytes
from kg.errors import ExtractionError
from kg.extraction.attributions import Attribution, Span
from kg.extraction.registry import Registry
from tests.conftest import ROOT

TEXT = "Rain fell. “The gate is shut,” said Ada Stone. Bram Coyle said that the road is open."
DOCUMENT = of_bytes(TEXT.encode(), "note.txt")

Register = Callable[[str, Any], None]


def attribution(content: Span = (12, 29), **fields: Any) -> Attribution:
    return Attribution(**{"content": content, "passage": content, "mode": "direct", "speaker": None, "cue": None, "rule": "toy"} | fields)


def where(words: str) -> Span:
    return TEXT.index(words), TEXT.index(words) + len(words)


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    """Registers a function under a name, as an installed package would."""
    module, points = ModuleType("toy_extractors"), []
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(extractors, "entry_points", lambda group: EntryPoints(points) if group == "kg.extractors" else EntryPoints())
    extractors.reader.cache_clear()

    def enter(name: str, function: Any) -> None:
        setattr(module, name, function)
        points.append(EntryPoint(name, f"{module.__name__}:{name}", "kg.extractors"))

    yield enter
    extractors.reader.cache_clear()


def test_the_rules_come_first_and_spacy_is_shipped() -> None:
    assert next(iter(extractors.installed())) == "rules"
    assert "spacy" in extractors.installed()
    assert extractors.version() == ""


def test_the_rules_read_without_a_plug_in() -> None:
    found = extractors.reader()(DOCUMENT, None).candidates
    assert [candidate.entity.label for candidate in found if candidate.entity] == ["Ada Stone", "Bram Coyle"]


def test_a_plug_in_takes_the_place_of_the_rules(register: Register) -> None:
    def toy(document: Document, registry: Registry) -> list[Attribution]:
        assert isinstance(registry, Registry)
        return [attribution(where("The gate is shut,"), passage=where("“The gate is shut,” said Ada Stone"), speaker=where("Ada Stone"))]

    register("toy", toy)
    (candidate,) = extractors.reader("toy")(DOCUMENT, None).candidates
    assert candidate.entity is not None
    assert (candidate.entity.label, candidate.rule, candidate.acts[0]) == ("Ada Stone", "toy", "Claim")


def test_a_plug_in_may_tell_its_version(register: Register) -> None:
    def toy(document: Document, registry: Registry) -> list[Attribution]:
        return []

    register("toy", toy)
    assert extractors.version("toy") == "toy_extractors:toy"
    toy.version = lambda: "model 3"  # type: ignore[attr-defined]
    assert extractors.version("toy") == "toy_extractors:toy model 3"


def test_an_unknown_name_lists_what_is_installed(register: Register) -> None:
    register("parrot", lambda document, registry: [])
    with pytest.raises(ExtractionError, match="no extractor `parot` is installed") as error:
        extractors.reader("parot")
    assert error.value.remedy == "did you mean `parrot`? there are: rules, parrot"


def test_one_that_cannot_be_loaded_is_named(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    register("parrot", lambda document, registry: [])
    monkeypatch.delattr(sys.modules["toy_extractors"], "parrot")
    with pytest.raises(ExtractionError, match="the extractor `parrot` cannot be loaded: AttributeError"):
        extractors.reader("parrot")


def test_one_that_fails_is_named_with_the_document(register: Register) -> None:
    register("parrot", lambda document, registry: 1 / 0)
    with pytest.raises(ExtractionError, match=r"the extractor `parrot`, on note.txt: ZeroDivisionError: division by zero"):
        extractors.reader("parrot")(DOCUMENT, None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("He said so", "a str, not an Attribution"),
        (attribution((3, 3)), r"`content` is \(3, 3\), which is no stretch"),
        (attribution((-1, 4)), "no stretch"),
        (attribution((12, len(TEXT) + 1)), f"no stretch of a text of {len(TEXT)} characters"),
        (attribution(speaker=(9, 2)), r"`speaker` is \(9, 2\)"),
        (attribution(cue=[1, 2]), r"`cue` is \[1, 2\], not \(start, end\)"),
        (attribution((True, 4)), "not \\(start, end\\)"),
        (attribution((1.0, 4)), "not \\(start, end\\)"),  # type: ignore[arg-type]
        (attribution(None), "`content` is None"),  # type: ignore[arg-type]
        (attribution(mode="shouted"), "`mode` is 'shouted', not one of direct, mixed, indirect, authored"),
        (attribution(rule=" "), "`rule` is empty"),
        (attribution(confidence=1.5), "`confidence` is 1.5"),
        (attribution(within=1), "`within` is 1, and there are 1 attributions"),
        (attribution(within=0), "`within` is 0, itself"),
    ],
)
def test_what_is_no_attribution_of_the_text_is_refused(wrong: Any, said: str) -> None:
    with pytest.raises(ExtractionError, match=f"the extractor `toy`, on note.txt: attribution 0: .*{said}"):
        extractors.attributions("toy", lambda document, registry: [wrong], DOCUMENT, Registry.empty())


@given(st.lists(st.tuples(st.integers(-3, len(TEXT) + 3), st.integers(-3, len(TEXT) + 3)), max_size=6))
def test_only_slices_of_the_text_pass_and_in_reading_order(spans: list[Span]) -> None:
    def toy(document: Document, registry: Registry) -> list[Attribution]:
        return [attribution(span) for span in spans]

    good = all(0 <= start < end <= len(TEXT) for start, end in spans)
    try:
        found = extractors.attributions("toy", toy, DOCUMENT, Registry.empty())
    except ExtractionError:
        assert not good
    else:
        assert good
        assert [one.content for one in found] == sorted(spans)


def test_what_conveys_another_is_still_that_one_in_reading_order() -> None:
    inner, outer = attribution((20, 30), within=1), attribution((12, 40), rule="outer")
    found = extractors.attributions("toy", lambda document, registry: [inner, outer], DOCUMENT, Registry.empty())
    assert [(one.rule, one.within) for one in found] == [("outer", -1), ("toy", 0)]


def test_the_plug_in_of_the_documentation_works(register: Register) -> None:
    text = (ROOT / "docs" / "extraction.md").read_text("utf-8")
    names: dict[str, Any] = {}
    (code,) = [code for code in re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE) if "def minutes" in code]
    exec(compile(code, "extraction.md", "exec"), names)
    register("minutes", names["minutes"])
    document = of_bytes(b"Ada Stone said: the gate is shut.\nBram Coyle said: the road is open.\n", "note.txt")
    found = extractors.reader("minutes")(document, None).candidates
    assert [(one.entity and one.entity.label, one.rule) for one in found] == [("Ada Stone", "minutes"), ("Bram Coyle", "minutes")]


# ---------------------------------------------------------------- spaCy


HEADS = {
    # word -> (the word it depends on, the label), for each paragraph of the text below
    "said": {"Ada": ("Stone", "compound"), "Stone": ("said", "nsubj"), "is": ("said", "ccomp")},
    "warned": {"director": ("warned", "nsubj"), "The": ("director", "det"), "fail": ("warned", "ccomp"), "pumps": ("fail", "nsubj")}
    | {"that": ("fail", "mark"), "the": ("pumps", "det"), "will": ("fail", "aux")},
    "told": {
        "who": ("told", "nsubj"),
        "Rhea": ("Lund", "compound"),
        "told": ("Lund", "relcl"),
        "everybody": ("left", "nsubj"),
        "left": ("told", "ccomp"),
    },
}
PARSED = (
    "“The gate is shut,” said Ada Stone.\n\n"
    "The director warned that the pumps will fail.\n\n"
    "Rhea Lund, who told us everybody left, is away.\n\n"
    "“Nobody asked us,” is written on the door of Orla Brask.\n\n"
    "“Nobody knows,” it reads.\n"
)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A pipeline built here: sentences by full stops, one known name, and heads for the words of ``PARSED``."""
    spacy = pytest.importorskip("spacy")
    from kg.extraction import spacy as ours

    @spacy.Language.component("toy_heads")
    def toy_heads(doc: Any) -> Any:
        table = next((heads for verb, heads in HEADS.items() if verb in {token.text for token in doc}), {})
        root = next((token for token in doc if token.text in HEADS), doc[0])
        for token in doc:
            head, label = table.get(token.text, (root.text, "ROOT" if token is root else "dep"))
            token.head, token.dep_ = next(other for other in doc if other.text == head), label
        return doc

    language = spacy.blank("en")
    ruler = language.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": "Orla Brask"}])
    language.add_pipe("toy_heads")
    language.meta["version"] = "7.0"
    language.to_disk(tmp_path / "model")
    monkeypatch.setenv("KG_SPACY_MODEL", str(tmp_path / "model"))
    ours._model.cache_clear()
    yield tmp_path / "model"
    ours._model.cache_clear()


def test_spacy_finds_speakers_by_the_parse(model: Path) -> None:
    from kg.extraction.spacy import extractor

    found = extractors.attributions("spacy", extractor, of_bytes(PARSED.encode(), "note.txt"), Registry.empty())
    assert [
        (one.rule, one.mode, PARSED[slice(*one.content)], one.speaker and PARSED[slice(*one.speaker)], one.cue and PARSED[slice(*one.cue)])
        for one in found
    ] == [
        ("spacy-quote", "direct", "The gate is shut,", "Ada Stone", "said"),
        ("spacy-clause", "indirect", "that the pumps will fail", "The director", "warned"),
        ("spacy-clause", "indirect", "everybody left", "Rhea Lund", "told"),
        ("spacy-name", "direct", "Nobody asked us,", "Orla Brask", None),
        ("spacy-unnamed", "direct", "Nobody knows,", None, None),
    ]


def test_spacy_tells_which_model_it_is(model: Path) -> None:
    assert extractors.version("spacy").endswith(f"{model} 7.0")


def test_a_model_without_a_parser_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spacy = pytest.importorskip("spacy")
    from kg.extraction import spacy as ours

    spacy.blank("en").to_disk(tmp_path / "bare")
    monkeypatch.setenv("KG_SPACY_MODEL", str(tmp_path / "bare"))
    ours._model.cache_clear()
    with pytest.raises(ExtractionError, match="bare` sets no dependencies"):
        extractors.reader("spacy")(DOCUMENT, None)
    ours._model.cache_clear()


def test_a_missing_model_or_package_comes_with_the_way_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.extraction import spacy as ours

    ours._model.cache_clear()
    monkeypatch.setenv("KG_SPACY_MODEL", "nowhere")
    with pytest.raises(ExtractionError, match="there is no spaCy model `nowhere`") as error:
        ours.extractor(DOCUMENT, Registry.empty())
    assert "KG_SPACY_MODEL" in error.value.remedy
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ExtractionError, match="needs spaCy") as error:
        ours.extractor(DOCUMENT, Registry.empty())
    assert error.value.remedy == "pip install 'accountability-kg[spacy]'"
