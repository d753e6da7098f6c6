"""From YAML to a graph that is checked and inferred: `kg build`, and the same work done with rdflib and pySHACL."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.benchmarks.apart import apart
from tests.benchmarks.cases import write_case
from tests.benchmarks.measure import Clock, OutOfTime, limit, table

if TYPE_CHECKING:
    import rdflib

RUNS = 3
#: After so many seconds the build with rdflib is given up, and done with a smaller case.
LIMIT = 900


def run(statements: int = 10_000, seconds: float = LIMIT, runs: int = RUNS) -> dict[str, Any]:
    """Both builds of a case of so many statements; rdflib's of a smaller one where it takes longer than ``seconds``."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        ours = _median([apart(build_kg, _case(root, statements), root / f"graph-{run}") for run in range(runs)])
        size, plain = statements, apart(build_rdflib, root / str(statements), seconds)
        given_up = {}
        while "gave_up_in" in plain and size > 10:
            given_up[size] = plain["gave_up_in"]
            size //= 5
            plain = apart(build_rdflib, _case(root, size), seconds)
        beside = ours if size == statements else _median([apart(build_kg, root / str(size), root / f"small-{run}") for run in range(runs)])
    return {
        "statements": statements,
        "kg": ours,
        "rdflib": plain | {"statements": size, "given_up": given_up},
        "kg_beside_rdflib": beside | {"statements": size},
        "ratio_wall": round(plain["wall"]["total"] / beside["wall"]["total"], 1) if "wall" in plain else None,
        "ratio_cpu": round(plain["cpu"]["total"] / beside["cpu"]["total"], 1) if "cpu" in plain else None,
    }


def _case(root: Path, statements: int) -> Path:
    folder = root / str(statements)
    return folder if folder.exists() else write_case(folder, statements)


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The run whose processor time is the median."""
    found: dict[str, Any] = sorted(runs, key=lambda run: float(run["cpu"]["total"]))[len(runs) // 2]
    return found


def build_kg(case: Path, graph: Path, shapes: bool = True) -> dict[str, Any]:
    """Build the case into a store on disk, if asked without SHACL; how many quads, and the seconds of each step."""
    from kg import validation
    from kg.build import build

    if not shapes:
        validation.check_shapes = lambda *arguments: iter(())
    clock = Clock()
    built = build(case, graph, progress=clock)
    clock()
    seconds = clock.as_dict()
    quads = built.manifest.quads
    return {"quads": quads, "quads_per_second": round(quads / seconds["wall"]["total"]), **seconds}


def build_rdflib(case: Path, seconds: float = LIMIT) -> dict[str, Any]:
    """The same case, checks, shapes and rules with rdflib and pySHACL, into memory; nothing is written to disk.

    The records are read and checked by the same code as in `kg`; rdflib's JSON-LD parser fills a Dataset with a named
    graph per report. Where it takes longer than ``seconds`` the answer says in which step it was given up.
    """
    clock = Clock()
    try:
        with limit(seconds):
            quads = sum(1 for _ in fill(case, clock).quads())
    except OutOfTime:
        return {"gave_up_in": clock.step}
    clock()
    spent = clock.as_dict()
    return {"quads": quads, "quads_per_second": round(quads / spent["wall"]["total"]), **spent}


def fill(folder: Path, clock: Clock) -> rdflib.Dataset:
    """The case in an rdflib Dataset, checked, and with what the rules derive."""
    clock("read")
    from kg.cases import DERIVED, read_case
    from kg.inference import rules
    from kg.validation import check_passages
    from kg.vocabulary import folder as shared
    from kg.vocabulary import ontology_files

    case = read_case(folder)
    documents, missing = case.documents()
    clock("load")
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    for graph, jsonld in case.graphs():
        dataset.graph(rdflib.URIRef(graph)).parse(data=jsonld, format="json-ld", publicID=case.base)
    clock("check")
    import pyshacl

    shapes = rdflib.Graph().parse(shared("ontology") / "shapes.ttl")
    conforms, _, report = pyshacl.validate(dataset, shacl_graph=shapes, inference="none")
    if not conforms or any((*case.findings, *missing, *check_passages(case, documents))):
        raise ValueError(f"the case has findings: {report[:400]}")
    for path in ontology_files():
        dataset.graph(rdflib.URIRef(path.as_uri())).parse(path)
    clock("infer")
    derived = dataset.graph(rdflib.URIRef(case.iri(DERIVED)))
    size = -1
    while size != len(derived):
        size = len(derived)
        for rule in rules():
            constructed: list[Any] = list(dataset.query(rule.text))
            for triple in constructed:
                if triple not in dataset:
                    derived.add(triple)
    return dataset


def show(result: dict[str, Any]) -> str:
    """The result as text for a person."""
    ours, plain, beside = result["kg"], result["rdflib"], result["kg_beside_rdflib"]
    size = beside["statements"]
    sides = [("kg", result["statements"], ours), ("kg", size, beside), ("rdflib", size, plain)]
    if size == result["statements"]:
        del sides[1]
    steps = [step for step in ours["wall"] if step != "total"]
    head = ["build", "statements", "quads", "quads/s", "s", "CPU s", *(f"{step} s" for step in steps)]
    rows = []
    for name, statements, side in sides:
        if "wall" in side:
            totals = (side["quads"], side["quads_per_second"], side["wall"]["total"], side["cpu"]["total"])
            rows.append([name, statements, *totals, *map(side["wall"].get, steps)])
    gave_up = [f"rdflib gave up {n:,} statements in the step `{step}`" for n, step in plain["given_up"].items()]
    ratio = f"kg is {result['ratio_wall']} times as fast as rdflib with pySHACL ({result['ratio_cpu']} times by processor time)"
    return "\n".join([table(head, rows), *gave_up, ratio])
