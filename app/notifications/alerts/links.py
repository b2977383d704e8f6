"""The signed link that stops the news of one followed search, and of no other, without signing in."""

from __future__ import annotations

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from app.accounts.models import Account
from app.foundation.db import Tx
from app.foundation.security_log import note
from app.search.models import SavedSearch


def stop_token(secret_key: str, saved: SavedSearch, account: Account) -> str:
    """The signed word in the link; it ends when the search is dropped or handed over to somebody else."""
    return stop_word(secret_key, saved.ref, account.ref)


def stop_word(secret_key: str, ref: str, account_ref: str) -> str:
    """The same by the references of the search and of its reader."""
    return str(_signer(secret_key).dumps([ref, account_ref]))


def search_for(tx: Tx, secret_key: str, token: str) -> SavedSearch | None:
    """The search that a link speaks of; nothing where it was altered, or where the search is that person's no more."""
    try:
        ref, account_ref = _signer(secret_key).loads(token)
    except (BadData, ValueError, TypeError):
        note("link")
        return None
    query = select(SavedSearch).join(Account, Account.id == SavedSearch.account_id)
    return tx.scalar(query.where(SavedSearch.ref == str(ref), Account.ref == str(account_ref)))


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="counterpart.search-stop")
