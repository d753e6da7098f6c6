"""The application: requests in; pages, their twins, files and answers out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from kg import search
from kg.errors import KgError, LimitError, NotFoundError
from kg.web import answers, pages, protocol
from kg.web.addresses import TWINS
from kg.web.assets import assets
from kg.web.bounds import Bounds
from kg.web.negotiation import holds, rank
from kg.web.page import Page, twin
from kg.web.served import Build, Made, Served

#: How many pages are made at once; more of them only take turns at the processor.
AT_WORK = 4
_VERSION = version("accountability-kg")
#: What is no page of its own is not kept.
_NEVER = {"Cache-Control": "no-store"}


def create_app(path: Path, *, hosts: Collection[str], root_path: str = "", time_limit: float = 5.0, memory_limit: int = 256) -> Starlette:
    """The application that serves the graph in a folder.

    ``hosts`` are the names it answers to, ``root_path`` is the path under which a proxy mounts it, ``time_limit`` in seconds and
    ``memory_limit`` in megabytes bound each query.
    """
    served = Served(path, root_path.rstrip("/"), time_limit, memory_limit)
    site = _Pages(served)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await served.current()
        yield
        await served.close()

    routes = [
        Route("/assets/{name:path}", asset, methods=["GET"]),
        Route("/downloads/{name}", site.download, methods=["GET"]),
        Route("/suggest.json", site.suggest, methods=["GET"]),
        *protocol.routes(served, site.page),
        Route("/{path:path}", site.page, methods=["GET"]),
    ]
    inner = [Mount(root_path.rstrip("/"), routes=routes)] if root_path.strip("/") else routes
    return Starlette(routes=inner, middleware=[Middleware(Bounds, hosts=hosts, root_path=root_path)], lifespan=lifespan)


class _Pages:
    """The endpoints that need the current build."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._at_work = anyio.CapacityLimiter(AT_WORK)

    async def page(self, request: Request) -> Response:
        """A page, or the twin of it that the suffix names or the client prefers."""
        build = await self._served.current()
        full = request.path_params.get("path", request.url.path.rpartition("/")[2])
        if full.endswith("/"):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{build.site.addresses.root}/{quote(full.strip('/'))}{query}", 308)
        path, suffix = _split(full)
        wanted = (suffix,) if suffix else _preferred(request)
        tag = _tag(build, path, *wanted, request.url.query)
        headers = {"ETag": tag, "Cache-Control": "no-cache", **({} if suffix else {"Vary": "Accept"})}
        held = request.headers.get("if-none-match", "")
        if "*" not in held and holds(held, tag):
            return Response(status_code=304, headers=headers)
        key = (path, " ".join(wanted), request.url.query)
        made = build.kept.get(key)
        if made is None:
            make = partial(_made, build, path, wanted, dict(request.query_params))
            try:
                made = await anyio.to_thread.run_sync(make, limiter=self._at_work)
            except KgError as error:
                return await _failed(build, path, wanted[0], error)
            if made.status == 200:
                build.kept.put(key, made)
        if made.status != 200:
            return Response(made.body, made.status, _NEVER, media_type=made.media_type)
        if holds(held, tag):
            return Response(status_code=304, headers=headers)
        return Response(made.body, 200, headers, media_type=made.media_type)

    async def suggest(self, request: Request) -> Response:
        """The names that what was typed may mean, for the search box."""
        build = await self._served.current()
        hits = await anyio.to_thread.run_sync(search.suggest, build.site.index, request.query_params.get("q", ""))
        href = build.site.addresses.href
        found = [{"label": hit.label, "kind": hit.kind, "href": href(hit.iri)} for hit in hits]
        return Response(json.dumps(found, ensure_ascii=False), media_type="application/json", headers={"Cache-Control": "no-cache"})

    async def download(self, request: Request) -> Response:
        """A dump of the graph, or its checksum; made when it is first asked for."""
        build = await self._served.current()
        name = request.path_params["name"]
        try:
            file = await build.dumps.file(name)
        except KgError as error:
            return await _failed(build, f"downloads/{name}", ".html", error)
        return FileResponse(file.path, media_type=file.media_type, filename=name, headers={"Cache-Control": "no-cache"})


async def asset(request: Request) -> Response:
    """A file that pages need."""
    found = assets().get(request.path_params["name"])
    if found is None:
        return Response("there is no such file\n", 404, media_type="text/plain")
    headers = {"ETag": found.etag, "Cache-Control": "no-cache"}
    if holds(request.headers.get("if-none-match", ""), found.etag):
        return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers, media_type=found.media_type)


def _split(full: str) -> tuple[str, str]:
    """The path without the suffix of a twin, and the suffix."""
    for suffix in TWINS:
        if full.endswith(suffix):
            path = full.removesuffix(suffix)
            return ("" if path == "index" else path), suffix
    return full, ""


def _preferred(request: Request) -> tuple[str, ...]:
    """The suffixes of the forms that the client likes, the best first, and last the page itself, which there always is."""
    suffixes = {media_type: suffix for suffix, media_type in TWINS.items()}
    wanted = [*(suffixes[media_type] for media_type in rank(protocol.accept(request), list(suffixes))), ".html"]
    return tuple(wanted[: wanted.index(".html") + 1])


def _media(suffix: str) -> str:
    return TWINS[suffix] + ("; header=present" if suffix == ".csv" else "")


def _tag(build: Build, *parts: str) -> str:
    joined = "\n".join((_VERSION, build.site.manifest.digest, build.site.addresses.root, *parts))
    return f'"{hashlib.sha256(joined.encode()).hexdigest()[:24]}"'


def _made(build: Build, path: str, wanted: Sequence[str], asked: dict[str, str]) -> Made:
    """A page in the first of the forms that are wanted that it has; raises ``NotFoundError`` where it has none of them."""
    page = pages.find(build.site, path, asked)
    suffix = next((one for one in wanted if one in page.twins), None)
    if suffix is None:
        raise NotFoundError(f"this page has no twin `{wanted[0]}`", f"it has {', '.join(page.twins)}")
    return Made(twin(build.site, page, path, suffix, asked), _media(suffix), page.status)


async def _failed(build: Build, path: str, suffix: str, error: KgError) -> Response:
    """The error as the client can read it: a page, or JSON for who asked for data; nobody is to keep it."""
    status = answers.status(error)
    again = {"Retry-After": str(error.retry_after)} if isinstance(error, LimitError) and error.retry_after else {}
    headers = {**_NEVER, **again}
    if suffix != ".html":
        body = json.dumps({"error": error.message, "remedy": error.remedy}, ensure_ascii=False).encode()
        return Response(body, status, headers, media_type="application/json")
    title = {404: "There is nothing here", 400: "That was not understood"}.get(status, "That could not be done")
    page = Page("error.html", title, {"message": error.message, "remedy": error.remedy})
    body = await anyio.to_thread.run_sync(twin, build.site, page, path, ".html")
    return Response(body, status, headers, media_type="text/html")
