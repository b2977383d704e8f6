"""The command that fills an empty site with the demonstration."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from sqlalchemy import inspect, select

from app.accounts.proof.seal import Seal
from app.demonstration.loader import Loaded, load
from app.demonstration.people import (
    ACCOUNTS_FILE,
    SECRETARIAT,
    new_passphrase,
    write_accounts,
)
from app.exchange.iati.importer import count_all, import_files
from app.exchange.iati.report import summary
from app.foundation.commands import with_site
from app.foundation.web import Site
from app.organisations.models import Organisation

IMPORT_FILE = "demo-import.json"
"""The report on the real files; where it is, they have been brought in."""


@click.command("seed")
@click.option("--no-shared", is_flag=True, help="Leave out the real activity files, even where there are some.")
@with_site
def seed(site: Site, *, no_shared: bool) -> None:
    """Fill an empty site with invented organisations, people and records, and with real activity files.

    All invented people share one password, made anew for each installation; demo-accounts.json in the data folder has
    it. Real activity files are taken from the folder iati of COUNTERPART_SHARED. Run again, it goes on where it was
    interrupted and changes nothing that is there.
    """
    _check(site)
    try:
        _fill(site, shared=not no_shared)
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be written: {error.strerror}.") from error


def _fill(site: Site, *, shared: bool) -> None:
    if _has_organisations(site):
        _check_is_ours(site)
        click.echo("The demonstration is here already.")
    else:
        _load(site)
    if shared:
        _import_shared(site)


def _check(site: Site) -> None:
    if site.settings.production:
        raise click.ClickException("A production site takes no invented records: unset COUNTERPART_ENV to seed a copy.")
    if not inspect(site.database.engine).has_table(Organisation.__tablename__):
        raise click.ClickException("The database has no tables yet. Run flask migrate first.")


def _has_organisations(site: Site) -> bool:
    with site.database.reading() as tx:
        return tx.scalar(select(Organisation.id).limit(1)) is not None


def _check_is_ours(site: Site) -> None:
    if not (site.settings.data_dir / ACCOUNTS_FILE).exists():
        raise click.ClickException(
            f"There are organisations here, and no {ACCOUNTS_FILE} beside them: this is not the demonstration, or its "
            "file was lost. Nothing was changed. To start over, point COUNTERPART_DATA_DIR (and DATABASE_URL, if it is "
            "set) at an empty place, run flask migrate, then flask seed."
        )


def _load(site: Site) -> None:
    # The file is written before the transaction ends: without it nobody could enter the demonstration.
    with site.database.transaction() as tx:
        loaded = load(tx, site.clock.now(), new_passphrase(), Seal(site.settings.secret_key), site.settings.data_dir)
        path = write_accounts(site.settings.data_dir, loaded.sign_ins)
    _tell(loaded, path)


def _tell(loaded: Loaded, path: Path) -> None:
    click.echo("Made " + ", ".join(f"{number} {name}" for name, number in loaded.counts.items()) + ".")
    click.echo(f"Sign-ins: {path}; the site prints one of each kind when it starts.")


def _import_shared(site: Site) -> None:
    marker = site.settings.data_dir / IMPORT_FILE
    paths = sorted((site.settings.shared_dir / "iati").glob("*.xml"))
    if marker.exists() or not paths:
        return
    with site.database.reading() as tx:
        office = tx.scalar(select(Organisation.ref).where(Organisation.kind == SECRETARIAT).order_by(Organisation.id))
    if office is None:
        raise click.ClickException("There is no secretariat to import for.")
    with click.progressbar(
        length=count_all(paths), label="Importing activity files", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        report = import_files(site.database, office, paths, site.clock.now(), bar.update)
    marker.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo(summary(report, str(marker)))
    if not report.succeeded:
        raise SystemExit(1)
