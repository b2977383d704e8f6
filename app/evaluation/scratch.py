"""A site of its own in a folder that goes away: real activities brought in, and needs posted as their authors would."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from sqlalchemy import select

from app.config import Settings
from app.evaluation.gold import GoldNeed
from app.exchange.iati.importer import import_files
from app.foundation import migrate
from app.foundation.clock import Clock
from app.foundation.db import Database, Tx, make_engine
from app.foundation.permissions import SYSTEM
from app.foundation.web import Site
from app.needs.models import Need
from app.needs.service import LineDraft, NeedDraft, post_need
from app.organisations.models import Organisation
from app.reference.codelists import codelist
from app.reference.concepts import kinds_in_text
from app.reference.countries import countries
from app.search.engine import ColumnEngine
from app.search.indexer import all_documents
from app.search.postgres_home import PostgresHome
from app.search.reactions import engine_of

OTHER_KIND = "funding"


@dataclass(frozen=True)
class Posted:
    """A need that stands in the scratch site."""

    gold: GoldNeed
    need_id: int


@contextmanager
def scratch_site(settings: Settings, engine: str = "whoosh") -> Iterator[Site]:
    """An empty site in a folder of its own, on SQLite; everything is gone afterwards.

    With the search engine postgresql its index is in a schema of its own on the server of the settings.
    """
    with TemporaryDirectory(prefix="relevance-") as folder:
        own = replace(
            settings,
            data_dir=Path(folder),
            database_url=f"sqlite:///{folder}/scratch.sqlite3",
            search_dir=Path(folder) / "index",
            search_engine="whoosh",
            fixed_now=None,
            production=False,
        )
        site = Site(own, Database(own.database_url), Clock())
        migrate.upgrade(site.database)
        try:
            with _index_on_server(site, settings) if engine == "postgresql" else nullcontext():
                yield site
        finally:
            site.database.engine.dispose()


@contextmanager
def _index_on_server(site: Site, settings: Settings) -> Iterator[None]:
    connected = make_engine(settings.database_url)
    home = PostgresHome(connected, site.settings.search_dir / "copies", f"scratch_{token_hex(6)}")
    site.parts["search"] = ColumnEngine(home)
    try:
        yield
    finally:
        home.erase()
        connected.dispose()


def bring_in(site: Site, files: Sequence[Path], tick: Callable[[int], None]) -> int:
    """Import activity files as the secretariat does, and index them; how many records there are then."""
    now = site.clock.now()
    with site.database.transaction() as tx:
        office = _organisation(tx, "secretariat", "Secretariat", None, now)
    import_files(site.database, office, files, now, tick, hold=False)
    return engine_of(site).rebuild(all_documents(site.database))


def _organisation(tx: Tx, kind: str, name: str, country: str | None, now: datetime) -> str:
    found = Organisation(
        kind=kind, name=name, country=country, status="trusted", language="en", created_at=now, changed_at=now,
        email_domain=f"{(country or kind).lower()}.example", iati_type="10",
    )  # fmt: skip
    tx.add(found)
    tx.flush()
    return found.ref


def post(site: Site, needs: Iterable[GoldNeed], clock: date | None, *, with_theme: bool) -> list[Posted]:
    """Post each need for an authority of its State, at the beginning of its own first month or at `clock`."""
    with site.database.transaction() as tx:
        return [Posted(need, _post(tx, need, moment(need, clock), with_theme=with_theme)) for need in needs]


def moment(need: GoldNeed, clock: date | None) -> datetime:
    """When a need is looked at: in its own time, since the needs and activities of a gold folder are old."""
    day = clock or first_day(need.start) or Clock().now().date()
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def _post(tx: Tx, gold: GoldNeed, now: datetime, *, with_theme: bool) -> int:
    country = gold.country if gold.country in countries() else ""
    author = tx.scalar(select(Organisation.id).where(Organisation.kind == "state", Organisation.country == country))
    if author is None:
        ref = _organisation(tx, "state", f"Authority of {country}", country or None, now)
        author = tx.scalars(select(Organisation.id).where(Organisation.ref == ref)).one()
    need: Need = post_need(tx, SYSTEM, author, draft_of(gold, with_theme=with_theme), now)
    tx.flush()
    return need.id


def draft_of(gold: GoldNeed, *, with_theme: bool) -> NeedDraft:
    """What the author would have typed into the form, without a theme unless asked for."""
    theme = gold.theme if with_theme and gold.theme in codelist("themes") else ""
    return NeedDraft(
        language=gold.language,
        title=gold.title,
        problem=gold.description,
        themes=(theme,) if theme else (),
        countries=(gold.country,),
        lines=tuple(line_of(line) for line in gold.lines),
        starts_on=first_day(gold.start),
        ends_on=last_day(gold.end),
        delivery_languages=gold.delivery_languages,
    )


def line_of(line: object) -> LineDraft:
    """A line as the form takes it: the kind that its words name, the unit as it was written in the description."""
    said: dict[str, object] = dict(line) if isinstance(line, dict) else {}
    words = f"{said.get('kind', '')} {said.get('unit', '')}".strip()
    kind = next(iter(kinds_in_text(words)), OTHER_KIND)
    unit = str(codelist("assistance_kinds")[kind].more["default_unit"])
    return LineDraft(kind=kind, quantity=Decimal(str(said.get("quantity") or 1)), unit=unit, description=words)


def first_day(month: str) -> date | None:
    """The first day of a month (2013-06) or a year; None for nothing."""
    parts = [int(part) for part in month.split("-")[:3] if part.isdecimal()]
    return date(*[*parts, 1, 1][:3]) if parts else None


def last_day(month: str) -> date | None:
    """The last day of a month (2013-06) or of a year; a whole date stands for itself."""
    parts = [int(part) for part in month.split("-")[:3] if part.isdecimal()]
    if not parts:
        return None
    year, number = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, number, parts[2] if len(parts) > 2 else calendar.monthrange(year, number)[1])  # noqa: PLR2004
