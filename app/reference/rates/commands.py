"""The command of the terminal that imports rates."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from app.foundation.commands import with_site
from app.foundation.permissions import SYSTEM
from app.foundation.web import Site
from app.reference.rates.reader import count_lines
from app.reference.rates.report import summary
from app.reference.rates.rules import CENTRAL_BANK
from app.reference.rates.service import RatesRefused
from app.reference.rates.service import import_rates as import_all


@click.command("import-rates")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", default=CENTRAL_BANK, show_default=True, help="Who published the rates, as pages name it.")
@click.option("--json", "as_json", is_flag=True, help="Print the report (JSON) instead of the summary.")
@with_site
def import_rates(site: Site, files: tuple[Path, ...], source: str, *, as_json: bool) -> None:
    """Import FILES of currency rates in the form of the European Central Bank (eurofxref.csv, eurofxref-hist.csv).

    The first line is “Date, USD, JPY, ...”; each further one is a day and how many units one euro is worth. The same
    file again changes nothing, and of a file with a fault nothing is kept. Ends with 1 if one had a fault.
    """
    try:
        with click.progressbar(
            length=sum(map(count_lines, files)), label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            report = import_all(site.database, SYSTEM, files, source, site.clock.now(), bar.update)
    except RatesRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1) if as_json else summary(report))
    if not report.succeeded:
        raise SystemExit(1)
