"""The command that takes in what mail servers send back."""

from __future__ import annotations

import sys

import click

from app.foundation.commands import with_site
from app.foundation.web import Site
from app.notifications.bounces.rules import LARGEST, NoBounce, read_bounce
from app.notifications.bounces.service import take_bounce


@click.command("take-bounce")
@with_site
def take_bounce_command(site: Site) -> None:
    """Read one delivery status notification (RFC 3464) from standard input and mark the address that it is about.

    Exit 0 if it was about a mail of this site, marked or only noted (a delay); 1 if it could not be used.
    """
    raw = sys.stdin.buffer.read(LARGEST + 1)
    try:
        bounce = read_bounce(raw)
    except NoBounce as error:
        raise click.ClickException(f"This is no notification that can be used: {error}.") from None
    with site.database.transaction() as tx:
        mail = take_bounce(tx, bounce, site.clock.now())
    if mail is None:
        raise click.ClickException("It is about no mail that this site has sent, or one of more than ninety days ago.")
    done = "the address is marked" if bounce.is_final else "noted; the address is not marked"
    click.echo(f"Mail {mail.id}, status {bounce.status}: {done}.")
