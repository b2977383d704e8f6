"""Twenty holes, each one mistake in one place of the site, to prove that the leak test would find it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import and_, or_, select, true
from werkzeug.exceptions import Forbidden

from app.accounts import queries as account_queries
from app.foundation import disclosure, permissions
from app.foundation.permissions import Actor
from app.lessons import queries as lesson_queries
from app.matching import queries as matching_queries
from app.needs import queries as need_queries
from app.needs.models import Need
from app.organisations import queries as organisation_queries
from app.overview import desk_queries
from app.overview import queries as overview_queries
from app.pledges import queries as pledge_queries
from app.pledges.models import Pledge
from app.search import documents as search_documents
from app.search import query as search_query
from tests.hiding.compare import Aim

Patch = pytest.MonkeyPatch
Hole = Callable[[Patch], None]


def everything_is_public(patch: Patch) -> None:
    """The criterion forgets the tier."""
    _criterion(patch, lambda _reader, model: model.is_published)


def members_includes_own(patch: Patch) -> None:
    """Whoever is verified sees every tier."""
    real = disclosure.visible_to
    _criterion(
        patch,
        lambda reader, model: or_(
            real(reader, model), and_(model.is_published, true() if reader.is_verified else False)
        ),
    )


def named_is_members(patch: Patch) -> None:
    """Records for named organisations are shown to all members."""
    patch.setattr(disclosure, "_named", lambda _reader, _model: true())


def drafts_are_seen_by_the_office(patch: Patch) -> None:
    """The office sees what is not posted."""
    real = disclosure.visible_to
    _criterion(patch, lambda reader, model: true() if reader.is_secretariat else real(reader, model))


def unpublished_is_public(patch: Patch) -> None:
    """A draft of the public tier counts as published."""
    real = disclosure.visible_to
    _criterion(patch, lambda reader, model: or_(real(reader, model), ~model.is_published))


def applied_counts_as_verified(patch: Patch) -> None:
    """Organisations that only applied have the rights of members."""
    patch.setattr(permissions, "STATUSES_THAT_COUNT", frozenset({"verified", "trusted", "applied"}))


def suspended_keeps_rights(patch: Patch) -> None:
    """A suspended organisation's people go on reading."""
    patch.setattr(account_queries, "STATUSES_WITHOUT_RIGHTS", frozenset())
    patch.setattr(permissions, "STATUSES_THAT_COUNT", frozenset({"verified", "trusted", "suspended"}))


def search_asks_nobody(patch: Patch) -> None:
    """Search does not look again whether its hits may be seen, and holds every token."""
    patch.setattr(search_query, "readable", lambda _reader, model: select(model))
    patch.setattr(
        search_query,
        "reader_tokens",
        lambda _reader: frozenset({"members", "secretariat", *(f"o{n}" for n in range(99))}),
    )


def restricted_in_the_public_index(patch: Patch) -> None:
    """Documents that are not public are put into the public part."""
    real = search_documents.documents

    def leaky(tx: Any, kind: str, ids: Any) -> Any:
        return [replace(document, is_public=True, tokens=()) for document in real(tx, kind, ids)]

    _everywhere(patch, real, leaky)


def forbidden_instead_of_missing(patch: Patch) -> None:
    """A need that may not be seen answers that it is forbidden, not that there is none."""

    real = need_queries.find_need_whole

    def refuse(tx: Any, reader: Any, ref: str) -> Any:
        need = real(tx, reader, ref)
        if need is None and tx.scalar(select(Need.id).where(Need.ref == ref)) is not None:
            raise Forbidden
        return need

    _everywhere(patch, real, refuse)


def lessons_beside_show_all(patch: Patch) -> None:
    """Lessons on a record are shown to everybody."""
    patch.setattr(lesson_queries, "readable", lambda _reader, model: select(model))


def needs_page_shows_all(patch: Patch) -> None:
    """The page of a need finds it for everybody."""
    patch.setattr(need_queries, "readable", lambda _reader, model: select(model))


def matches_show_all(patch: Patch) -> None:
    """Matches are not filtered by what the reader may see."""
    _unfiltered(patch, matching_queries)


def pledges_show_all(patch: Patch) -> None:
    """Pledges are shown to everybody."""
    patch.setattr(pledge_queries, "shown", lambda _reader: select(Pledge))


def overview_counts_all(patch: Patch) -> None:
    """The overview counts what its reader may not see."""
    _unfiltered(patch, overview_queries)


def shelves_show_all(patch: Patch) -> None:
    """An organisation's page lists all of its records."""
    _unfiltered(patch, desk_queries)


def need_list_counts_all(patch: Patch) -> None:
    """The list of needs and its facets count everything."""
    patch.setattr(need_queries, "visible_to", lambda _reader, _model: true())
    patch.setattr(need_queries, "readable", lambda _reader, model: select(model))


def applications_are_listed(patch: Patch) -> None:
    """Organisations that only applied stand in the public list and have pages."""
    everything = frozenset({"verified", "trusted", "suspended", "recorded", "applied"})
    patch.setattr(organisation_queries, "LISTED", everything)


def fields_are_shown_to_all(patch: Patch) -> None:
    """The tier of a field is not asked."""
    _everywhere(patch, disclosure.may_see_field, lambda *_args, **_more: True)


def everybody_is_of_the_office(patch: Patch) -> None:
    """A member of any organisation counts as the secretariat."""
    patch.setattr(Actor, "is_secretariat", property(lambda actor: actor.is_verified))


HOLES: tuple[tuple[Hole, Aim], ...] = (
    (everything_is_public, Aim()),
    (members_includes_own, Aim()),
    (named_is_members, Aim(where="^/(needs|programmes|courses|lessons|outputs)")),
    (drafts_are_seen_by_the_office, Aim(("draft",), "^/needs")),
    (unpublished_is_public, Aim(("draft",), "^/needs")),
    (applied_counts_as_verified, Aim()),
    (suspended_keeps_rights, Aim()),
    (search_asks_nobody, Aim(("need", "programme", "lesson"), "^/search")),
    (restricted_in_the_public_index, Aim(("need", "programme", "lesson"), "^/search")),
    (forbidden_instead_of_missing, Aim(("need",), "^/needs/N")),
    (lessons_beside_show_all, Aim(("lesson",), "^/(lessons|needs|programmes)")),
    (needs_page_shows_all, Aim(("need",), "^/needs/N")),
    (matches_show_all, Aim(("programme", "course"), "matches|^/desk|^/needs")),
    (pledges_show_all, Aim(("pledge",), "^/(pledges|needs)/")),
    (overview_counts_all, Aim(("need", "programme"), "^/(|overview|countries.*|themes.*)$")),
    (shelves_show_all, Aim(("need", "programme"), "^/organisations/O")),
    (need_list_counts_all, Aim(("need",), "^/needs")),
    (applications_are_listed, Aim(("application",), "^/organisations")),
    (everybody_is_of_the_office, Aim()),
    (fields_are_shown_to_all, Aim()),
)
"""Each hole, and where it would show."""


def _criterion(patch: Patch, wrong: Any) -> None:
    """Put a wrong criterion in the place of the one that every query passes."""
    _everywhere(patch, disclosure.visible_to, wrong)
    _everywhere(patch, disclosure.readable, lambda reader, model: select(model).where(wrong(reader, model)))


def _unfiltered(patch: Patch, module: Any) -> None:
    if hasattr(module, "visible_to"):
        patch.setattr(module, "visible_to", lambda _reader, _model: true())
    if hasattr(module, "readable"):
        patch.setattr(module, "readable", lambda _reader, model: select(model))


def _everywhere(patch: Patch, real: Any, wrong: Any) -> None:
    """Replace a function in every module of the site that has taken it by name."""
    for name, module in list(sys.modules.items()):
        if name.startswith("app.") and module is not None:
            for attribute, value in list(vars(module).items()):
                if value is real:
                    patch.setattr(module, attribute, wrong)
