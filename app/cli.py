"""The commands of the terminal: seed, worker, reindex, verify-index, wait-idle, migrate, import-iati, and the rest."""

from __future__ import annotations

import json
import signal
import sys
import time

import click
from flask import Flask

from app.backups.commands import backup_command, fetch_command, move_command, restore_command, share_command
from app.demonstration.commands import seed
from app.evaluation.commands import relevance
from app.exchange.commands import export_iati, import_iati
from app.foundation import migrate as migrations
from app.foundation import outbox
from app.foundation.audit.commands import audit
from app.foundation.collector import settle
from app.foundation.commands import with_site
from app.foundation.filing.looking.commands import scan_files_command
from app.foundation.web import Site
from app.foundation.worker import run as run_worker
from app.jobs.commands import work_through_command
from app.matching.semantic.commands import vectors
from app.notifications.bounces.commands import take_bounce_command
from app.operation.doctor import doctor
from app.operation.tracing import traced
from app.reference.rates.commands import import_rates
from app.search.commands import search_engine
from app.search.indexer import all_documents, count_documents, rebuild
from app.search.reactions import catch_up, engine_of
from app.search.verify import measure_drift, repair
from app.wiring import REACTIONS


def init_app(app: Flask) -> None:
    """Hang the commands on the application."""
    for command in (seed, import_iati, import_rates, migrate, worker, reindex, verify_index, wait_idle, doctor):
        app.cli.add_command(command)
    for command in (audit, relevance, vectors, take_bounce_command, export_iati, work_through_command, search_engine):
        app.cli.add_command(command)
    for command in (backup_command, restore_command, move_command, share_command, fetch_command, scan_files_command):
        app.cli.add_command(command)


@click.command("migrate")
@with_site
def migrate(site: Site) -> None:
    """Bring the database to the newest migration."""
    try:
        migrations.upgrade(site.database)
    except migrations.MigrationError as error:
        raise click.ClickException(str(error)) from None
    click.echo("The database is up to date.")


@click.command("worker")
@with_site
def worker(site: Site) -> None:
    """Index, match and notify what happens, until stopped."""
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: stopped.append(received))
    catch_up(site)
    settle()
    run_worker(site, traced(site, REACTIONS), lambda: not stopped)


@click.command("reindex")
@click.option("--if-needed", is_flag=True, help="Only if the index lacks something or cannot be read.")
@with_site
def reindex(site: Site, *, if_needed: bool) -> None:
    """Build the search index anew beside the old one, then swap."""
    if if_needed and measure_drift(site.database, engine_of(site)).is_none:
        return
    with site.database.reading() as tx:
        total = count_documents(tx)
    with click.progressbar(all_documents(site.database), length=total, label="Indexing") as documents:
        count = rebuild(site.database, engine_of(site), documents)
    click.echo(f"{count} records indexed.")


@click.command("verify-index")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a machine.")
@click.option("--repair/--no-repair", "repairs", default=True, help="Index anew what differs (default).")
@with_site
def verify_index(site: Site, *, as_json: bool, repairs: bool) -> None:
    """Compare the index with the database; exit 1 if they differed."""
    drift = measure_drift(site.database, engine_of(site))
    if repairs and not drift.is_none:
        repair(site.database, engine_of(site), drift)
    after = measure_drift(site.database, engine_of(site))
    lists = {"missing": drift.missing, "surplus": drift.surplus, "outdated": drift.outdated}
    result = {
        "drift": not drift.is_none,
        "broken": drift.is_broken,
        "repaired": not drift.is_none and after.is_none,
        **{name: [f"{kind}:{number}" for kind, number in keys] for name, keys in lists.items()},
    }
    if as_json:
        click.echo(json.dumps(result))
    elif drift.is_none:
        click.echo("The index says what the database says.")
    else:
        counts = ", ".join(f"{len(keys)} {name}" for name, keys in lists.items())
        click.echo(f"Drift: {'index unreadable, ' if drift.is_broken else ''}{counts}. Repaired: {result['repaired']}.")
    sys.exit(0 if drift.is_none else 1)


@click.command("wait-idle")
@click.option("--timeout", default=60.0, help="Seconds to wait at most.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a machine.")
@with_site
def wait_idle(site: Site, *, timeout: float, as_json: bool) -> None:
    """Wait until every fact has been reacted to; exit 1 if that takes too long."""
    until = time.monotonic() + timeout
    while True:
        with site.database.reading() as tx:
            left, given_up = outbox.count_waiting(tx), outbox.count_given_up(tx)
        if not left or time.monotonic() > until:
            break
        time.sleep(0.1)
    result = {"waiting": left, "given_up": given_up}
    click.echo(json.dumps(result) if as_json else f"{left} facts waiting, {given_up} given up.")
    sys.exit(1 if left or given_up else 0)
