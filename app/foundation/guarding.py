"""Before a record is posted somebody may look whether it is there already: a higher feature guards, this is the seam.

A form asks `is_held` when it is sound; what the guard wants to ask is then drawn into it (`form.guard`), and what was
answered is kept by `form.guarded.keep` in the transaction of the record itself. Without a guard nothing is held.

A keeper asks nothing and holds nothing: it saves with the record what was answered beside the form, if anything was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from markupsafe import Markup

from app.foundation.db import Tx
from app.foundation.drafts import save_draft
from app.foundation.forms import posted_fields
from app.foundation.permissions import Actor
from app.foundation.web import actor, now, request, site

Keep = Callable[[Tx, Any], None]


def keep_nothing(_tx: Tx, _record: Any) -> None:
    """Nothing was answered."""


@dataclass(frozen=True)
class Guarded:
    """What a guard has found: the part of the form in which it asks, the problems (id of a field, what is missing).

    `keep` saves the answers with the record, once this has its number.
    """

    part: str = ""
    problems: Sequence[tuple[str, str]] = ()
    keep: Keep = keep_nothing


@dataclass(frozen=True)
class Posting:
    """What somebody is about to post: the kind of record, what it will say, whose it is; `own_ref` of one amended."""

    kind: str
    draft: Any
    organisation_id: int
    own_ref: str = ""


class Guard(Protocol):
    """Looks for records that seem to be the same as what is about to be posted."""

    def __call__(self, reader: Actor, posting: Posting, typed: Mapping[str, Any]) -> Guarded:
        """What to ask of it; `typed` is the form as it was sent, with what was answered so far."""
        ...


class Keeper(Protocol):
    """Finds in a form what was answered beside it, and gives back how that is saved with the record."""

    def __call__(self, typed: Mapping[str, Any]) -> Keep:
        """How to save it; `typed` is the form as it was sent."""
        ...


_GUARDS: list[Guard] = []
_KEEPERS: list[Keeper] = []


def register_guard(guard: Guard) -> None:
    """Let this guard look at whatever is posted through a form; there is one."""
    _GUARDS[:] = [guard]


def register_keeper(keeper: Keeper) -> None:
    """Let this keeper save what is answered beside a form."""
    if keeper not in _KEEPERS:
        _KEEPERS.append(keeper)


def look_for(posting: Posting, typed: Mapping[str, Any]) -> Guarded:
    """What the guard finds, and how everything that was answered in `typed` is saved with the record."""
    found = _GUARDS[0](actor(), posting, typed) if _GUARDS else Guarded()
    return replace(found, keep=_one_after_another(found.keep, *(each(typed) for each in _KEEPERS)))


def is_held(form: Any, posting: Posting) -> bool:
    """Whether something has to be answered first; what was typed is then kept as a draft, and the form says what."""
    found = form.guarded = look_for(posting, request.form)
    if not found.problems:
        return False
    form.guard = Markup(found.part)  # noqa: S704 - rendered by an autoescaping template
    links = [Markup('<a href="#{}">{}</a>').format(field, text) for field, text in found.problems]
    form.form_errors = [*form.form_errors, *links]
    _keep_typed(form, posting)
    return True


def _one_after_another(*keeps: Keep) -> Keep:
    def keep(tx: Tx, record: Any) -> None:
        for each in keeps:
            each(tx, record)

    return keep


def _keep_typed(form: Any, posting: Posting) -> None:
    try:
        with site().database.transaction() as tx:
            save_draft(tx, actor(), posting.kind, form.key, posted_fields(), now(), posting.own_ref or None)
    except ValueError:
        # Larger than a draft may be: it stands in the form alone.
        return
