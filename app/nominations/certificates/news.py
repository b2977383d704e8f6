"""What certificates mean for people: the candidate gets a link to fetch one, and learns when it is revoked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.config import Settings
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.messages import Message, msg
from app.foundation.permissions import SYSTEM
from app.nominations.certificates.links import token_for
from app.nominations.certificates.service import is_valid
from app.nominations.letters import letter_to_candidate
from app.nominations.models import Nomination
from app.nominations.queries import OPTIONS
from app.notifications.letters import LINK
from app.notifications.mailer import register_finish
from app.notifications.models import Mail
from app.notifications.rules import cause_of, parts_of
from app.notifications.telling import Telling

ISSUED = msg(
    "Your certificate is ready: fetch it by this link and keep a copy. Whoever you show it to can check it by its code."
)
REVOKED = msg("Your certificate is not valid any more, because your result was changed. Ask the centre about it.")


def certificate_issued(telling: Telling, fact: Any) -> None:
    """The candidate is told where to fetch it, if it is still this one."""
    one = _nomination(telling.tx, fact.nomination_id)
    if one is not None and is_valid(one) and one.certificate_code == fact.code:
        _write(telling, one, "certificate_issued", ISSUED, has_link=True)


def certificate_revoked(telling: Telling, fact: Any) -> None:
    """The candidate is told, unless there is another one already."""
    one = _nomination(telling.tx, fact.nomination_id)
    if one is not None and not is_valid(one) and one.certificate_code == fact.code:
        _write(telling, one, "certificate_revoked", REVOKED, has_link=False)


def many_certified(telling: Telling, fact: Any) -> None:
    """Whoever nominated learns, once for a session, that its candidates have certificates."""
    texts = (
        msg("Your candidate %(ref)s has a certificate of “%(course)s”"),
        msg("%(count)s candidates of yours have certificates of “%(course)s”"),
    )
    _tell_sender(telling, fact, "certificates_issued", texts)


def many_revoked(telling: Telling, fact: Any) -> None:
    """Whoever nominated learns, once for a session, that certificates of its candidates are not valid any more."""
    texts = (
        msg("The certificate of “%(course)s” of your candidate %(ref)s is not valid any more: the result was changed"),
        msg("%(count)s certificates of “%(course)s” of your candidates are not valid any more: results were changed"),
    )
    _tell_sender(telling, fact, "certificates_revoked", texts)


def _tell_sender(telling: Telling, fact: Any, what: str, texts: tuple[Message, Message]) -> None:
    one = _nomination(telling.tx, fact.nomination_id)
    if one is None:
        return
    values = {"course": one.course.title, "ref": one.ref} if fact.how_many == 1 else {"course": one.course.title}
    message = Message(texts[fact.how_many > 1].text, values | ({"count": fact.how_many} if fact.how_many > 1 else {}))
    cause = cause_of(what, ("nomination", one.ref), ("certificate", one.certificate_code))
    telling.tell(telling.people_of(one.organisation_id), cause, message, one)


def _write(telling: Telling, one: Nomination, what: str, text: Message, *, has_link: bool) -> None:
    cause = cause_of(what, ("nomination", one.ref), ("certificate", one.certificate_code))
    telling.mails.append(letter_to_candidate(one, cause, text, has_link=has_link))


def _nomination(tx: Tx, number: int) -> Nomination | None:
    query = readable(SYSTEM, Nomination).where(Nomination.id == number, Nomination.forgotten_at.is_(None))
    return tx.scalar(query.options(*OPTIONS))


def with_link(tx: Tx, settings: Settings, mail: Mail, _now: datetime) -> str | None:
    """The mail with its signed link, as long as the certificate that it speaks of is valid."""
    named = dict(parts_of(mail.cause))
    query = readable(SYSTEM, Nomination).where(Nomination.ref == named.get("nomination", ""))
    one = tx.scalar(query.where(Nomination.forgotten_at.is_(None)).options(*OPTIONS))
    if one is None or not is_valid(one) or one.certificate_code != named.get("certificate"):
        return None
    return mail.body.replace(LINK, f"{settings.public_url}/certificate/{token_for(settings.secret_key, one)}")


def register_letters() -> None:
    """Let the mail be finished with its signed link when it is sent."""
    register_finish("certificate_issued", with_link)


NEWS: Mapping[str, Callable[[Telling, Any], None]] = {
    "CertificateIssued": certificate_issued,
    "CertificateRevoked": certificate_revoked,
    "ManyCertified": many_certified,
    "ManyRevoked": many_revoked,
}
"""Which fact is news for people, by its name."""
