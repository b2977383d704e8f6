"""Lists for programs: page after page in one order that stands still, each page beginning where the last one ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.api.answers import Answer, in_words
from app.api.rules import LARGEST_PAGE, PAGE_SIZE, Fault, Problem
from app.foundation.audit.exports import note_export
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.web import actor, now, request, site

NO_SIZE = msg("Ask for 1 to %(most)s records at once.", most=LARGEST_PAGE)
NO_CURSOR = msg("This is no cursor of ours. Begin again without it, or follow the address in “next”.")


def list_of(tx: Tx, what: str, query: Select[Any], model: type[Any], shown: Callable[[Any], Any]) -> Answer:
    """A page of what the query leaves, the newest record first; `what` is how an export of many is put on record.

    The order is that of `created_at`, then of the reference, which is random: nothing can be counted by it.
    """

    def behind(after: str) -> ColumnElement[bool]:
        # disclosure: the cursor is signed, so its record was shown to whoever holds it; only its place is looked up.
        place = tx.scalar(select(model.created_at).where(model.ref == after))
        if place is None:
            raise wrong_cursor()
        return or_(model.created_at < place, and_(model.created_at == place, model.ref > after))

    order = Order(behind, lambda row: str(row.ref))
    in_order = query.order_by(model.created_at.desc(), model.ref)
    return ordered_list(tx, what, in_order, order, lambda rows: [shown(row) for row in rows])


@dataclass(frozen=True)
class Order:
    """How a list goes on: what stands behind a bookmark, and the bookmark of a row."""

    behind: Callable[[str], ColumnElement[bool]]
    bookmark: Callable[[Any], str]


def ordered_list(
    tx: Tx, what: str, query: Select[Any], order: Order, shown: Callable[[Sequence[Any]], Sequence[Any]]
) -> Answer:
    """A page of what the query leaves in its own order; `shown` is given the rows of the page."""
    size = asked_size()
    after, before = cursor()
    rows = list(tx.scalars((query.where(order.behind(after)) if after else query).limit(size + 1)))
    page = rows[:size]
    bookmark = order.bookmark(page[-1]) if len(rows) > size else ""
    return page_answer(what, shown(page), bookmark, before)


def page_answer(what: str, items: Sequence[Any], bookmark: str, before: int) -> Answer:
    """A page with the address of the next one, if there is one; who takes many along is put on record."""
    taken = before + len(items)
    if before and items:
        with site().database.transaction() as tx:
            note_export(tx, actor(), what, taken, now())
    if not bookmark:
        return Answer({"items": items, "next": None})
    address = _next_address(bookmark, taken)
    return Answer({"items": items, "next": address}, headers={"Link": f'<{address}>; rel="next"'})


def asked_size() -> int:
    """How many records the address asks for at once.

    Raises:
        Problem: it is no such number.
    """
    text = request.args.get("limit", str(PAGE_SIZE))
    size = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0  # noqa: PLR2004 - longer is too many
    if not 1 <= size <= LARGEST_PAGE:
        raise Problem("unknown-filter", faults=[Fault(in_words(NO_SIZE), parameter="limit")])
    return size


def cursor() -> tuple[str, int]:
    """Behind which record the page begins, and how many were taken along before it.

    Raises:
        Problem: the cursor is none of ours.
    """
    text = request.args.get("cursor")
    if text is None:
        return "", 0
    try:
        after, taken = _signed().loads(text)
    except (BadData, ValueError, TypeError):
        raise wrong_cursor() from None
    return str(after), int(taken)


def wrong_cursor() -> Problem:
    """The cursor leads nowhere."""
    return Problem("unknown-filter", faults=[Fault(in_words(NO_CURSOR), parameter="cursor")])


def _next_address(bookmark: str, taken: int) -> str:
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != "cursor"]
    query = urlencode([*kept, ("cursor", str(_signed().dumps([bookmark, taken])))])
    return f"{site().settings.public_url.rstrip('/')}{request.path}?{query}"


def _signed() -> URLSafeSerializer:
    # A cursor of one list is none of another.
    return URLSafeSerializer(site().settings.secret_key, salt=f"api-cursor {request.path}")
