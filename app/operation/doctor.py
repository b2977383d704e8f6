"""`flask doctor`: looks at every part of an installation and says what is wrong with it, and how to mend that.

`python -m app.operation.doctor` does the same, and also tells of settings with which the site does not start at all.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings, SettingsError
from app.foundation.commands import with_site
from app.foundation.languages import say
from app.foundation.web import Site
from app.operation import checks, checks_around, queries, rules
from app.operation.rules import STATES, WELL, WRONG, Finding
from app.operation.standing import index_of, indexed_facts, judged, tables

WIDTH = max(map(len, STATES))
DOWN = "Does it run, and is DATABASE_URL right? The log of the web process has the whole error."


@dataclass
class Report:
    """All findings, and the numbers that scripts have asked for since the command was there."""

    findings: list[Finding] = field(default_factory=list)
    waiting: int | None = None
    given_up: int | None = None
    indexed: int = 0
    index_readable: bool = True

    @property
    def is_well(self) -> bool:
        """Nothing is wrong; a warning leaves that as it is."""
        return rules.worst(self.findings) != WRONG

    def as_json(self) -> dict[str, Any]:
        """The report for a machine."""
        told = {name: value for name, value in vars(self).items() if name != "findings"}
        return {**told, "well": self.is_well, "findings": [_plain(one) for one in self.findings]}


def _plain(one: Finding) -> dict[str, str]:
    return {"name": one.name, "state": one.state, "seen": say(one.seen, "en"), "mend": say(one.mend, "en")}


def examine(site: Site) -> Report:
    """Look at everything."""
    settings, report = site.settings, Report()
    report.findings += checks_around.settings_used(settings)
    report.findings += checks_around.data_folder(settings)
    if _database(site, report):
        _tables(site, report)
    else:
        index = index_of(site)
        report.indexed, report.index_readable = index.records, index.is_readable
    report.findings += checks_around.mail_server(settings)
    report.findings += checks_around.scanner(settings)
    report.findings += checks_around.catalogues()
    return report


def _database(site: Site, report: Report) -> bool:
    """Whether it answers; what is found goes into the report."""
    try:
        with site.database.reading() as tx:
            found = checks.settings_of_engine(tx) + checks.clocks(site, tx)
    except (SQLAlchemyError, OSError) as error:
        report.findings.append(Finding("database", WRONG, f"it does not answer ({type(error).__name__}).", DOWN))
        return False
    report.findings += [Finding("database", WELL, "it answers."), *found]
    return True


def _tables(site: Site, report: Report) -> None:
    state = tables(site)
    if state.state != WELL:
        # Without its tables nothing else can be asked.
        report.findings.append(state)
        return
    now = site.clock.now()
    with site.database.reading() as tx:
        measured, index = queries.measure(tx, now, indexed_facts(site)), index_of(site)
        looks: tuple[Callable[[], list[Finding]], ...] = (
            lambda: judged(site, measured, index, now),
            lambda: checks.drift(site),
            lambda: checks.chain(tx),
            lambda: checks_around.attached_files(tx, site.files),
        )
        report.findings += [state, *(finding for look in looks for finding in look())]
    report.waiting, report.given_up = measured.facts.waiting, measured.facts.given_up
    report.indexed, report.index_readable = index.records, index.is_readable


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a machine.")
@with_site
def doctor(site: Site, *, as_json: bool) -> None:
    """Look at every part of the installation; exit 1 if something is wrong."""
    tell(examine(site), as_json=as_json)


def tell(report: Report, *, as_json: bool) -> NoReturn:
    """Print the report, and end with 1 if something is wrong."""
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        for line in in_words(report):
            click.echo(line)
    sys.exit(0 if report.is_well else 1)


def in_words(report: Report) -> list[str]:
    """The report for a person: a line for each part, and below it what to do."""
    width = max(len(one.name) for one in report.findings)
    lines = []
    for one in report.findings:
        told = _plain(one)
        lines.append(f"{one.state:{WIDTH}}  {one.name:{width}}  {told['seen']}")
        lines += [f"{'':{WIDTH + width + 4}}-> {told['mend']}"] if told["mend"] else []
    return [*lines, _sentence(report)]


def _sentence(report: Report) -> str:
    bad = [one.name for one in report.findings if one.state == WRONG]
    if bad:
        return f"Somebody should look at {', '.join(bad)}: see docs/operating.md."
    left = [one.name for one in report.findings if one.state != WELL]
    return f"The site works; when there is time, look at {', '.join(left)}." if left else "All is well."


def main() -> None:
    """Say what is wrong with settings that do not let the site start, or else examine it."""
    from app import create_app  # noqa: PLC0415 - the application knows this module

    as_json = "--json" in sys.argv[1:]
    try:
        app = create_app(Settings.from_environment())
    except SettingsError as error:
        report = Report([Finding("settings", WRONG, f"The site does not start: {error}", "Change that setting.")])
        tell(report, as_json=as_json)
    with app.app_context():
        tell(examine(app.extensions["counterpart"]), as_json=as_json)


if __name__ == "__main__":
    main()
