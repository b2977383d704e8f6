"""The second steps of one account."""

from __future__ import annotations

from sqlalchemy import func, select

from app.accounts.models import RecoveryCode, SecondStep
from app.foundation.db import Tx


def steps_of(tx: Tx, account_id: int | None) -> list[SecondStep]:
    """The account's apps and passkeys, oldest first."""
    query = select(SecondStep).where(SecondStep.account_id == account_id).order_by(SecondStep.id)
    return list(tx.scalars(query))


def step_by_ref(tx: Tx, account_id: int | None, ref: str) -> SecondStep | None:
    """One of the account's own."""
    return tx.scalar(select(SecondStep).where(SecondStep.account_id == account_id, SecondStep.ref == ref))


def passkey_with(tx: Tx, credential_id: str) -> SecondStep | None:
    """The passkey with this identifier (base64url), whoever's it is."""
    return tx.scalar(select(SecondStep).where(SecondStep.credential_id == credential_id))


def codes_left(tx: Tx, account_id: int | None) -> int:
    """How many recovery codes have not been used."""
    query = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return tx.scalar(query) or 0
