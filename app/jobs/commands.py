"""The command of the terminal that does one piece of work; the worker starts it, and a person may."""

from __future__ import annotations

import signal

import click

from app.foundation.commands import with_site
from app.foundation.references import tidy_reference
from app.foundation.web import Site
from app.jobs.runner import work_through


@click.command("work-through")
@click.argument("ref", metavar="REF")
@with_site
def work_through_command(site: Site, ref: str) -> None:
    """Do the work with reference REF that waits in the background. Ends with 1 if there is none to be done."""
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: stopped.append(received))
    if not work_through(site, tidy_reference(ref), lambda: not stopped):
        raise click.ClickException(f"There is no work {ref} that waits.")
