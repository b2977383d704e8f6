"""The command that measures how well the site finds."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from app.config import SEARCH_ENGINES
from app.evaluation.ablations import parts_of
from app.evaluation.gold import GoldUnreadable, read_gold
from app.evaluation.run import ablations, evaluate
from app.evaluation.scratch import bring_in, post, scratch_site
from app.exchange.iati.importer import count_all
from app.foundation.commands import with_site
from app.foundation.web import Site
from app.matching.semantic.commands import learn_all
from app.matching.semantic.service import meanings_of

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("relevance")
@click.argument("folder", type=FOLDER)
@click.option("--corpus", type=FOLDER, help="Folder of IATI files; the one called iati beside FOLDER if not given.")
@click.option("--engine", default="whoosh", type=click.Choice(SEARCH_ENGINES), help="Which search engine to measure.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="One day for all needs; each need's own start if not given."
)
@click.option("--with-theme", is_flag=True, help="Pick the theme that the folder gives each need, where there is one.")
@click.option("--with-ablations", is_flag=True, help="Rank again with one part of a match left out at a time.")
@click.option("--json", "as_json", is_flag=True, help="Print everything for a machine.")
@with_site
def relevance(
    site: Site, folder: Path, corpus: Path | None, engine: str, as_of: datetime | None, **ticked: bool
) -> None:
    """Post the needs of a gold FOLDER into an empty site with real activities, and print how well they are met.

    Nothing of the running site is read or changed. With COUNTERPART_SEMANTIC=on meaning counts too.
    """
    try:
        gold = read_gold(folder)
    except GoldUnreadable as error:
        raise click.ClickException(str(error)) from error
    if engine == "postgresql" and not site.settings.database_url.startswith("postgresql"):
        raise click.ClickException("Set DATABASE_URL to a PostgreSQL server: the index is made there and thrown away.")
    files = sorted((corpus or folder.resolve().parent / "iati").glob("*.xml"))
    if not files:
        raise click.ClickException("There are no activity files; name their folder with --corpus.")
    quiet = not sys.stderr.isatty()
    with scratch_site(site.settings, engine) as scratch:
        with click.progressbar(length=count_all(files), label="Importing", file=sys.stderr, hidden=quiet) as bar:
            bring_in(scratch, files, bar.update)
        rounds = 1 + len(parts_of(site.settings)) * ticked["with_ablations"]
        with click.progressbar(length=rounds * len(gold.needs), label="Matching", file=sys.stderr, hidden=quiet) as bar:
            clock = as_of.date() if as_of else None
            posted = post(scratch, gold.needs, clock, with_theme=ticked["with_theme"])
            if meanings := meanings_of(scratch):
                learn_all(scratch, meanings)
            found = evaluate(scratch, gold, posted, clock, bar.update)
            if ticked["with_ablations"]:
                found["ablations"] = ablations(scratch, gold, posted, clock, bar.update)
    found["engine"] = engine
    click.echo(json.dumps(found, ensure_ascii=False, indent=1) if ticked["as_json"] else in_words(found))


def in_words(found: dict[str, Any]) -> str:
    """The figures as a table for people."""
    lines = [f"{'':26}{'nDCG@10':>9}{'recall@20':>11}{'MRR':>7}{'unjudged':>10}{'n':>5}"]
    parts = [("needs", found["needs"]), ("questions", found["queries"]), ("questions as meant", found["queries_clean"])]
    parts += [(f"baseline {name}", figures) for name, figures in found["baselines"].items()]
    parts += [
        (f"needs without {part}", {"all": found["ablations"][part]["all"]}) for part in found.get("ablations", ())
    ]
    for name, figures in parts:
        for language, row in figures.items():
            head = f"{name}, {language}"
            lines.append(
                f"{head:26}{row['ndcg10']:9.3f}{row['recall20']:11.3f}{row['mrr']:7.3f}{row['unjudged20']:10.3f}{row['n']:5}"
            )
    pairs, fooled = found["duplicates"], found["strong_without_good"]
    lines.append(f"duplicates: precision {pairs['precision']:.3f}, recall {pairs['recall']:.3f} of {pairs['n']} pairs")
    lines.append(f"needs that nothing meets: {fooled['needs']}, shown a strong match: {len(fooled['with_strong'])}")
    return "\n".join(lines)
