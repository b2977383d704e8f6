"""Commands of the terminal for what goes in and out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from app.exchange.iati.importer import count_all, import_files
from app.exchange.iati.owners import ImportRefused
from app.exchange.iati.report import Report, summary
from app.exchange.iati_out.activity import Frame
from app.exchange.iati_out.writing import Scope, write_activities
from app.foundation.commands import with_site
from app.foundation.db import Tx
from app.foundation.permissions import ANONYMOUS
from app.foundation.references import tidy_reference
from app.foundation.web import Site
from app.organisations.queries import readable_organisation

TARGET = click.Path(dir_okay=False, writable=True, path_type=Path)
REPORT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("import-iati")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--organisation", required=True, metavar="REF", help="Reference of the organisation, as O-7KQ2-MX4T.")
@click.option("--report", "report_file", type=REPORT, help="Write a report (JSON) to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print the report (JSON) instead of the summary.")
@with_site
def import_iati(
    site: Site, files: tuple[Path, ...], organisation: str, report_file: Path | None, *, as_json: bool
) -> None:
    """Import IATI activity FILES as programmes of an organisation.

    The same file again changes nothing. With the secretariat's reference each activity goes to the organisation that
    reports it, which is recorded if it is not known yet. Ends with 1 if a file could not be read to its end.
    """
    now = site.clock.now()
    try:
        with click.progressbar(
            length=count_all(files), label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            report = import_files(site.database, tidy_reference(organisation), files, now, bar.update)
    except ImportRefused as refused:
        raise click.ClickException(str(refused)) from refused
    _tell(report, report_file, as_json=as_json)
    if not report.succeeded:
        raise SystemExit(1)


def _tell(report: Report, report_file: Path | None, *, as_json: bool) -> None:
    text = json.dumps(report.as_json(), ensure_ascii=False, indent=1)
    if report_file is not None:
        try:
            report_file.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            click.echo(summary(report))
            raise click.ClickException(f"The report cannot be written to {report_file}: {error.strerror}.") from error
    click.echo(text if as_json else summary(report))


@click.command("export-iati")
@click.argument("file", type=TARGET)
@click.option("--organisation", metavar="REF", help="Only this organisation, by its reference, as O-7KQ2-MX4T.")
@with_site
def export_iati(site: Site, file: Path, organisation: str | None) -> None:
    """Write what anybody may see to FILE as IATI activities, version 2.03. Ends with 1 if there is nothing to write."""
    frame = Frame(site.clock.now(), f"{site.settings.public_url}/open-data")
    part = file.with_name(f"{file.name}.part")
    try:
        with site.database.reading() as tx, part.open("wb") as target:
            count = write_activities(tx, _scope(tx, organisation), target, frame)
        if count:
            part.replace(file)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    if not count:
        raise click.ClickException("There is nothing that anybody may see.")
    click.echo(f"{count} activities written to {file}.")


def _scope(tx: Tx, organisation: str | None) -> Scope:
    if organisation is None:
        return Scope()
    owner = readable_organisation(tx, ANONYMOUS, tidy_reference(organisation))
    if owner is None:
        raise click.ClickException(f"There is no organisation {organisation} that anybody may see.")
    return Scope(organisation_id=owner.id)
