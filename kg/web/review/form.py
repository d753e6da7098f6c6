"""A candidate as a form, and what the form that comes back changes in its record.

It shows names where a record holds identifiers: who reviews thinks of people, not of `person/…`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from kg.curation.review import NAMED, Names
from kg.errors import Finding
from kg.records import Record, text, values
from kg.vocabulary import SCHEME, terms

#: The acts by family, as docs/records.md has them.
ACTS = {
    "states": ("Claim", "Finding", "Denial", "Acknowledgement"),
    "asks": ("Demand", "Recommendation", "Question"),
    "commits": ("Commitment", "Refusal"),
    "feels": ("Apology", "Criticism", "Support", "Dismay"),
    "decides": ("Decision",),
}
#: Fields with one value, with several, and the fields that one date of the form stands for.
ONE = ("speaker", "capacityAsWorded", "mode", "summary", "quote", "note")
SEVERAL = ("type", "about", "addressee", "topic")
DATES = {"said": ("saidOn", "saidInMonth", "saidInYear"), "due": ("dueDate", "dueMonth", "dueYear")}
FIGURE = ("asWorded", "measure", "value", "minValue", "maxValue", "unit", "qualifier", "population", "period")
_FIGURE = re.compile(r"figure-([0-9]{1,3})-(\w+)")

#: What a form holds: a text, a list of texts, or for `figures` a list of fields and texts.
Filled = dict[str, Any]


@cache
def concepts(scheme: str) -> list[str]:
    """The values of a field that takes the concepts of a scheme (`modes`, `units`, `qualifiers`)."""
    return [term.name for term in terms().values() if term.kind == "concept" and term.iri.startswith(f"{SCHEME}{scheme}#")]


def filled(record: Record, names: Names) -> Filled:
    """The form of a record."""
    form: Filled = {name: _shown(names, name, text(record, name)) for name in ONE}
    form |= {name: [_shown(names, name, value) for value in _texts(record, name)] for name in SEVERAL}
    form |= {name: next((text(record, one) for one in fields if text(record, one)), "") for name, fields in DATES.items()}
    figures = [one for one in values(record, "figures") if isinstance(one, Record)]
    form["figures"] = [{name: _shown(names, name, text(one, name)) for name in FIGURE} for one in figures]
    return form


def _shown(names: Names, field: str, value: str) -> str:
    return names.name(value, field) if field in NAMED else value


def _texts(record: Record, field: str) -> list[str]:
    return [value for value in values(record, field) if isinstance(value, str)]


def sent(form: Mapping[str, Sequence[str]]) -> Filled:
    """The form that somebody sent: what each field holds, without what was left empty."""
    found: Filled = {name: _one(form, name) for name in (*ONE, *DATES)}
    found |= {name: list(dict.fromkeys(filter(None, map(_line, form.get(name, ()))))) for name in SEVERAL}
    figures: dict[int, dict[str, str]] = {}
    for name in form:
        if (place := _FIGURE.fullmatch(name)) and place[2] in FIGURE:
            figures.setdefault(int(place[1]), dict.fromkeys(FIGURE, ""))[place[2]] = _one(form, name)
    found["figures"] = [figures[number] for number in sorted(figures)]
    return found


def _one(form: Mapping[str, Sequence[str]], name: str) -> str:
    return _line(next(iter(form.get(name, ())), ""))


def _line(value: str) -> str:
    return " ".join(value.split())


def changes(record: Record, form: Filled, names: Names) -> dict[str, Any]:
    """The fields in which the form differs from the record: what they are to hold, None where they go."""
    old = filled(record, names)
    found: dict[str, Any] = {}
    for name in ONE:
        if form[name] != _line(old[name]):
            found[name] = _meant(names, name, form[name]) or None
    for name in SEVERAL:
        if form[name] != old[name]:
            found[name] = _short([_meant(names, name, value) for value in form[name]])
    for name, fields in DATES.items():
        if form[name] != old[name]:
            found |= dict.fromkeys([one for one in fields if one in record], None)
            if form[name]:
                found[fields[{10: 0, 7: 1, 4: 2}.get(len(form[name]), 0)]] = form[name]
    figures = _figures(record, form["figures"], names)
    if figures is not None:
        found["figures"] = figures or None
    return found


def unknown(form: Filled, names: Names, speaker_is: str) -> list[Finding]:
    """The names in the form that nothing in the case has, or that several things have; a new speaker's is not held against it."""
    typed = [(name, value) for name in NAMED for value in ([form[name]] if name in ONE else form.get(name, ())) if value]
    typed += [("figures", figure["measure"]) for figure in form["figures"] if figure["measure"]]
    found = []
    for name, value in typed:
        field = "measure" if name == "figures" else name
        if not names.knows(names.identifier(value, field)) and not (name == "speaker" and speaker_is):
            new = "say that it is new" if name == "speaker" else "write its record first"
            found.append(
                Finding("", 0, "", f"`{name}`: nothing is called “{value}”, or several things are", f"choose one of the list, or {new}")
            )
    return found


def _meant(names: Names, field: str, value: str) -> str:
    return names.identifier(value, field) if field in NAMED and value else value


def _short(found: list[str]) -> str | list[str] | None:
    return found if len(found) > 1 else found[0] if found else None


def _figures(record: Record, form: list[dict[str, str]], names: Names) -> list[dict[str, Any]] | None:
    """All figures of a statement where one of them changed, with what the form does not show of them; an emptied one is left out."""
    before = [one for one in values(record, "figures") if isinstance(one, Record)]
    kept: list[dict[str, Any]] = []
    for number, fields in enumerate(form):
        rest = {name: value for name, value in before[number].items() if name not in FIGURE} if number < len(before) else {}
        rest = {name: value for name, value in rest.items() if name != "type" and "#" not in str(value)}  # what `complete` put there
        if any(fields.values()):
            kept.append({**{name: _meant(names, name, value) for name, value in fields.items() if value}, **rest})
    old = [{name: _line(one) for name, one in fields.items()} for fields in filled(record, names)["figures"]]
    new = [fields for fields in form if any(fields.values())]
    return None if old == new else kept
