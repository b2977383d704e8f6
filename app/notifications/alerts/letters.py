"""What mails say besides of news from a followed search: which search it is, some of what is new, and how to stop it.

All of that is asked when the mail is sent, with what its reader may see at that moment.
"""

from __future__ import annotations

from sqlalchemy import select

from app.accounts.models import Account
from app.config import Settings
from app.foundation.db import Tx
from app.foundation.languages import say
from app.foundation.messages import msg
from app.notifications.alerts.links import stop_token
from app.notifications.alerts.queries import first_public
from app.notifications.alerts.rules import MOST_NAMED
from app.notifications.digest.contents import register_addition
from app.notifications.digest.rules import Addition
from app.notifications.rules import one_line, parts_of
from app.search.models import SavedSearch


def add(tx: Tx, settings: Settings, account: Account, cause: str) -> Addition | None:
    """The search, the first of many records and the link that stops it; nothing where it was dropped or stopped."""
    named = dict(parts_of(cause))
    own = SavedSearch.account_id == account.id
    saved = tx.scalar(select(SavedSearch).where(own, SavedSearch.ref == named.get("search"), SavedSearch.alerts))
    if saved is None:
        return None
    first = first_public(tx, saved, MOST_NAMED) if "many" in named else []
    source = msg("This comes from the search “%(search)s”, which you follow.", search=one_line(saved.name))
    stop = f"{settings.public_url}/searches/stop/{stop_token(settings.secret_key, saved, account)}"
    return Addition(
        lines=(*(f"– {one_line(record.title)}" for record in first), say(source, account.language)),
        links=((say(msg("Be told no more of this search (no sign-in needed)"), account.language), stop),),
    )


def register_letters() -> None:
    """Let mails with news of followed searches say more."""
    register_addition("search_found", add)
