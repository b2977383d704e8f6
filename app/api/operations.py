"""What programs can ask: each operation with its address, its permission, what it takes and what it gives.

One list says it to the router, to the description of the interface (OpenAPI) and to the page that shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Literal, TypeVar

from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from werkzeug.local import LocalProxy

from app.api import rules, service
from app.api.answers import VERSION_NEEDED, Answer, in_words, respond
from app.api.bodies import sent, shaped
from app.api.queries import answer_given
from app.api.refusals import stale
from app.api.rules import Fault, Problem
from app.api.uploads import FORM, digest_of_request, parcel, sent_file
from app.foundation.db import Tx
from app.foundation.filing.downloads import download
from app.foundation.filing.files import Attachment
from app.foundation.messages import msg
from app.foundation.permissions import Permission
from app.foundation.web import API, Response, actor, blueprint, now, reading, request, route, site

bp = blueprint("api", API)
View = TypeVar("View", bound=Callable[..., Answer])
Giving = TypeVar("Giving", bound=Callable[..., Attachment])
Wanted = Literal["no", "honoured", "required"]
MOST_VALUES, LONGEST_VALUE = 40, 500
KEY_HEADER = "Idempotency-Key"
SENT = "counterpart.sent"
"""Where a request keeps what was sent with it, to be looked at before its version is."""
KEY_USED = msg("This key came with another request before. Take a new key for each thing that you do.")
KEY_UNREADABLE = msg(
    "An idempotency key has 1 to %(longest)s letters, digits, points and lines.", longest=rules.LONGEST_KEY
)


@dataclass(frozen=True)
class Parameter:
    """A part of the address behind the question mark; `codes` gives the values that it may have, all if None."""

    name: str
    what: str
    codes: Callable[[], Sequence[str]] | None = None
    pattern: str = ""
    many: bool = True

    def takes(self, values: Sequence[str]) -> bool:
        """Whether these values may stand behind its name."""
        if len(values) > (MOST_VALUES if self.many else 1):
            return False
        codes = self.codes() if self.codes else None
        return all(
            len(value) <= LONGEST_VALUE
            and (codes is None or value in codes)
            and (not self.pattern or re.search(self.pattern, value) is not None)
            for value in values
        )


@dataclass(frozen=True)
class Operation:
    """One thing that a program can ask for or do. `version` says whether If-Match is wanted.

    What gives nothing in JSON gives a file as it is; `is_form` says that what is taken comes as a form with a file.
    `in_form` is the form in which what is taken may come too, in the part that is named first, with files beside it.
    """

    name: str
    method: str
    path: str
    permission: Permission
    summary: str
    gives: type[BaseModel] | None
    status: int = 200
    takes: type[BaseModel] | None = None
    query: tuple[Parameter, ...] = ()
    is_list: bool = False
    version: Wanted = "no"
    is_form: bool = False
    in_form: type[BaseModel] | None = None

    @property
    def is_public(self) -> bool:
        """Whether it can be asked without a token."""
        return self.permission is Permission.PUBLIC_READ

    @property
    def resource(self) -> str:
        """What it is about: the first part of its address."""
        return self.path.split("/")[1]


OPERATIONS: dict[str, Operation] = {}


def reads(  # noqa: PLR0913 - all that is said of an operation
    path: str,
    permission: Permission,
    surface: str,
    gives: type[BaseModel],
    summary: str,
    *,
    query: Sequence[Parameter] = (),
    is_list: bool = False,
) -> Callable[[View], View]:
    """Publish something to be read; the view is given a reading transaction."""

    def publish(view: View) -> View:
        name = view.__name__
        asked = Operation(name, "GET", path, permission, summary, gives, query=tuple(query), is_list=is_list)
        OPERATIONS[name] = asked

        @wraps(view)
        def answer(**arguments: Any) -> Response:
            check_address(asked)
            with reading() as tx:
                return respond(view(tx, **arguments))

        route(bp, path, permission, surface)(answer)
        return view

    return publish


def hands_out(path: str, permission: Permission, surface: str, summary: str) -> Callable[[Giving], Giving]:
    """Publish files to be fetched; the view is given a reading transaction and says which file it is."""

    def publish(view: Giving) -> Giving:
        name = view.__name__
        asked = OPERATIONS[name] = Operation(name, "GET", path, permission, summary, None)

        @wraps(view)
        def answer(**arguments: Any) -> Any:
            check_address(asked)
            with reading() as tx:
                attachment = view(tx, **arguments)
                tx.expunge_all()
            return download(attachment)

        route(bp, path, permission, surface)(answer)
        return view

    return publish


def writes(  # noqa: PLR0913 - all that is said of an operation
    method: str,
    path: str,
    permission: Permission,
    surface: str,
    gives: type[BaseModel],
    summary: str,
    *,
    takes: type[BaseModel] | None = None,
    status: int = 200,
    version: Wanted = "honoured",
    is_form: bool = False,
    in_form: type[BaseModel] | None = None,
) -> Callable[[View], View]:
    """Publish something to be done; the view is given a transaction and, where it takes one, what was sent.

    What may come in a form with files is a Parcel.
    """

    def publish(view: View) -> View:
        name = view.__name__
        asked = OPERATIONS[name] = Operation(
            name, method, path, permission, summary, gives, status, takes, version=version, is_form=is_form,
            in_form=in_form,
        )  # fmt: skip

        @wraps(view)
        def answer(**arguments: Any) -> Response:
            body = (LocalProxy(_kept_for_request(_reader(asked, takes))),) if takes else ()
            return respond(_once(lambda tx: view(tx, *body, **arguments)))

        route(bp, path, permission, surface, (method,))(answer)
        return view

    return publish


def _reader(one: Operation, shape: type[BaseModel]) -> Callable[[], Any]:
    """How what was sent is read: once the view has found its record, and whoever asks may do it."""
    # All of it comes in before a transaction is begun: whoever sends slowly keeps nobody waiting.
    _all_of_it = request.files if one.is_form or request.mimetype == FORM else request.get_data()
    if one.is_form:
        return sent_file
    if one.in_form is not None:
        return parcel(shape, next(iter(one.in_form.model_fields)))
    return lambda: shaped(shape, sent())


def _kept_for_request(read: Callable[[], Any]) -> Callable[[], Any]:
    kept = request.environ[SENT] = cache(read)
    return kept


def check_address(operation: Operation) -> None:
    """Refuse an address that asks for what there is not, rather than answer something else.

    Raises:
        Problem: a part of the address, or a value of it, is unknown.
    """
    known = {parameter.name: parameter for parameter in operation.query}
    known |= dict.fromkeys(("limit", "cursor"), Parameter("", "", many=False)) if operation.is_list else {}
    faults = [Fault(in_words(UNKNOWN_PART), parameter=name) for name in request.args if name not in known]
    wrong = [name for name, parameter in known.items() if not parameter.takes(request.args.getlist(name))]
    faults += [Fault(in_words(UNKNOWN_VALUE), parameter=name) for name in wrong]
    if faults:
        raise Problem("unknown-filter", faults=faults)


UNKNOWN_PART = msg("There is no such filter here. The page /api lists them.")
UNKNOWN_VALUE = msg("This value is not one of the list. The page /api says which there are.")


def _once(write: Callable[[Tx], Answer]) -> Answer:
    """Act once, however often the same request arrives with the same idempotency key."""
    key = _key()
    if not key:
        with site().database.transaction() as tx:
            return write(tx)
    asked = digest_of_request()
    try:
        with site().database.transaction() as tx:
            answer = _before(tx, key, asked)
            if answer is None:
                answer = write(tx)
                kept = (answer.status, answer.headers, answer.body)
                service.keep_answer(tx, actor(), key, asked, kept, now())
    except IntegrityError:
        # The same request was under way at the same instant: what that one did stands.
        with reading() as tx:
            answer = _before(tx, key, asked)
        if answer is None:
            raise
    return answer


def _before(tx: Tx, key: str, asked: str) -> Answer | None:
    given = answer_given(tx, actor(), key)
    if given is None or given.done_at < now() - rules.KEPT_FOR:
        return None
    if given.asked != asked:
        raise Problem("key-used", in_words(KEY_USED))
    return Answer(given.body, given.status, {**given.headers, "Idempotency-Replayed": "true"})


def _key() -> str:
    key = request.headers.get(KEY_HEADER, "")
    if KEY_HEADER in request.headers and not rules.KEY.fullmatch(key):
        raise Problem("unreadable", in_words(KEY_UNREADABLE))
    return key


def seen_version(record: Any, wanted: Wanted = "honoured") -> int | None:
    """The version that the program has read, as its If-Match says; none where nothing is said and nothing wanted.

    What was sent is looked at first, and whether one may do it before that: a condition is weighed once nothing else
    stands against a request (RFC 9110, section 13.2.1). With a body that no version would take, or without the right,
    reading the record again would be in vain. Views keep to the same order: who may, the shape of what was sent and
    what a form says that knows nothing of the record, the version, and then what is held against the record.

    Raises:
        Problem: what was sent has not the shape that it has to have, nothing is said where it has to be, or the record
            is at another version by now.
    """
    if SENT in request.environ:
        request.environ[SENT]()
    is_said = "If-Match" in request.headers
    version = rules.version_in(request.headers.get("If-Match", ""))
    if version is None and (is_said or wanted == "required"):
        raise Problem("version-needed", in_words(VERSION_NEEDED), more={"current_version": record.version})
    if version is not None and version != record.version:
        raise stale(record)
    return version


def operations_of(resource: str) -> Mapping[str, Operation]:
    """The operations about one resource, in the order in which they were published."""
    return {name: one for name, one in OPERATIONS.items() if one.resource == resource}
