"""Records: what is right gives no finding, and each fault gives one, in one place, with one remedy.

``records/base`` is a small case. Each file of ``records/valid`` and ``records/invalid`` is put into a copy of it, as
``extra.yaml``, as ``statements/extra.yaml`` if it holds statements, in the place of ``case.yaml`` if it is a case, or as
``candidates/extra.yaml`` if its name says so; ``expected.yaml`` says what is found.
"""

from __future__ import annotations

import ast
import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyrudof
import pyshacl
import pytest
import rdflib
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg import cases, passages, records
from kg.cases import Case, read_case
from kg.errors import Finding, RecordError
from kg.records import Record, check, complete, parse, read, walk
from kg.validation import check as check_case
from kg.vocabulary import ACC, folder, terms

RECORDS = Path(__file__).parent / "records"
BASE = RECORDS / "base"
BASE_IRI = "https://example.org/harbour/"
SHAPES = folder("ontology") / "shapes.ttl"


def listed(kind: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.load((RECORDS / kind / "expected.yaml").read_text("utf-8"), yaml.CBaseLoader)
    return found


def names(kind: str) -> list[str]:
    return sorted(path.stem for path in (RECORDS / kind).glob("*.yaml") if path.stem != "expected")


def path_of(kind: str, name: str) -> Path:
    return RECORDS / kind / f"{name}.yaml"


def text_of(name: str) -> str:
    return path_of("valid", name).read_bytes().decode("utf-8-sig")


def put(raw: bytes, case: Path) -> Case:
    """The base case in the folder ``case``, with one more file (or another ``case.yaml``)."""
    place = "case.yaml" if b"base: https" in raw or case.name.startswith("case-") else "extra.yaml"
    if re.search(rb"^statements:", raw, re.MULTILINE):
        place = "statements/extra.yaml"
    if case.name.startswith("candidate-"):
        place = "candidates/extra.yaml"
    shutil.copytree(BASE, case)
    (case / place).write_bytes(raw)
    return read_case(case)


def findings(case: Case) -> list[Finding]:
    documents, missing = case.documents()
    return sorted([*missing, *check_case(case, None, documents)])


def as_dict(finding: Finding, root: Path) -> dict[str, str]:
    """The finding with file names relative to the case."""
    return {key: str(value).replace(f"{root}/", "").replace(str(root), "") for key, value in finding.as_dict().items()}


@cache
def found(kind: str, name: str) -> list[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / name
        return [as_dict(finding, root) for finding in findings(put(path_of(kind, name).read_bytes(), root))]


def agree(actual: dict[str, str], expected: dict[str, str]) -> None:
    for part in ("file", "line", "record", "severity"):
        assert actual[part] == expected[part], (part, actual)
    for part in ("message", "remedy"):
        assert expected[part] and expected[part] in actual[part], (part, actual)


# ---------------------------------------------------------------- The files


def test_the_base_case_is_right(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path / "base")
    case = read_case(tmp_path / "base")
    documents, missing = case.documents()
    assert set(documents) == {"report/minutes", "report/harbour-report"}
    assert [*missing, *check_case(case, None, documents)] == []


@pytest.mark.parametrize("name", names("valid"))
def test_a_valid_file_gives_no_finding_but_a_listed_warning(name: str) -> None:
    expected = listed("valid").get(name)
    assert len(found("valid", name)) == (1 if expected else 0), found("valid", name)
    if expected:
        assert expected["severity"] == "warning"
        agree(found("valid", name)[0], expected)


@pytest.mark.parametrize("name", names("invalid"))
def test_an_invalid_file_gives_its_one_finding(name: str) -> None:
    actual = found("invalid", name)
    assert len(actual) == 1, actual
    agree(actual[0], listed("invalid")[name])


def test_every_file_is_listed_and_every_listed_file_is_there() -> None:
    assert sorted(listed("invalid")) == names("invalid")
    assert set(listed("valid")) <= set(names("valid"))
    assert len(names("valid")) >= 45
    assert len(names("invalid")) >= 60


@pytest.mark.parametrize("name", names("invalid"))
def test_the_line_moves_with_the_text(name: str) -> None:
    raw = path_of("invalid", name).read_bytes()
    try:
        parse(raw.decode("utf-8"))
        return
    except (RecordError, UnicodeDecodeError) as error:
        if not isinstance(error, RecordError):
            return
        first = error.line
    with pytest.raises(RecordError) as again:
        parse("# one\n\n# three\n" + raw.decode("utf-8"))
    assert again.value.line == first + 3


# ---------------------------------------------------------------- Every check has an example

#: Messages of shapes that `kg check` never shows, because a check of the record by itself comes first, and why.
SHADOWED = {
    "altLabel": "an empty text is found in the record",
    "attestedOn": "what is not a date is found in the record",
    "editorialNote": "an empty text is found in the record",
    "record": "a missing identifier is found in the record",
    "tenure": "a text in place of a record is found in the record",
    "liveUpdate": "a text in place of a record is found in the record",
    "figure": "a text in place of a record is found in the record",
}


def shape_messages() -> dict[str, str]:
    triples = ox.parse(path=str(SHAPES), format=ox.RdfFormat.TURTLE)
    return {t.subject.value.partition("#")[2]: t.object.value for t in triples if t.predicate.value.endswith("shacl#message")}


def expected_texts() -> list[str]:
    everything = [*listed("valid").values(), *listed("invalid").values()]
    return [entry["message"] for entry in everything] + [f"{entry['message']}: {entry['remedy']}" for entry in everything]


@pytest.mark.parametrize(("shape", "message"), sorted(shape_messages().items()))
def test_each_message_of_the_shapes_is_provoked_by_a_file(shape: str, message: str) -> None:
    assert (message in expected_texts()) != (shape in SHADOWED), f"add a file to {RECORDS.name}/invalid for: {message}"


def test_shadowed_shapes_hold_where_records_come_from_elsewhere() -> None:
    turtle = f"""
    @prefix acc: <{ACC}> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    [] a acc:Topic .
    <http://e.org/a> skos:altLabel " " ; skos:editorialNote "" ; acc:attestedOn "soon" .
    <http://e.org/b> acc:tenure "t" ; acc:liveUpdate "u" ; acc:figure "f" .
    """
    assert {shape for _, shape in rudof(turtle, pyrudof.RDFFormat.Turtle)} >= set(SHADOWED)


#: Kinds of findings that no file of a case can provoke; each has its own test below.
OWN_TEST = {r"larger than .* MiB", "no such file, so this is not a case"}

#: The position of the message among the arguments of what makes a finding.
MESSAGE_AT = {"finding": 1, "Finding": 3, "RecordError": 2, "error": 1}


def kinds() -> Iterator[str]:
    """A pattern for each message that stands in the source of the checks."""
    for module in (records, cases, passages):
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                yield from kinds_in(function)
    yield from (re.escape(message) + r" \(column .*\)" for message, _, _ in records._FAULTS.values())
    yield from (f".* is not {re.escape(what)}" for _, (what, _) in records._DATATYPES.values())


def kinds_in(function: ast.FunctionDef) -> Iterator[str]:
    assigned = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            arguments = node.args[MESSAGE_AT[name] :] if name in MESSAGE_AT else []
            if arguments:
                message = arguments[0]
                yield from patterns(assigned.get(message.id, message) if isinstance(message, ast.Name) else message)
        elif isinstance(node, ast.Return) and node.value and ast.unparse(function.returns or ast.Constant("")) == "Problem":
            for choice in ast.walk(node.value):
                if isinstance(choice, ast.Tuple):
                    yield from patterns(choice.elts[0])


def patterns(message: ast.expr) -> Iterator[str]:
    if isinstance(message, ast.Constant):
        yield re.escape(str(message.value))
    elif isinstance(message, ast.JoinedStr):
        yield "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*" for part in message.values)


@pytest.mark.parametrize("kind", sorted(set(kinds())))
def test_each_kind_of_finding_is_provoked_by_a_file(kind: str) -> None:
    provoked = any(re.fullmatch(kind, text, re.DOTALL) for text in expected_texts())
    assert provoked != (kind.replace("\\", "") in {own.replace("\\", "") for own in OWN_TEST}), (
        f"add a file to {RECORDS.name}/invalid for: {kind}"
    )


def test_the_kinds_were_found_in_the_source() -> None:
    assert len(set(kinds())) > 45


def test_every_finding_has_a_remedy() -> None:
    for kind in ("valid", "invalid"):
        assert [name for name, entry in listed(kind).items() if not entry["remedy"]] == []


# ---------------------------------------------------------------- Nothing is lost


@pytest.mark.parametrize("name", names("valid"))
def test_every_text_is_kept_as_it_was_written(name: str) -> None:
    plain = yaml.load(text_of(name), yaml.CBaseLoader)
    assert parse(text_of(name)) == ((plain if isinstance(plain, list) else [plain]) if plain else [])


@pytest.mark.parametrize("name", names("valid"))
def test_line_ends_and_a_mark_change_nothing(name: str, tmp_path: Path) -> None:
    lines = text_of(name).replace("\r\n", "\n")
    for number, text in enumerate((lines, lines.replace("\n", "\r\n"), "\ufeff" + lines)):
        path = tmp_path / f"{number}.yaml"
        path.write_bytes(text.encode())
        again = read(path, "x.yaml")
        assert again == parse(text_of(name))
        assert [record.lines for record in again] == [record.lines for record in parse(lines)]


def literals(record: Record) -> Iterator[str]:
    """What the record and those inside it say in texts, dates and numbers."""
    for inner in walk(record):
        for field in inner:
            if field in terms() and terms()[field].kind in ("text", "datatype"):
                yield from (str(value) for value in records.values(inner, field))


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", names("valid"))
def test_both_json_ld_parsers_give_the_same_graph_with_every_text(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    case = put(path_of("valid", name).read_bytes(), tmp_path / "case")
    case.files = {file: records for file, records in case.files.items() if "extra" in file}
    oxigraph, graph = set(), rdflib.Graph()
    for _, jsonld in case.graphs():
        oxigraph |= {quad.triple for quad in ox.parse(jsonld, format=ox.RdfFormat.JSON_LD, base_iri=BASE_IRI)}
        graph.parse(data=jsonld, format="json-ld", publicID=BASE_IRI)
    assert oxigraph == {quad.triple for quad in ox.parse(graph.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)}
    said = {triple.object.value for triple in oxigraph if isinstance(triple.object, ox.Literal)}
    assert {text for file in case.files.values() for record in file for text in literals(record)} == said


def test_the_digits_of_money_are_kept(tmp_path: Path) -> None:
    """The store writes a decimal in its shortest form (1.5), but every digit of its value is there."""
    store = put(path_of("valid", "money-to-the-last-digit").read_bytes(), tmp_path / "case").load()
    values = {quad.object.value for quad in store.quads_for_pattern(None, ox.NamedNode(ACC + "value"), None, None)}
    assert values == {"12345678901234567.89", "1.5", "1500000"}


def test_ten_thousand_nested_quotation_marks_are_kept(tmp_path: Path) -> None:
    note = "".join(("“" if depth % 2 else "‘") + '"' for depth in range(10_000)) + "x" + "”’" * 10_000
    raw = f"- id: person/extra\n  type: Person\n  label: E\n  source: report/minutes\n  note: '{note}'\n".encode()
    case = put(raw, tmp_path / "case")
    assert findings(case) == []
    assert any(quad.object == ox.Literal(note) for quad in case.load())


# ---------------------------------------------------------------- What no file can hold


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "[" * 100_000 + "]" * 100_000, "{a: " * 100_000, "- " * 100_000 + "a", "? " * 100_000, "&a [" * 100_000],
    ids=["open", "closed", "braces", "dashes", "keys", "anchors"],
)
def test_a_hundred_thousand_levels_are_refused_at_once(text: str) -> None:
    with pytest.raises(RecordError) as error:
        parse(text)
    assert error.value.line == 1
    assert error.value.remedy


def test_a_record_as_deep_as_allowed_is_read() -> None:
    depth = records.DEEPEST
    assert parse("note: " + "[" * depth + "a" + "]" * depth)
    with pytest.raises(RecordError, match=f"nested deeper than {depth} levels"):
        parse("note: " + "[" * (depth + 1) + "a" + "]" * (depth + 1))


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "large.yaml").open("wb") as file:
        file.truncate(records.LARGEST + 1)
    with pytest.raises(RecordError, match="larger than 256 MiB - split the file"):
        read(tmp_path / "large.yaml")


def test_what_is_no_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    for name in ("none.yaml", "folder.yaml"):
        with pytest.raises(RecordError, match=f"{name}: .* - check the path"):
            read(tmp_path / name)


def test_a_folder_without_a_case_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="no such file, so this is not a case - name a case folder"):
        read_case(tmp_path)


# ---------------------------------------------------------------- All at once

FIVE = """\
- id: person/Extra
  type: Person
  lable: Extra
- id: event/extra
  type: Event
  label: Something
  date: 4.3.2024
  participant: person/nobody
  source: report/minutes
- id: topic/extra
  type: Topic
  label: extra
"""


def test_all_faults_are_found_in_one_run(tmp_path: Path) -> None:
    actual = findings(put(FIVE.encode(), tmp_path / "case"))
    assert [(finding.line, finding.message) for finding in actual] == [
        (1, "`person/Extra` is not an identifier"),
        (3, "unknown field `lable`"),
        (7, "`date: 4.3.2024` is not a day"),
        (8, "`participant: person/nobody` is nowhere in the case"),
        (10, "A topic or measure has exactly one definition, so that others use it alike"),
    ]


def test_a_file_that_cannot_be_read_hides_no_fault_of_another_and_invents_none(tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(BASE, case)
    (case / "reports.yaml").write_text("- id: 'report/minutes\n", "utf-8")
    (case / "topics.yaml").write_text("- id: topic/safety\n  type: Topic\n  lable: safety\n", "utf-8")
    assert [(Path(finding.file).name, finding.line) for finding in findings(read_case(case))] == [("reports.yaml", 1), ("topics.yaml", 3)]


def test_a_fault_in_one_record_does_not_show_in_those_that_point_to_it(tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(BASE, case)
    actors = (case / "actors.yaml").read_text("utf-8").replace("type: Person\n  label: Ida", "type: Persn\n  label: Ida")
    (case / "actors.yaml").write_text(actors, "utf-8")
    assert [finding.message for finding in findings(read_case(case))] == ["unknown type `Persn`"]


# ---------------------------------------------------------------- Two SHACL engines

SHACL = rdflib.Namespace("http://www.w3.org/ns/shacl#")


def rudof(data: str, format: Any) -> set[tuple[str, str]]:
    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    engine.read_shacl(SHAPES.read_text("utf-8"))
    engine.read_data(data, format=format)
    results = engine.validate_shacl().violations
    return {(str(result.focus_node), result.source_shape.partition("#")[2]) for result in results}


def oracle(data: str) -> set[tuple[str, str]]:
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    graph = rdflib.Graph().parse(data=data, format="nt")
    _, report, _ = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES), advanced=False, inference="none", allow_warnings=True)
    assert isinstance(report, rdflib.Graph)
    return {
        (str(report.value(result, SHACL.focusNode)), str(report.value(result, SHACL.sourceShape)).partition("#")[2])
        for result in report.objects(None, SHACL.result)
    }


def added(kind: str, root: Path) -> Iterator[str]:
    """The triples that each file adds to the base case, its own records renamed so that all files can stand in one graph."""
    base = {quad.triple for quad in read_case(BASE).load()}
    known = {triple.subject for triple in base}
    yield "".join(f"{triple} .\n" for triple in base)
    for name in names(kind):
        case = put(path_of(kind, name).read_bytes(), root / name)
        new = {quad.triple for quad in case.load()} - base if case.whole else set()
        own = {triple.subject for triple in new if isinstance(triple.subject, ox.NamedNode)} - known
        for triple in new:
            subject, value = (ox.NamedNode(f"{node.value}-of-{name}") if node in own else node for node in (triple.subject, triple.object))
            yield f"{ox.Triple(subject, triple.predicate, value)} .\n"


#: Files on whose literals the engines differ. Both are of no account here, as `kg` checks literals before the shapes.
DIFFERENT = {
    "date-basic-week": "rdflib takes 2024-W10-1 for an xsd:date",
    "time-date-only": "rdflib takes a date for an xsd:dateTime",
    "number-exponent": "rdflib takes 1e3 for an xsd:decimal",
    "offset-other-digits": "rdflib takes full-width digits for an xsd:integer",
    "date-no-such-day": "rudof takes 2023-02-29 for an xsd:date",
    "date-month-in-the-day-field": "rudof takes 2024-03 for an xsd:date",
}


@pytest.mark.parametrize("kind", ["valid", "invalid"])
def test_pyshacl_finds_what_rudof_finds(kind: str, tmp_path: Path) -> None:
    """Results are compared by focus node and shape: each shape with a message has one path, so this says the path too."""
    data = "".join(added(kind, tmp_path))
    ours, theirs = (
        {(node if node.startswith("http") else "_:", shape) for node, shape in results}
        for results in (rudof(data, pyrudof.RDFFormat.NTriples), oracle(data))
    )
    different = {node.partition("-of-")[2] or node for node, _ in ours ^ theirs}
    assert different == (set(DIFFERENT) if kind == "invalid" else set())
    assert len(ours) > (100 if kind == "invalid" else 1)


# ---------------------------------------------------------------- Any text at all

YAMLISH = st.text(st.sampled_from("-:[]{}&*!|>'\"#%@`?,.~ \n\t\\0xuD8a\x00\x85\u2028\ufeff\ud800é") | st.characters(), max_size=60)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60) | YAMLISH)
@example("? [a]\n: b")
@example('a: "\\uD800"')
@example("%YAML 9.9\n--- a")
@example("&a [*a]")
@example("--- \n...\n...\n--- ")
def test_any_text_is_read_or_is_a_record_error(text: str) -> None:
    try:
        found = parse(text)
    except RecordError as error:
        assert error.message
        assert error.remedy
        assert 0 <= error.line <= len(re.split("\r\n|[\n\r\x85\u2028\u2029]", text)) + 1
    else:
        assert all(isinstance(record, Record) for record in found)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(names("valid")), st.floats(0, 1), st.integers(0, 5), YAMLISH)
def test_any_slip_of_the_pen_is_read_or_is_a_record_error(name: str, place: float, cut: int, typed: str) -> None:
    text = text_of(name)
    at = int(place * len(text))
    try:
        parse(text[:at] + typed + text[at + cut :])
    except RecordError as error:
        assert error.remedy


KEYS = st.sampled_from(
    [*terms(), "@context", "@id", "@type", "@value", "@graph", "@reverse", "@list", "@none", "acc:speaker", "http://e.org/", ""]
)
TEXTS = st.sampled_from(
    ["person/a", "report/b", "Person", "2024", "https://e.org/[", "_:b", "@id", "@json", "a b", "//e", "%zz", ""]
) | st.text(max_size=9)
THINGS: st.SearchStrategy[Any] = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(KEYS, THINGS, max_size=5), max_size=3))
def test_any_records_are_checked_and_loaded_without_an_accident(things: list[Any]) -> None:
    text = yaml.dump(things, allow_unicode=False, Dumper=yaml.CSafeDumper, default_style='"')
    try:
        found = parse(text)
    except RecordError:
        return
    case = Case(Path("case"), {"case.yaml": parse("id: case\nbase: https://example.org/"), "extra.yaml": found})
    for record in found:
        complete(record)
        assert all(finding.message and finding.line for finding in check(record))
    case.load()
