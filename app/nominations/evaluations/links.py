"""The signed link by which a candidate answers without an account: it names one evaluation, and no other."""

from __future__ import annotations

from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.config import Settings
from app.foundation.db import Tx
from app.foundation.security_log import note
from app.nominations.evaluations import rules
from app.nominations.evaluations.models import Evaluation
from app.nominations.evaluations.service import LETTERS
from app.nominations.models import Nomination
from app.notifications.letters import LINK
from app.notifications.mailer import register_finish
from app.notifications.models import Mail
from app.notifications.rules import parts_of


def token_for(secret_key: str, evaluation: Evaluation) -> str:
    """The signed word in the link."""
    return word_for(secret_key, evaluation.ref)


def word_for(secret_key: str, ref: str) -> str:
    """The same by the reference of the evaluation."""
    return str(_signer(secret_key).dumps(ref))


def evaluation_for(tx: Tx, secret_key: str, token: str) -> Evaluation | None:
    """The evaluation that a link speaks of; nothing where it was altered, or where the candidate is forgotten."""
    try:
        ref = str(_signer(secret_key).loads(token))
    except (BadData, ValueError, TypeError):
        note("link")
        return None
    return _find(tx, ref)


def _find(tx: Tx, ref: str) -> Evaluation | None:
    to_session = joinedload(Evaluation.nomination).joinedload(Nomination.session)
    to_course = joinedload(Evaluation.nomination).joinedload(Nomination.course)
    found = tx.scalar(select(Evaluation).where(Evaluation.ref == ref).options(to_session, to_course))
    return found if found is not None and found.nomination.forgotten_at is None else None


def _with_link(tx: Tx, settings: Settings, mail: Mail, now: datetime) -> str | None:
    """The mail with its signed link, as long as an answer is taken."""
    row = _find(tx, dict(parts_of(mail.cause)).get("evaluation", ""))
    if row is None or now >= rules.answers_until(row.asked_at):
        return None
    return mail.body.replace(LINK, f"{settings.public_url}/evaluation/{token_for(settings.secret_key, row)}")


def register_letters() -> None:
    """Let the mails be finished with their signed links when they are sent."""
    for what, _text in LETTERS.values():
        register_finish(what, _with_link)


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="counterpart.evaluation")
