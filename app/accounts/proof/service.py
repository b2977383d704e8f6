"""Second steps are set up, used, taken away; whoever they guard is told by mail each time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update

from app.accounts import guard
from app.accounts.models import Account, RecoveryCode, SecondStep
from app.accounts.proof import apps, queries, rules
from app.accounts.proof.passkeys import BadPasskey, Made, check_shown
from app.accounts.proof.seal import Seal
from app.accounts.rules import AccountRefused
from app.foundation import audit
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.permissions import Actor, Permission, require


@dataclass(frozen=True)
class AppDraft:
    """An app that is to be added: what its owner calls it, its secret, and the code that it shows now."""

    name: str
    secret: str
    code: str


def add_app(tx: Tx, actor: Actor, draft: AppDraft, seal: Seal, wall: datetime, now: datetime) -> list[str]:
    """Add an authenticator app that has shown the right code; the recovery codes, if these are the first.

    Raises:
        Refused: nobody is signed in.
        AccountRefused: the code is not right, or there are too many second steps.
    """
    account = _own(tx, actor, now)
    step = apps.step_of(draft.secret, rules.tidy_code(draft.code), wall)
    if step is None:
        raise AccountRefused(
            msg("This code is not the one that the app shows now. Check the telephone’s clock and type the next code."),
            "code",
        )
    kept = SecondStep(
        account_id=account.id,
        kind="app",
        name=draft.name,
        secret=seal.seal(draft.secret),
        counter=step,
        created_at=now,
    )
    return _add(tx, actor, account, kept, seal, now)


def add_passkey(tx: Tx, actor: Actor, name: str, made: Made, seal: Seal, now: datetime) -> list[str]:
    """Add a passkey; the recovery codes, if it is the account's first second step.

    Raises:
        Refused: nobody is signed in.
        AccountRefused: this passkey is known already, or there are too many second steps.
    """
    account = _own(tx, actor, now)
    if queries.passkey_with(tx, made.credential_id) is not None:
        raise AccountRefused(msg("This passkey is among yours already."))
    kept = SecondStep(
        account_id=account.id,
        kind="passkey",
        name=name,
        secret=made.public_key,
        credential_id=made.credential_id,
        counter=made.counter,
        created_at=now,
    )
    return _add(tx, actor, account, kept, seal, now)


def _add(tx: Tx, actor: Actor, account: Account, kept: SecondStep, seal: Seal, now: datetime) -> list[str]:
    if len(queries.steps_of(tx, account.id)) >= rules.MOST_STEPS:
        raise AccountRefused(msg("Ten are enough: remove one that you no longer use first."))
    is_first = account.second_step_since is None
    tx.add(kept)
    tx.flush()
    account.second_step_since = account.second_step_since or now
    audit.record_event(tx, actor, "account.second_step_added", account, now, {"step": kept.ref, "kind": kept.kind})
    guard.tell_owner(tx, account, "step_added", kept.ref, now)
    return _fresh_codes(tx, account, seal) if is_first else []


def renew_codes(tx: Tx, actor: Actor, seal: Seal, now: datetime) -> list[str]:
    """Ten new recovery codes; the old ones are worth nothing from now on.

    Raises:
        Refused: nobody is signed in.
        AccountRefused: there is no second step that they could stand in for.
    """
    account = _own(tx, actor, now)
    if account.second_step_since is None:
        raise AccountRefused(msg("Set up an app or a passkey first: recovery codes stand in for those."))
    codes = _fresh_codes(tx, account, seal)
    audit.record_event(tx, actor, "account.recovery_codes_renewed", account, now)
    guard.tell_owner(tx, account, "codes_renewed", guard.news_ref(), now)
    return codes


def _fresh_codes(tx: Tx, account: Account, seal: Seal) -> list[str]:
    tx.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = rules.new_recovery_codes()
    for code in codes:
        tx.add(RecoveryCode(account_id=account.id, digest=seal.digest(rules.tidy_code(code))))
    return codes


def remove_step(tx: Tx, actor: Actor, step: SecondStep, now: datetime) -> None:
    """Take one of one's own second steps away; with the last one the recovery codes go too.

    Raises:
        Refused: nobody is signed in.
        AccountRefused: it is the last, and the person's role asks for one.
    """
    account = _own(tx, actor, now)
    left = [one for one in queries.steps_of(tx, account.id) if one.id != step.id]
    if not left and guard.has_to_prove(account):
        raise AccountRefused(msg("Your role asks for a second step: set up another one before you remove this."))
    tx.delete(step)
    if not left:
        _forget(tx, account)
    audit.record_event(tx, actor, "account.second_step_removed", account, now, {"step": step.ref, "kind": step.kind})
    guard.tell_owner(tx, account, "step_removed", step.ref, now)


def clear_steps(tx: Tx, actor: Actor, account: Account, now: datetime) -> None:
    """The secretariat takes away every second step of somebody who has lost them all, and ends all sign-ins.

    Raises:
        Refused: the actor is not of the secretariat.
        AccountRefused: it is the actor's own account, or there is nothing to take away.
    """
    require(actor, Permission.ACCOUNT_RESCUE, now)
    if account.id == actor.account_id:
        raise AccountRefused(msg("Somebody else of the secretariat has to do this for you."))
    if account.second_step_since is None:
        raise AccountRefused(msg("This account has no second step."))
    tx.execute(delete(SecondStep).where(SecondStep.account_id == account.id))
    _forget(tx, account)
    guard.end_all(tx, account, now)
    audit.record_event(tx, actor, "account.second_steps_cleared", account, now, {"member": account.id})
    guard.tell_owner(tx, account, "steps_cleared", guard.news_ref(), now)


def end_sign_ins(tx: Tx, actor: Actor, account: Account, now: datetime) -> None:
    """The secretariat ends every sign-in of an account, when a device was lost or somebody has left.

    Raises:
        Refused: the actor is not of the secretariat.
    """
    require(actor, Permission.ACCOUNT_RESCUE, now)
    guard.end_all(tx, account, now)
    audit.record_event(tx, actor, "account.sign_ins_ended", account, now, {"member": account.id})
    guard.tell_owner(tx, account, "sign_ins_ended", guard.news_ref(), now)


def _forget(tx: Tx, account: Account) -> None:
    account.second_step_since = None
    tx.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def _own(tx: Tx, actor: Actor, now: datetime) -> Account:
    require(actor, Permission.ACCOUNT_MANAGE, now)
    return guard.account_of(tx, actor)


# --- using them ---


def pass_code(tx: Tx, account: Account, typed: str, seal: Seal, wall: datetime, now: datetime, *, again: bool) -> str:  # noqa: PLR0913 - two clocks
    """Which way a typed code opens: `app` or `recovery`, or nothing. Each code is good once.

    `again`: a code may open several times while it is shown (a demonstration, whose people many share).
    """
    code = rules.tidy_code(typed)
    if rules.APP_CODE.match(code):
        return "app" if _pass_app(tx, account, code, seal, wall, now, again=again) else ""
    if rules.RECOVERY_CODE.match(code):
        used = update(RecoveryCode).where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.digest == seal.digest(code),
            RecoveryCode.used_at.is_(None),
        )
        if tx.execute(used.values(used_at=now)).rowcount:  # type: ignore[attr-defined]
            guard.tell_owner(tx, account, "recovery_used", guard.news_ref(), now)
            return "recovery"
    return ""


def _pass_app(tx: Tx, account: Account, code: str, seal: Seal, wall: datetime, now: datetime, *, again: bool) -> bool:  # noqa: PLR0913 - as above
    for kept in queries.steps_of(tx, account.id):
        secret = seal.opened(kept.secret) if kept.kind == "app" else None
        step = apps.step_of(secret, code, wall) if secret else None
        if step is None:
            continue
        spent = update(SecondStep).where(SecondStep.id == kept.id)
        if not again:
            spent = spent.where(SecondStep.counter < step)
        # One statement decides, so that the same code sent twice at the same moment opens once.
        return bool(tx.execute(spent.values(counter=step, used_at=now)).rowcount)  # type: ignore[attr-defined]
    return False


def pass_passkey(public_url: str, challenge: str, credential: str, kept: SecondStep, now: datetime) -> None:
    """Check a passkey's answer and note its count.

    Raises:
        BadPasskey: it is not the answer that was asked for.
    """
    if kept.kind != "passkey":
        raise BadPasskey("no passkey")
    kept.counter = check_shown(public_url, challenge, credential, kept.secret, kept.counter)
    kept.used_at = now


def new_challenge() -> str:
    """A word that a passkey signs once: 192 random bits."""
    return secrets.token_urlsafe(24)
