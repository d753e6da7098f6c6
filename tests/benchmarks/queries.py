"""The catalogue of questions: our store in memory and on disk against plain rdflib in memory, same graph, same answers."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.benchmarks.apart import Worker, apart
from tests.benchmarks.build import build_kg
from tests.benchmarks.cases import write_case
from tests.benchmarks.engines import ENGINES, serve
from tests.benchmarks.measure import table

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.queries import Parameter

#: Processor seconds that a question may take; rdflib's are then "more than", and their ratio too.
LIMIT = 60.0
#: Seconds that loading may take.
LOADING = 3600.0
#: Values of the parameters that are no things: most of the made-up dates, a kind of thing; others are left open.
TEXTS = {"since": "2016", "until": "2024-06-30", "kind": "person"}
#: The properties whose most frequent value fits a parameter that is not called like its property.
PROPERTIES = {"institution": "about", "item": "assesses", "origin": "originatesFrom", "owner": "owedBy"}
PROPERTIES |= {"post": "capacity", "report": "reportedIn"}
#: The same for single questions, where such a value would have no answer.
OF_QUESTION = {"answers-to-report": "respondsTo", "reports-cited": "cites", "ledger-evidence": "bearsOn"}


def run(statements: int = 100_000, seconds: float = LIMIT) -> dict[str, Any]:
    """Each question of the catalogue, with parameters bound, asked of each engine.

    In small cases some questions have no answer; rdflib's then differs, as it makes one group of nothing, against SPARQL 1.1.
    """
    with TemporaryDirectory() as folder:
        graph, nquads, built = prepare(Path(folder), statements)
        questions: dict[str, str] = apart(bound, graph)
        answers = {engine: _ask_all(engine, graph, nquads, questions, seconds) for engine in ENGINES}
    rows = {name: _compare({engine: answers[engine][name] for engine in ENGINES}, seconds) for name in questions}
    return {
        "statements": statements,
        "quads": built["quads"],
        "build_seconds": built["wall"],
        "queries": rows,
        "median_ratio_memory": _median(row["ratio_memory"] for row in rows.values()),
        "median_ratio_disk": _median(row["ratio_disk"] for row in rows.values()),
        "rdflib_in_time": sum(row["rdflib_in_time"] for row in rows.values()),
        "median_ratio_memory_in_time": _median(row["ratio_memory"] for row in rows.values() if row["rdflib_in_time"]),
        "median_ratio_disk_in_time": _median(row["ratio_disk"] for row in rows.values() if row["rdflib_in_time"]),
        "slower_than_rdflib": [name for name, row in rows.items() if min(row["ratio_memory"] or 9, row["ratio_disk"] or 9) < 1],
        "answers_differ": [name for name, row in rows.items() if not row["same"]],
    }


def prepare(root: Path, statements: int) -> tuple[Path, Path, dict[str, Any]]:
    """A store on disk, the same quads as an N-Quads file, and what building took (without SHACL: `build` measures it)."""
    graph, nquads = root / "graph", root / "graph.nq"
    built = apart(build_kg, write_case(root / "case", statements), graph, False)
    apart(_dump, graph, nquads)
    return graph, nquads, built


def _dump(graph: Path, nquads: Path) -> None:
    import pyoxigraph as ox

    from kg.store import open_store

    open_store(graph)[0].dump(str(nquads), format=ox.RdfFormat.N_QUADS)


def bound(graph: Path) -> dict[str, str]:
    """The text of each question with every parameter bound to a fitting and frequent term."""
    from kg.queries import bind, catalogue
    from kg.store import open_store

    store, _ = open_store(graph)
    terms: dict[tuple[str, str], ox.NamedNode | ox.Literal | None] = {}
    texts = {}
    for name, query in catalogue().items():
        found = {}
        for parameter in query.parameters.values():
            path = OF_QUESTION.get(name) or PROPERTIES.get(parameter.name, parameter.name)
            if (path, parameter.type) not in terms:
                terms[path, parameter.type] = _frequent(store, parameter, path)
            if term := terms[path, parameter.type]:
                found[parameter.name] = term
        texts[name] = bind(query, found)
    return texts


def _frequent(store: ox.Store, parameter: Parameter, path: str) -> ox.NamedNode | ox.Literal | None:
    """The most frequent thing of the parameter's class, as value of the property that fits; none where there is none."""
    import pyoxigraph as ox

    from kg.queries import LITERALS
    from kg.vocabulary import ACC

    if parameter.type in LITERALS:
        return ox.Literal(TEXTS[parameter.name]) if parameter.name in TEXTS else None
    kind = f"FILTER EXISTS {{ ?thing a <{ACC}{parameter.type}> }}" if parameter.type != "Thing" else ""
    counted = f"?s <{ACC}{path}> ?thing FILTER(isIRI(?thing))"
    grouped = f"SELECT ?thing (COUNT(DISTINCT ?s) AS ?n) {{ {counted} }} GROUP BY ?thing"
    rows = store.query(f"SELECT ?thing {{ {{ {grouped} }} {kind} }} ORDER BY DESC(?n) ?thing LIMIT 1", use_default_graph_as_union=True)
    return next((row["thing"] for row in rows), None)  # type: ignore[union-attr]


def _ask_all(engine: str, graph: Path, nquads: Path, questions: dict[str, str], seconds: float) -> dict[str, dict[str, Any]]:
    """The answers of an engine; one that does not come back in time is ended and started again."""
    answers: dict[str, dict[str, Any]] = {}
    while len(answers) < len(questions):
        with Worker(serve, engine, graph, nquads, seconds) as worker:
            worker.receive(LOADING)
            for name in [name for name in questions if name not in answers]:
                worker.pipe.send(questions[name])
                try:
                    answers[name] = worker.receive(5 * seconds + 30)
                except TimeoutError:
                    answers[name] = {"seconds": None}
                    break
    return answers


def _compare(answers: dict[str, dict[str, Any]], seconds: float) -> dict[str, Any]:
    """The milliseconds of each engine, rdflib's as a multiple of ours, and whether all answers are the same."""
    spent = {engine: answer["seconds"] for engine, answer in answers.items()}
    plain = seconds if spent["rdflib"] is None else spent["rdflib"]
    row: dict[str, Any] = {f"{engine}_ms": round(1000 * time, 3) if time is not None else None for engine, time in spent.items()}
    for engine in ("memory", "disk"):
        own = spent[engine]
        row[f"ratio_{engine}"] = round(plain / own, 2) if own else None
    row["rows"] = next((answer["rows"] for answer in answers.values() if "rows" in answer), None)
    row["rdflib_in_time"] = spent["rdflib"] is not None
    row["same"] = len({answer["digest"] for answer in answers.values() if "digest" in answer}) < 2
    row["errors"] = {engine: answer["error"] for engine, answer in answers.items() if "error" in answer}
    return row


def _median(ratios: Any) -> float | None:
    """The median; a question that we did not answer counts as nought."""
    numbers = [ratio or 0.0 for ratio in ratios]
    return round(median(numbers), 1) if numbers else None


def show(result: dict[str, Any]) -> str:
    """The result as text for a person."""
    rows = []
    for name, row in result["queries"].items():
        more = "" if row["rdflib_in_time"] else "> "
        ratios = [f"{more}{row[f'ratio_{engine}']}" if row[f"ratio_{engine}"] else None for engine in ("memory", "disk")]
        plain = row["rdflib_ms"] if row["rdflib_in_time"] else "out of time"
        rows.append([name, row["rows"], row["memory_ms"], row["disk_ms"], plain, *ratios, "yes" if row["same"] else "NO"])
    head = ["query", "rows", "memory ms", "disk ms", "rdflib ms", "memory ratio", "disk ratio", "same"]
    lines = [
        f"{result['statements']:,} statements, {result['quads']:,} quads",
        table(head, rows),
        f"median: {result['median_ratio_memory']} times as fast as rdflib in memory, {result['median_ratio_disk']} on disk",
        f"of the {result['rdflib_in_time']} of {len(rows)} that rdflib answered in time: {result['median_ratio_memory_in_time']} and "
        f"{result['median_ratio_disk_in_time']} times",
        f"slower than rdflib: {', '.join(result['slower_than_rdflib']) or 'none'}",
        f"other answers: {', '.join(result['answers_differ']) or 'none'}",
        *(f"{name}: {engine}: {error}" for name, row in result["queries"].items() for engine, error in row["errors"].items()),
    ]
    return "\n".join(lines)
