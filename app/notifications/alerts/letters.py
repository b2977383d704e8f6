"""What a mail of a followed search says besides: which search it is, some of what is new, and how to stop it.

All of that is written when the mail is sent, with what its reader may see at that moment.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.accounts.queries import account_by_email, actor_of
from app.config import Settings
from app.foundation.db import Tx
from app.notifications.alerts.links import stop_token
from app.notifications.alerts.queries import first_public
from app.notifications.alerts.rules import MOST_NAMED
from app.notifications.letters import write_body
from app.notifications.mailer import register_finish
from app.notifications.models import Mail
from app.notifications.queries import may_be_told
from app.notifications.rules import one_line, parts_of
from app.search.models import SavedSearch

END = "\n--\n"


def finish(tx: Tx, settings: Settings, mail: Mail, _now: datetime) -> str | None:
    """The mail with its search and its link; nothing where the search was dropped or stopped, or may not be told."""
    account = account_by_email(tx, mail.recipient)
    if account is None or account.status != "active" or not may_be_told(tx, actor_of(account), mail.cause):
        return None
    named = dict(parts_of(mail.cause))
    own = SavedSearch.account_id == account.id
    saved = tx.scalar(select(SavedSearch).where(own, SavedSearch.ref == named.get("search"), SavedSearch.alerts))
    if saved is None:
        return None
    first = first_public(tx, saved, MOST_NAMED) if "many" in named else []
    further = write_body(
        "emails/search_found.txt",
        account.language,
        search=one_line(saved.name),
        titles=[one_line(record.title) for record in first],
        stop=f"{settings.public_url}/searches/stop/{stop_token(settings.secret_key, saved, account)}",
    )
    body, end, foot = mail.body.rpartition(END)
    return f"{body}\n{further}{end}{foot}" if end else f"{mail.body}\n{further}"


def register_letters() -> None:
    """Let the mails of followed searches be finished when they are sent."""
    register_finish("search_found", finish)
