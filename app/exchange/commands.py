"""Commands of the terminal for what goes in and out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from app.exchange.iati.importer import count_all, import_files
from app.exchange.iati.owners import ImportRefused
from app.exchange.iati.report import Report, summary
from app.foundation.commands import with_site
from app.foundation.references import tidy_reference
from app.foundation.web import Site

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
