"""The command for whoever has set up a scanner on a site that had none: every file is looked at now."""

from __future__ import annotations

import json
import sys
from collections import Counter

import click

from app.config import scanner_place
from app.foundation.commands import with_site
from app.foundation.filing.looking.clamd import ScannerAway, ping
from app.foundation.filing.looking.sweeping import (
    CLEAN,
    FOUND,
    GONE,
    UNANSWERED,
    UNREADABLE,
    count_unscanned,
    every_unscanned,
    look_at,
)
from app.foundation.web import Site


@click.command("scan-files")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a machine.")
@with_site
def scan_files_command(site: Site, *, as_json: bool) -> None:
    """Have every file scanned that was sent before there was a scanner; exit 1 if any could not be.

    The worker does the same by itself, a few at a time. Run again, it goes on where it stopped.
    """
    _make_sure(site)
    with site.database.reading() as tx:
        total = count_unscanned(tx)
    found: Counter[str] = Counter()
    files, quiet = every_unscanned(site), not sys.stderr.isatty()
    with click.progressbar(files, length=total, label="Scanning", file=sys.stderr, hidden=quiet) as numbers:
        for number in numbers:
            outcome = look_at(site, number)
            found[outcome] += 1
            if outcome == UNANSWERED:
                # A file that is too large for it is passed over; a scanner that has gone away ends the command.
                _make_sure(site)
    with site.database.reading() as tx:
        left = count_unscanned(tx)
    _tell({name: found[name] for name in (CLEAN, FOUND, UNANSWERED, UNREADABLE, GONE)} | {"left": left}, as_json)
    sys.exit(1 if left else 0)


def _make_sure(site: Site) -> None:
    if site.settings.clamd_url is None:
        raise click.ClickException("No scanner is set: set CLAMD_URL first.")
    try:
        ping(scanner_place(site.settings.clamd_url))
    except ScannerAway as error:
        raise click.ClickException(
            f"The scanner does not answer, run the command again once it does: {error}"
        ) from None


def _tell(result: dict[str, int], as_json: bool) -> None:  # noqa: FBT001 - read by this module alone
    if as_json:
        click.echo(json.dumps(result))
        return
    click.echo(f"{result[CLEAN]} files clean, {result[FOUND]} taken away.")
    if result["left"]:
        click.echo(
            f"{result['left']} left: the scanner does not take {result[UNANSWERED]} (see its StreamMaxLength), and "
            f"{result[UNREADABLE]} are not on the disk."
        )
