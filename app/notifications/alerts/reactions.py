"""Followed searches are asked about every record that changes, and once a day about all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError

from app.config import Settings
from app.foundation.db import Tx
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.foundation.worker import Writer
from app.notifications.alerts import rules
from app.notifications.alerts.queries import Follower, followers, known_of, recent_counts, rows_of
from app.notifications.alerts.service import Discovery, FoundMeanwhile, announce, mark_swept
from app.notifications.rules import cause_of
from app.notifications.telling import Telling
from app.organisations.events import OrganisationMerged
from app.search.asking import Seeker
from app.search.engine_types import EngineBroken, Key, SearchEngine
from app.search.finds import finds_among, finds_of, known_finds
from app.search.indexer import keys_of, keys_of_organisation
from app.search.reactions import engine_of

log = structlog.get_logger()
Finds = dict[int, frozenset[Key]]


def tell_followers(site: Site, facts: Sequence[Fact]) -> Writer:
    """Ask every followed search about the records of these facts, with its reader's rights, and announce what is new.

    Raises:
        EngineBroken: the index cannot be read; the facts wait, so that nothing is lost.
    """
    now = site.clock.now()
    with site.database.reading() as tx:
        keys = _keys_of(tx, facts)
        found = _discoveries(tx, site, followers(tx), keys, now) if keys else []

    def write(tx: Tx) -> None:
        announce(tx, site.settings, found, now)

    return write


def _keys_of(tx: Tx, facts: Sequence[Fact]) -> list[Key]:
    keys = dict.fromkeys(keys_of(facts))
    for fact in facts:
        if isinstance(fact, OrganisationMerged):
            keys.update(dict.fromkeys(keys_of_organisation(tx, fact.organisation_id)))
    return list(keys)


def _discoveries(
    tx: Tx, site: Site, people: Sequence[Follower], keys: Collection[Key], now: datetime
) -> list[Discovery]:
    finds = _asked(tx, engine_of(site), people, keys)
    known = known_of(tx, [number for number, found in finds.items() if found], keys)
    new = {number: found - known.get(number, set()) for number, found in finds.items()}
    return discoveries(tx, site.settings, people, new, now)


def _asked(tx: Tx, engine: SearchEngine, people: Iterable[Follower], keys: Collection[Key]) -> Finds:
    """What each search finds among these; those with one address and one set of rights are asked together, once."""
    same: defaultdict[tuple[str, str], list[Follower]] = defaultdict(list)
    for one in people:
        same[one.saved.address, one.rights].append(one)
    found: Finds = {}
    for (address, _rights), several in same.items():
        finds = finds_among(_seeker(tx, engine, several[0]), address, keys)
        found.update({one.saved.id: finds for one in several})
    return found


def _seeker(tx: Tx, engine: SearchEngine, one: Follower) -> Seeker:
    return Seeker(tx, one.reader, one.tokens, engine)


def discoveries(tx: Tx, settings: Settings, people: Iterable[Follower], new: Finds, now: datetime) -> list[Discovery]:
    """What is to be noted and told of these finds, none of which is known yet."""
    rows = rows_of(tx, set().union(*new.values()))
    recent = recent_counts(tx, [number for number, keys in new.items() if keys], now)
    made = (_discovery(tx, settings, one, new.get(one.saved.id, frozenset()), rows, recent) for one in people)
    return [one for one in made if one.news or one.known]


def _discovery(
    tx: Tx, settings: Settings, one: Follower, keys: frozenset[Key], rows: dict[Key, Any], recent: dict[int, int]
) -> Discovery:
    saved, has_baseline = one.saved, one.saved.baseline_at is not None
    news = frozenset(
        key for key in keys
        if key in rows and rules.is_news(rows[key].posted_at, saved.news_from, has_baseline=has_baseline)
    )  # fmt: skip
    known = frozenset(key for key in keys - news if key in rows)
    if rules.goes_together(recent.get(saved.id, 0), len(news)):
        return Discovery(saved.id, one.account, news, known, goes_together=True)
    telling = Telling(tx, settings)
    for key in sorted(news):
        record = rows[key]
        cause = cause_of("search_found", ("search", saved.ref), (key[0], record.ref))
        telling.tell([one.account], cause, rules.single(saved.name, record.title), record)
    return Discovery(saved.id, one.account, news, known, telling.notices)


def sweep_searches(site: Site) -> None:
    """Compare all that some searches find with what they have found before, those first that are due longest.

    What became visible to a reader, or matches since a day has passed or the index was repaired, is found so.
    """
    now = site.clock.now()
    last = site.parts.get("alerts.looked_at")
    if last is not None and now - last < rules.LOOK_EVERY:
        return
    with site.database.reading() as tx:
        due = _due(followers(tx), now)
        some = due[: rules.SLICE]
    try:
        for one in some:
            _sweep(site, one, now)
    except EngineBroken:
        log.warning("searches are not compared: the index cannot be read")
    if len(due) <= len(some):
        site.parts["alerts.looked_at"] = now


def _due(people: Iterable[Follower], now: datetime) -> list[Follower]:
    due = [one for one in people if rules.is_due(one.saved.swept_at, one.saved.swept_rights, one.rights, now)]
    return sorted(due, key=lambda one: (one.saved.swept_at is not None, one.saved.swept_at or now, one.saved.id))


def _sweep(site: Site, one: Follower, now: datetime) -> None:
    with site.database.reading() as tx:
        finds = finds_of(_seeker(tx, engine_of(site), one), one.saved.address)
        new = finds - known_finds(tx, one.saved.id)
        found = discoveries(tx, site.settings, [one], {one.saved.id: new}, now)
    try:
        with site.database.transaction() as tx:
            announce(tx, site.settings, found, now)
            mark_swept(tx, one.saved.id, one.rights, now)
    except (FoundMeanwhile, IntegrityError):
        log.info("another worker found the same; the search is compared again later", search=one.saved.ref)
