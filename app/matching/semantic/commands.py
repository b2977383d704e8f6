"""The command that makes up for the time in which meaning was switched off."""

from __future__ import annotations

import sys

import click

from app.foundation.commands import with_site
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM
from app.foundation.web import Site
from app.matching.semantic.service import Meanings, keep, keys_to_learn, learn, meanings_of
from app.matching.service import Method, find_pairs, store_pairs
from app.needs.models import Need
from app.needs.rules import OPEN
from app.search.reactions import engine_of

AT_ONCE = 50


@click.command("vectors")
@with_site
def vectors(site: Site) -> None:
    """Work out the vectors that are missing, then match every open need anew with them.

    To be run once after COUNTERPART_SEMANTIC was switched on; what changes afterwards the worker follows by itself.
    """
    meanings = meanings_of(site)
    if meanings is None:
        raise click.ClickException("Meaning is switched off here: set COUNTERPART_SEMANTIC=on.")
    learnt = learn_all(site, meanings)
    with site.database.reading() as tx:
        open_needs = readable(SYSTEM, Need).where(Need.is_published, Need.status.in_(OPEN))
        needs = list(tx.scalars(open_needs.with_only_columns(Need.id).order_by(Need.id)))
    with click.progressbar(needs, label="Matching", file=sys.stderr, hidden=not sys.stderr.isatty()) as numbers:
        for number in numbers:
            _match_anew(site, number)
    click.echo(f"{learnt} records read, {len(needs)} needs matched anew.")


def learn_all(site: Site, meanings: Meanings) -> int:
    """Work out and keep the vectors of every record that lacks them; how many those were."""
    with site.database.reading() as tx:
        keys = keys_to_learn(tx, meanings)
    batches = [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]
    quiet = not sys.stderr.isatty()
    with click.progressbar(batches, label="Reading records", file=sys.stderr, hidden=quiet) as progress:
        for batch in progress:
            meanings.fresh = {}
            with site.database.reading() as tx:
                learn(tx, meanings, batch)
            with site.database.transaction() as tx:
                keep(tx, meanings, batch)
    meanings.fresh = {}
    return len(keys)


def _match_anew(site: Site, number: int) -> None:
    now, method = site.clock.now(), Method(meanings=meanings_of(site))
    with site.database.reading() as tx:
        need = tx.scalars(readable(SYSTEM, Need).where(Need.id == number)).one()
        pairs = find_pairs(tx, engine_of(site), need, now, method)
    with site.database.transaction() as tx:
        store_pairs(tx, need, pairs, now)
