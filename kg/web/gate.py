"""The gate: what a SPARQL query looks like before anything runs it.

It reads tokens, not the grammar: enough to refuse what would keep the engine busy for minutes while it plans, or crash
it, and what would reach out of the machine. It is an aid that gives a clear message early; what holds is the process that
the query runs in (``kg.web.workers``). The time it takes grows with the length of the text, whatever the text is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

from kg.errors import QueryError

BYTES = 64_000
DEPTH = 40
PATTERNS = 60
OPERATORS = 200

# Possessive quantifiers throughout, and an unclosed string ends the reading: no input makes the expression try twice.
_TOKEN = re.compile(
    r"""
      (?P<space>[\s\ufeff]++|\#[^\r\n]*+)
    | (?P<string>\"\"\"(?:[^"\\]++|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]++|\\.|'(?!''))*+'''
               | "(?!"")(?:[^"\\\r\n]++|\\.)*+" | '(?!'')(?:[^'\\\r\n]++|\\.)*+')
    | (?P<unclosed>["'])
    | (?P<iri><[^\x00-\x20<>"{}|^`]*+>)
    | (?P<variable>[?$]\w++)
    | (?P<tag>@[A-Za-z][A-Za-z0-9-]*+)
    | (?P<number>(?:\d++(?:\.\d++)?|\.\d++)(?:[eE][+-]?\d++)?)
    | (?P<word>[^\W\d](?:[\w\u00b7-]|\.++(?=[\w-]))*+(?P<local>:(?!\.)(?:[\w:\u00b7-]|%[0-9A-Fa-f]{2}|\\.|\.++(?=[\w:%\\-]))*+|:)?)
    | (?P<name>:(?!\.)(?:[\w:\u00b7-]|%[0-9A-Fa-f]{2}|\\.|\.++(?=[\w:%\\-]))*+|:)
    | (?P<open>[{(\[])
    | (?P<close>[})\]])
    | (?P<operator>&&|\|\||!=|<=|>=|\^\^|[!=<>+*/|^-])
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PARTS = re.compile(r"[^\W\d]\w*")
#: Keywords need no space after them: what may be a prefix and a name may be SERVICE and a name as well.
_SERVICE = re.compile(r"(?:(?:TRUE|FALSE)\.*)?SERVICE", re.IGNORECASE)
_WRITE = "write SELECT, ASK, CONSTRUCT or DESCRIBE"
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
_VOLATILE = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}
_CLAUSES = {"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "EXISTS", "NOT", "IN"}
#: After these words come variables or values rather than triples, up to the next brace.
_SILENT = {"SELECT", "VALUES", "GRAPH", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "DESCRIBE", "FROM"}
_TERMS = {"string", "iri", "variable", "number", "name"}
_OPERANDS = {*_TERMS, "tag", "close"}


@dataclass(frozen=True, slots=True)
class Outline:
    """A query from outside: its ``form`` (SELECT, ASK, CONSTRUCT, DESCRIBE), and what was counted in it.

    ``dataset`` says whether it names its own (FROM), ``volatile`` whether it may answer differently each time (NOW, RAND).
    """

    form: str
    dataset: bool
    volatile: bool
    depth: int
    patterns: int
    operators: int


@lru_cache(maxsize=8)
def check(text: str) -> Outline:
    """The outline of a query that may be run.

    Raises ``QueryError`` where the text is no query, where it is too long, too deep or has too many parts, or where it asks
    another machine; the message says where.

    >>> check("SELECT * { ?s ?p ?o ; ?q 'SERVICE' }").patterns
    2
    """
    if len(text) > BYTES or len(text.encode("utf-8", "surrogatepass")) > BYTES:
        raise QueryError(f"the query is longer than {BYTES:,} bytes", "ask for less in one query")
    reader = _Reader(text)
    place = 0
    while match := _TOKEN.match(text, place):
        place = reader.read(match)
    return reader.outline()


class _Reader:
    """Counts what goes by."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.form = ""
        self.dataset = self.volatile = False
        self.brackets: list[str] = []
        self.outside: list[tuple[int, bool]] = []  # what ``terms`` and ``silent`` were before each of them
        self.depth = self.patterns = self.operators = 0
        self.terms = 0  # since the last mark: a triple is what stands between two marks
        self.silent = False
        self.values = 0  # the depth of the block of VALUES that is being read
        self.operand = False  # whether what was read last may be compared
        self.name = ""  # what was read last, if it is a prefixed name

    def read(self, match: re.Match[str]) -> int:
        """Take one token in; what comes back is where the next one begins."""
        kind, sign = match.lastgroup or "", match.group()
        if kind == "iri" and self._compares(match):
            kind, sign = "operator", "<"
        if kind != "space":
            self._take(kind, sign, match)
            self.operand = kind in _OPERANDS or bool(match["local"]) or sign.upper() in ("TRUE", "FALSE")
            self.name = sign if kind == "word" and match["local"] else ""
        return match.start() + len(sign)

    def _compares(self, match: re.Match[str]) -> bool:
        """Whether what looks like an IRI may be a comparison: in parentheses, after something that can be compared.

        Refused is what hides something in one of the two readings: a string or a comment may begin in it.
        """
        if not self.operand or self.values or self.brackets[-1:] != ["("]:
            return False
        if "'" in match.group() or "#" in match.group():
            raise QueryError(f"`<` at {self._place(match)} may compare or begin an IRI", "put a space after it, or use a prefix")
        return True

    def _take(self, kind: str, sign: str, match: re.Match[str]) -> None:
        if kind == "tag":
            return
        if kind in _TERMS:
            self._term()
        elif kind == "word" and match["local"]:
            self._term()  # a prefixed name
        elif kind == "word":
            for word in _PARTS.findall(sign):
                self._word(word.upper(), match)
        elif kind == "open":
            self._open(sign, match)
        elif kind == "close":
            self._close(sign)
        elif kind == "operator":
            self._operator(sign)
        elif kind == "unclosed":
            raise QueryError(f"the string that begins at {self._place(match)} is not closed", "put a quotation mark at its end")
        elif sign in ".;,":
            self._mark()
        self._bound(match)

    def outline(self) -> Outline:
        """What was counted; raises ``QueryError`` where there was no query."""
        if not self.form:
            raise QueryError("there is no query in the text", _WRITE)
        return Outline(self.form, self.dataset, self.volatile, self.depth, self.patterns, self.operators)

    def _term(self) -> None:
        in_list = bool(self.brackets) and self.brackets[-1] == "("
        if in_list and self.terms and not self.silent:
            self.patterns += 2  # two terms side by side in parentheses: a list, and a list is two triples an item
        self.terms += 1

    def _word(self, word: str, match: re.Match[str]) -> None:
        if word == "LOAD" or "SERVICE" in word:
            self._refuse_outward("LOAD" if word == "LOAD" else "SERVICE", match)
        if not self.form and word not in ("BASE", "PREFIX"):
            self._first(word, match)
        if word in ("A", "TRUE", "FALSE", "UNDEF"):
            self._term()
            return
        self._mark()
        self.operators += word in _CLAUSES
        self.dataset |= word == "FROM"
        self.volatile |= word in _VOLATILE
        self.silent |= word in _SILENT
        if word == "VALUES":
            self.values = len(self.brackets) + 1

    def _refuse_outward(self, word: str, match: re.Match[str]) -> NoReturn:
        raise QueryError(f"{word} at {self._place(match)} would ask another machine", "ask that machine itself")

    def _first(self, word: str, match: re.Match[str]) -> None:
        if word in _UPDATES:
            raise QueryError(f"{word} at {self._place(match)} would change the graph; queries only read", "change the records and build")
        if word not in _FORMS:
            raise QueryError(f"a query cannot begin with `{word[:40]}`, at {self._place(match)}", _WRITE)
        self.form = word

    def _open(self, sign: str, match: re.Match[str]) -> None:
        if sign == "{" and _SERVICE.match(self.name):
            self._refuse_outward("SERVICE", match)
        if sign == "[":
            self._mark()
        self.brackets.append(sign)
        self.outside.append((self.terms, self.silent))
        self.terms = 0
        self.depth = max(self.depth, len(self.brackets))
        if self.depth > DEPTH:
            raise QueryError(f"brackets are nested more than {DEPTH} deep at {self._place(match)}", "write it flatter")
        if sign == "{":
            self.silent = bool(self.values)

    def _close(self, sign: str) -> None:
        self._mark()
        if not self.brackets:
            return
        self.brackets.pop()
        terms, silent = self.outside.pop()
        if sign == "}":
            self.values = self.values if len(self.brackets) >= self.values else 0
            self.silent = bool(self.values)
        else:
            self.terms = terms + 1 if terms else 0  # what is in brackets stands for a term, where a triple has begun
            self.silent = silent

    def _operator(self, sign: str) -> None:
        self.operators += 1
        if sign in "/^" and not self.silent:
            self.patterns += 1  # a step of a path is a triple of its own
        if sign in ("<", ">", "=", "!=", "<=", ">=", "&&", "||", "!") or self.brackets[-1:] == ["("]:
            self.terms = 0

    def _mark(self) -> None:
        """The end of a triple, if one stood before it."""
        if self.terms > 0 and not self.silent and self.brackets and self.brackets[-1] in "{[":
            self.patterns += 1
        self.terms = 0

    def _bound(self, match: re.Match[str]) -> None:
        if self.patterns > PATTERNS:
            raise QueryError(f"more than {PATTERNS} triple patterns, counted up to {self._place(match)}", "ask in several queries")
        if self.operators > OPERATORS:
            raise QueryError(f"more than {OPERATORS} operators, counted up to {self._place(match)}", "use VALUES or several queries")

    def _place(self, match: re.Match[str]) -> str:
        before = self.text[: match.start()]
        return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"
