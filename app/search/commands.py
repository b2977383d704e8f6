"""The commands for whoever runs the site and changes the search engine behind it."""

from __future__ import annotations

import click

from app.config import SEARCH_ENGINES
from app.foundation.commands import with_site
from app.foundation.web import Site
from app.search.choosing import open_engine
from app.search.engine_types import EngineBroken
from app.search.indexer import all_documents, count_documents, rebuild
from app.search.verify import measure_drift, repair

ROUNDS = 5


@click.group("search-engine")
def search_engine() -> None:
    """The engine behind search: Whoosh in a folder, or PostgreSQL."""


@search_engine.command("migrate")
@click.option("--to", "name", required=True, type=click.Choice(SEARCH_ENGINES), help="The engine to build for.")
@with_site
def migrate(site: Site, name: str) -> None:
    """Build a new index in an engine while the site goes on with the one it has, and say how to change over."""
    try:
        engine = open_engine(site.settings, site.database, name)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    try:
        with site.database.reading() as tx:
            total = count_documents(tx)
        with click.progressbar(all_documents(site.database), length=total, label="Indexing") as documents:
            count = rebuild(site.database, engine, documents)
        for _round in range(ROUNDS):
            # What was posted while the index was being built.
            drift = measure_drift(site.database, engine)
            if drift.is_none:
                break
            repair(site.database, engine, drift)
    except EngineBroken as error:
        raise click.ClickException(
            f"The new index could not be built, and the site goes on as before: {error}"
        ) from error
    finally:
        engine.close()
    click.echo(f"{count} records indexed in {name}.")
    if name != site.settings.search_engine:
        click.echo(
            f"Now set SEARCH_ENGINE={name} for every process and start the workers again, then the web processes one "
            "by one: a worker that starts takes in what has changed since."
        )
