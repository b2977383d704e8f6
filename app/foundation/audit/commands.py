"""`flask audit verify` and `flask audit sign`: the record checked and signed from the terminal."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import timedelta

import click

from app.foundation.audit.seals import sign
from app.foundation.audit.verify import verify
from app.foundation.commands import with_site
from app.foundation.web import Site

MOST_FAULTS = 20


@click.group("audit")
def audit() -> None:
    """The record of who did what."""


@audit.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a machine.")
@with_site
def verify_record(site: Site, *, as_json: bool) -> None:
    """Look for anything changed, taken out or put in; exit 1 if there is."""
    with site.database.reading() as tx:
        verdict = verify(tx, site.settings.audit_key, site.settings.data_dir)
    if as_json:
        click.echo(json.dumps({"whole": verdict.is_whole, **asdict(verdict)}))
    else:
        click.echo(f"{verdict.events} events of {verdict.days} days, {verdict.signatures} days signed.")
        for fault in verdict.faults[:MOST_FAULTS]:
            click.echo(f"- {fault}")
        left = len(verdict.faults) - MOST_FAULTS
        if left > 0:
            click.echo(f"- and {left} more: --json lists them")
        click.echo("The record is whole." if verdict.is_whole else "The record is NOT whole: see docs/operating.md.")
    sys.exit(0 if verdict.is_whole else 1)


@audit.command("sign")
@with_site
def sign_record(site: Site) -> None:
    """Sign the heads of the chains now, as the worker does every ten minutes."""
    click.echo(f"{sign(site, timedelta())} heads signed.")
