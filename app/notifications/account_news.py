"""What is told to people about their own accounts: links that prove an address, and whatever guards or opens one."""

from __future__ import annotations

from typing import Any

from app.accounts.models import Account, Confirmation
from app.accounts.queries import account_by_email
from app.accounts.rules import GUARDED
from app.foundation.messages import msg
from app.notifications.letters import letter_about_account
from app.notifications.rules import cause_of
from app.notifications.telling import Telling


def confirmation_asked(telling: Telling, fact: Any) -> None:
    """The link goes to the address that it is to prove; one that is taken is told so, and gets no link."""
    asked = telling.tx.get(Confirmation, fact.confirmation_id)
    person = telling.tx.get(Account, asked.account_id) if asked else None
    if asked is None or person is None:
        return
    what, text = "reset_asked", msg("Open this link to choose a new password. It works once, for an hour.")
    if asked.kind == "email":
        what, text = "email_asked", msg("Open this link to make this address the one of your account, within a day.")
        if account_by_email(telling.tx, asked.email) is not None:
            what = "email_taken"
            text = msg("Somebody wanted to use this address for another account. It stays yours: nothing has changed.")
    _mail(telling, what, asked.ref, asked.email, person, text)


def address_changed(telling: Telling, fact: Any) -> None:
    """Both addresses are told, the former one first."""
    asked = telling.tx.get(Confirmation, fact.confirmation_id)
    person = telling.tx.get(Account, asked.account_id) if asked else None
    if asked is not None and person is not None:
        text = msg("The e-mail address of your account was changed. The former one no longer opens it.")
        for address in (asked.former_email, asked.email):
            _mail(telling, "email_changed", asked.ref, address, person, text)


def account_guarded(telling: Telling, fact: Any) -> None:
    """The owner is told what was done, at the address of this moment."""
    person = telling.tx.get(Account, fact.account_id)
    if person is not None and person.email:
        _mail(telling, "account_guarded", f"{fact.ref}-{fact.what}", person.email, person, GUARDED[fact.what])


def _mail(telling: Telling, what: str, ref: str, address: str, person: Account, text: Any) -> None:
    cause = cause_of(what, ("confirmation", ref))
    telling.mails.append(letter_about_account(cause, address, person, text, telling.settings.public_url))
