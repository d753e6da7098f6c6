"""The SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/) for queries, and the description of the service.

An answer comes whole, with status 200, or there is a status that says why not:

    400  the query cannot be understood        413  the query or its answer is too large
    403  an update: the graph is only read     415  a body that is no query and no form
    406  no format that the client accepts     503  it takes too long or too much memory, or too many ask

Methods and the headers for pages of other sites (CORS) are the business of ``kg.web.bounds``.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from kg.errors import KgError, LimitError, ProtocolError
from kg.vocabulary import RDF
from kg.web import answers, gate, workers
from kg.web.negotiation import choose, holds

if TYPE_CHECKING:
    from kg.web.served import Served

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
HTML = "text/html"

#: Media types, each with the name of its format; a client that accepts anything gets the first.
RESULTS = {media_type: name for name, media_type in workers.RESULTS.items()}
RESULTS |= {"application/json": "json", "application/xml": "xml", "text/xml": "xml"}
GRAPHS = {media_type: name for name, media_type in workers.GRAPHS.items()}
GRAPHS |= {"application/json": "jsonld", "application/xml": "rdfxml", "text/xml": "rdfxml"}
#: Other names that clients give to formats in ``format=``.
_ALSO = {"ttl": "turtle", "n3": "turtle", "nt": "ntriples", "rdf": "rdfxml"}
#: What ``format=`` means where it names a format of the other kind of answer.
_COUNTERPARTS = {"json": "jsonld", "xml": "rdfxml", "jsonld": "json", "rdfxml": "xml"}
_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_ONCE = ("query", "update", "format")
_GRAPHS = ("default-graph-uri", "named-graph-uri")
_MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Operation:
    """A query as the protocol carries it; ``format`` is what its parameter says."""

    query: str
    format: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


def routes(served: Served, page: Callable[[Request], Awaitable[Response]]) -> list[Route]:
    """The route of the endpoint over what is ``served``; a person who has no query yet gets the ``page``."""
    endpoint = Endpoint(served)

    async def respond(request: Request) -> Response:
        return await (page(request) if wants_page(request) else endpoint.respond(request))

    return [Route("/sparql", respond, methods=["GET", "HEAD", "POST"])]


class Endpoint:
    """The endpoint, over what is ``served`` at the moment."""

    def __init__(self, served: Served) -> None:
        self._served = served

    async def respond(self, request: Request) -> Response:
        """The answer to the query in the request, the description of the service where there is none, or what went wrong."""
        try:
            response = await self._respond(request)
        except KgError as error:
            response = refusal(request, error)
        except ClientDisconnect:
            response = Response(status_code=400)  # nobody reads it
        response.headers.add_vary_header("Accept")
        if request.method == "HEAD":
            response.body = b""  # its Content-Length stays that of the answer
        return response

    async def _respond(self, request: Request) -> Response:
        operation = await read(request)
        if operation is None:
            return await self._describe(request)
        outline = gate.check(operation.query)
        media_type, format = agree(operation.format, accept(request), GRAPHS if outline.form in ("CONSTRUCT", "DESCRIBE") else RESULTS)
        build = await self._served.current()
        headers = {} if outline.volatile else {"ETag": _etag(build.site.manifest.digest, operation, format), "Cache-Control": "no-cache"}
        if request.method != "POST" and headers and holds(request.headers.get("If-None-Match", ""), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        answer = await _unless_gone(request, _ask(build.workers, operation, format, request))
        return Response(answer.body, media_type=media_type, headers=headers)

    async def _describe(self, request: Request) -> Response:
        """The description of the service (https://www.w3.org/TR/sparql11-service-description/)."""
        media_type, format = agree(request.query_params.get("format", ""), accept(request), GRAPHS)
        build = await self._served.current()
        found = await build.workers.query("SELECT ?graph { GRAPH ?graph {} } ORDER BY ?graph", "json")
        graphs = [row["graph"]["value"] for row in json.loads(found.body)["results"]["bindings"]]
        triples = description(str(request.url.replace(query="", fragment="")), graphs)
        prefixes = {"sd": SD, "format": FORMATS}
        body = ox.serialize(triples, format=_RDF[format], prefixes=prefixes if format in ("turtle", "rdfxml") else None)
        return Response(body or b"", media_type=media_type, headers={"Cache-Control": "no-cache"})


_RDF = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


def wants_page(request: Request) -> bool:
    """Whether a person asks, and has no query yet: a browser that should see a page rather than the description."""
    if request.method not in ("GET", "HEAD") or {"query", "update", "format"} & set(request.query_params):
        return False
    return choose(accept(request), [*GRAPHS, HTML]) == HTML


def accept(request: Request) -> str:
    """All that the client says it accepts."""
    return ",".join(request.headers.getlist("Accept"))


async def read(request: Request) -> Operation | None:
    """The query that a request carries; None where a GET carries none.

    Raises ``ProtocolError`` where it carries an update, more than one query, too much, or nothing that can be read.
    """
    fields = _fields(request.scope.get("query_string", b""))
    if request.method == "POST":
        content_type = request.headers.get("Content-Type", "")
        name = _media_type(content_type)
        if name == _UPDATE:
            raise _read_only()
        if name == _FORM:
            fields += _fields(await _body(request, 3 * gate.BYTES + 8_000))  # each byte of it may be written as %XX
        elif name == _QUERY:
            fields.append(("query", _text(await _body(request, gate.BYTES))))
        else:
            raise ProtocolError(415, f"a body of type `{content_type[:80]}` is not understood", f"send {_QUERY} or {_FORM}")
    return _operation(fields, must=request.method == "POST")


def _operation(fields: Sequence[tuple[str, str]], must: bool) -> Operation | None:
    values = {name: [value for key, value in fields if key == name] for name in (*_ONCE, *_GRAPHS)}
    if values["update"]:
        raise _read_only()
    for name in _ONCE:
        if len(values[name]) > 1 and name != "format":
            raise ProtocolError(400, f"there are {len(values[name])} parameters `{name}`", "send one query at a time")
    if not values["query"]:
        if must:
            raise ProtocolError(400, "there is no query in the request", "send it as the parameter `query`")
        return None
    format = values["format"][0] if values["format"] else ""
    return Operation(values["query"][0], format, tuple(values["default-graph-uri"]), tuple(values["named-graph-uri"]))


def _media_type(content_type: str) -> str:
    """The media type in lower case; raises ``ProtocolError`` where it comes in another encoding than UTF-8."""
    name, _, parameters = content_type.partition(";")
    for parameter in parameters.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset" and value.strip().strip('"').lower() not in ("utf-8", "utf8", "us-ascii"):
            raise ProtocolError(415, f"the encoding {value.strip()[:40]} is not understood", "send UTF-8")
    return name.strip().lower()


async def _body(request: Request, most: int) -> bytes:
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > most:
            raise ProtocolError(413, f"the request is longer than {most:,} bytes", "ask for less in one query")
        parts.append(part)
    return b"".join(parts)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(400, f"the query is not UTF-8, from byte {error.start}", "send UTF-8") from None


def _fields(form: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(form.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise ProtocolError(400, "the parameters are not UTF-8", "send UTF-8") from None
    except ValueError:
        raise ProtocolError(400, f"there are more than {_MOST_FIELDS} parameters", "send fewer") from None


def agree(format: str, accepted: str, types: dict[str, str]) -> tuple[str, str]:
    """The media type and the name of the format to answer in: what ``format`` names, or else what is accepted.

    Raises ``ProtocolError`` where there is none.

    >>> agree("", "text/csv;q=0.5, application/xml", RESULTS)
    ('application/xml', 'xml')
    >>> agree("json", "text/turtle", GRAPHS)
    ('application/ld+json', 'jsonld')
    """
    if not format:
        if media_type := choose(accepted, list(types)):
            return media_type, types[media_type]
        raise ProtocolError(406, "none of the accepted formats can hold this answer", f"accept one of {', '.join(types)}")
    if format.lower() in types:
        return format.lower(), types[format.lower()]
    name = "".join(char for char in format.lower() if char.isalnum())
    name = _ALSO.get(name, name)
    for wanted in (name, _COUNTERPARTS.get(name)):
        for media_type, known in types.items():
            if known == wanted:
                return media_type, known
    raise ProtocolError(406, f"`{format[:40]}` is not a format for this answer", f"ask for {', '.join(dict.fromkeys(types.values()))}")


def _read_only() -> ProtocolError:
    return ProtocolError(403, "the graph is only read here: updates are refused", "change the records and build the graph again")


def _etag(digest: str, operation: Operation, format: str) -> str:
    """Weak, because the same answer may come with its prefixes in another order."""
    parts = [digest, format, operation.query, operation.default_graphs, operation.named_graphs]
    return f'W/"{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}"'


async def _ask(asked: workers.Workers, operation: Operation, format: str, request: Request) -> workers.Answer:
    return await asked.query(
        operation.query,
        format,
        default_graphs=operation.default_graphs,
        named_graphs=operation.named_graphs,
        client=request.client.host if request.client else "",
    )


async def _unless_gone(request: Request, answer: Awaitable[workers.Answer]) -> workers.Answer:
    """The answer; raises ``ClientDisconnect`` where the client left before, and then nobody works on it any more."""
    task, gone = asyncio.ensure_future(answer), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise ClientDisconnect
    finally:
        for each in (task, gone):
            each.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def refusal(request: Request, error: KgError) -> Response:
    """The error as a response: JSON where JSON is accepted, else text."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, LimitError) and error.retry_after:
        headers["Retry-After"] = str(error.retry_after)
    status = error.status if isinstance(error, ProtocolError) else answers.status(error)
    types = ["text/plain", "application/json", "application/sparql-results+json", "application/ld+json"]
    if choose(accept(request), types) in types[1:]:
        said: dict[str, Any] = {"error": error.message, "remedy": error.remedy}
        return Response(json.dumps(said, ensure_ascii=False) + "\n", status, headers, "application/json")
    return Response(f"{error}\n", status, headers, "text/plain")


def description(endpoint: str, graphs: Sequence[str]) -> list[ox.Triple]:
    """The service in the terms of SPARQL 1.1 Service Description: languages, formats, the data set with its named graphs."""
    service, dataset, default = ox.BlankNode("service"), ox.BlankNode("dataset"), ox.BlankNode("default")
    formats = ["SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"]
    formats += ["Turtle", "N-Triples", "RDF_XML", "JSON-LD"]
    triples = [
        _triple(service, "type", "Service"),
        ox.Triple(service, ox.NamedNode(SD + "endpoint"), ox.NamedNode(endpoint)),
        _triple(service, "supportedLanguage", "SPARQL11Query"),
        _triple(service, "feature", "UnionDefaultGraph"),
        *(ox.Triple(service, ox.NamedNode(SD + "resultFormat"), ox.NamedNode(FORMATS + name)) for name in formats),
        ox.Triple(service, ox.NamedNode(SD + "defaultDataset"), dataset),
        _triple(dataset, "type", "Dataset"),
        ox.Triple(dataset, ox.NamedNode(SD + "defaultGraph"), default),
        _triple(default, "type", "Graph"),
    ]
    for number, name in enumerate(graphs):
        graph = ox.BlankNode(f"graph{number}")
        triples += [
            ox.Triple(dataset, ox.NamedNode(SD + "namedGraph"), graph),
            _triple(graph, "type", "NamedGraph"),
            ox.Triple(graph, ox.NamedNode(SD + "name"), ox.NamedNode(name)),
        ]
    return triples


def _triple(subject: ox.BlankNode, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode((RDF if predicate == "type" else SD) + predicate), ox.NamedNode(SD + value))
