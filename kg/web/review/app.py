"""The application of `kg review`: for one person on this machine, who was told a token; it changes the files of the case."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from urllib.parse import parse_qs

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.curation.review import Names, Review
from kg.errors import ChangedError, CheckError, KgError, NotFoundError
from kg.web.app import asset
from kg.web.bounds import Bounds
from kg.web.page import environment
from kg.web.review.form import Filled, changes, sent, unknown
from kg.web.review.page import Problem, address, judgements, narrowed, statements

#: How many characters the token has: 256 bits, which nobody guesses.
TOKEN_BYTES = 32
#: No form of ours has more fields.
_FIELDS = 1000
_NEVER = {"Cache-Control": "no-store"}
_WAY_IN = "This page changes files, so it opens only with the token: open the whole address that `kg review` printed.\n"


def create_app(review: Review, token: str) -> Starlette:
    """The application that reviews a case; it answers to the names of the loopback, and to whoever brings the token."""
    pages = _Pages(review, _form_key(token))
    routes = [
        Route("/", pages.statements, methods=["GET"]),
        Route("/", pages.decide, methods=["POST"]),
        Route("/same", pages.judgements, methods=["GET"]),
        Route("/same", pages.judge, methods=["POST"]),
        Route("/undo", pages.undo, methods=["POST"]),
        Route("/assets/{name:path}", asset, methods=["GET"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Bounds), Middleware(Entry, token=token)])


def new_token() -> str:
    """A token that nobody has had before."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def _form_key(token: str) -> str:
    """What every form of ours carries and no other site can know: derived, so that a page that leaks gives the token to nobody."""
    return hmac.new(token.encode(), b"form", sha256).hexdigest()


class Entry:
    """Lets in who has the token: in the address once, which sets the cookie and leaves the address without it; else in the cookie.

    The cookie's name is this server's own, since cookies know no ports.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token
        self._cookie = f"kg-review-{sha256(token.encode()).hexdigest()[:12]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, or refuse it in one sentence."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if request.method in ("GET", "HEAD") and self._is_token(request.query_params.get("token", "")):
            response: Response = RedirectResponse("/", 303, _NEVER)
            response.set_cookie(self._cookie, self._token, path="/", httponly=True, samesite="strict")
            await response(scope, receive, send)
        elif self._is_token(request.cookies.get(self._cookie, "")):
            await self._app(scope, receive, send)
        else:
            await Response(_WAY_IN, 403, _NEVER, media_type="text/plain")(scope, receive, send)

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())


class _Pages:
    """The endpoints, which work on the files one after the other."""

    def __init__(self, review: Review, key: str) -> None:
        self._review = review
        self._key = key

    async def statements(self, request: Request) -> Response:
        """The candidate that is asked for, beside its document."""
        return await self._page("review/statements.html", dict(request.query_params))

    async def judgements(self, request: Request) -> Response:
        """Who may be one and the same."""
        return await self._page("review/same.html", {})

    async def decide(self, request: Request) -> Response:
        """Do what the pressed button says, and go on to the next candidate; or tell why not, with everything that was typed."""
        form, asked = await self._form(request), dict(request.query_params)
        if form is None:
            return _foreign()
        asked["at"] = _one(form, "id")
        try:
            to = await anyio.to_thread.run_sync(self._decided, form, asked)
        except KgError as error:
            return await self._page("review/statements.html", asked, _problem(error, sent(form), _one(form, "speaker-is")))
        return RedirectResponse(to, 303, _NEVER)

    async def judge(self, request: Request) -> Response:
        """Decide on a judgement."""
        form = await self._form(request)
        if form is None:
            return _foreign()
        try:
            await anyio.to_thread.run_sync(self._judged, form)
        except KgError as error:
            return await self._page("review/same.html", {}, _problem(error))
        return RedirectResponse("/same", 303, _NEVER)

    async def undo(self, request: Request) -> Response:
        """Take the last decision back, and go to what it was about."""
        form, asked = await self._form(request), dict(request.query_params)
        if form is None:
            return _foreign()
        try:
            undone = await anyio.to_thread.run_sync(self._review.undo)
        except KgError as error:
            return await self._page("review/statements.html", asked, _problem(error))
        if undone.identifier.startswith("judgement/"):
            return RedirectResponse("/same", 303, _NEVER)
        return RedirectResponse(address(asked, undone.identifier), 303, _NEVER)

    def _decided(self, form: Mapping[str, Sequence[str]], asked: Mapping[str, str]) -> str:
        """Where to go after the decision."""
        review, identifier, what, version = self._review, asked["at"], _one(form, "do"), _one(form, "version")
        desk = review.desk()
        item, names = desk.item(identifier), Names(desk.case)
        after = desk.next(identifier, desk.pick(**narrowed(asked)))
        if what in ("accept", "save"):
            filled, speaker_is = sent(form), _one(form, "speaker-is")
            if findings := unknown(filled, names, speaker_is):
                raise CheckError(findings)
            changed = changes(item.record, filled, names)
            (review.accept if what == "accept" else review.edit)(identifier, changed, version, speaker_is)
        elif what == "reject":
            review.reject(identifier, version)
        elif what == "merge":
            into = names.identifier(_one(form, "into"), "speaker")
            if desk.known(into) is None or into == item.speaker:
                raise NotFoundError(f"nobody is called `{into}`", "choose one of the actors that the field offers")
            review.merge(item.speaker, into, version)
        else:
            raise NotFoundError(f"`{what}` is no decision", "press one of the buttons")
        if what in ("accept", "reject"):
            return address(asked, after.id if after else "")
        return address(asked, identifier)

    def _judged(self, form: Mapping[str, Sequence[str]]) -> None:
        identifier, version, what = _one(form, "id"), _one(form, "version"), _one(form, "do")
        if what == "different":
            self._review.judge(identifier, "different", version)
        else:
            self._review.judge(identifier, "same", version, what.removeprefix("same:") if what.startswith("same:") else "")

    async def _form(self, request: Request) -> dict[str, list[str]] | None:
        """The form that was posted; None where it is none of ours."""
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            return None
        try:
            form = parse_qs((await request.body()).decode("utf-8"), keep_blank_values=True, max_num_fields=_FIELDS)
        except ValueError:
            return None
        return form if hmac.compare_digest(_one(form, "key").encode(), self._key.encode()) else None

    async def _page(self, template: str, asked: dict[str, str], problem: Problem | None = None) -> Response:
        try:
            return await anyio.to_thread.run_sync(self._rendered, template, asked, problem)
        except KgError as error:  # a file cannot be read: somebody is writing in it
            body = environment().get_template("review/error.html").render(error=error, title=self._review.folder.resolve().name)
            return Response(body, 503, _NEVER, media_type="text/html")

    def _rendered(self, template: str, asked: dict[str, str], problem: Problem | None) -> Response:
        is_queue = template == "review/statements.html"
        data = statements(self._review, asked, problem) if is_queue else judgements(self._review, problem)
        body = environment().get_template(template).render(data, key=self._key)
        return Response(body, problem.status if problem else 200, _NEVER, media_type="text/html")


def _one(form: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _foreign() -> Response:
    return Response(
        "This was not sent by a form of the review page. Open the page again and decide there.\n", 403, _NEVER, media_type="text/plain"
    )


def _problem(error: KgError, form: Filled | None = None, speaker_is: str = "") -> Problem:
    """The refusal of a decision as the page tells it."""
    if isinstance(error, CheckError):
        findings = tuple(finding for finding in error.findings if finding.severity == "error")
        return Problem(422, "Not accepted: the record is not right yet", "mend what is marked below", findings, form or {}, speaker_is)
    status = 409 if isinstance(error, ChangedError) else 404 if isinstance(error, NotFoundError) else 400
    return Problem(status, error.message, error.remedy, (), form or {}, speaker_is)
