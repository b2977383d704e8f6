"""What the owner of an address to which mail comes back sees after signing in."""

from __future__ import annotations

from app.accounts.queries import account_by_id
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.notifications.links.rules import masked


def mail_comes_back(reader: Actor, _ref: str) -> str:
    """A word about it, with what can be done; nothing while mail arrives."""
    if not reader.is_signed_in:
        return ""
    with reading() as tx:
        account = account_by_id(tx, reader.account_id)
    if account is None or account.mail_failed_at is None:
        return ""
    return render_part("notifications/_comes_back.html", account=account, address=masked(account.email))
