"""The words of a mail with news, put together when it is sent: what its reader may see at that very moment, no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import Account
from app.accounts.queries import actor_of
from app.config import Settings
from app.foundation.db import Tx
from app.foundation.languages import LANGUAGES, say
from app.foundation.messages import Message
from app.foundation.permissions import ANONYMOUS
from app.notifications.digest.rules import LEADS, NOTHING_MORE, SUBJECTS, WHY, Addition, Item, arrange
from app.notifications.links.service import DIGEST, addresses_for
from app.notifications.models import Delivery, Mail
from app.notifications.pace.rules import AT_ONCE, DIGESTS, GROUP_OF, GROUPS
from app.notifications.paper import Letter, write_html, write_text
from app.notifications.queries import visible_records
from app.notifications.rules import SUBJECTS as KINDS
from app.notifications.rules import Part, one_line, path_of, records_of, what_of

Add: TypeAlias = Callable[[Tx, Settings, Account, str], Addition | None]
"""Says what is to be added to news of this cause; nothing, where it is not to be sent any more."""
_ADDED_BY: dict[str, Add] = {}


def register_addition(what: str, add: Add) -> None:
    """Let a feature say more in mails with this kind of news, asked at the moment when they are sent."""
    _ADDED_BY[what] = add


def _more(tx: Tx, settings: Settings, account: Account, cause: str) -> Addition | None:
    add = _ADDED_BY.get(what_of(cause))
    return add(tx, settings, account, cause) if add else NOTHING_MORE


def write_news(
    tx: Tx, settings: Settings, mail: Mail, account: Account, now: datetime
) -> tuple[Letter | None, list[int]]:
    """The letter, or none if nothing of it may be told any more; and the deliveries that are left out of it."""
    query = select(Delivery).where(Delivery.mail_id == mail.id).order_by(Delivery.id)
    deliveries = list(tx.scalars(query.options(joinedload(Delivery.notice))))
    parts = {part for one in deliveries for part in records_of(one.notice.cause)}
    seen = visible_records(tx, actor_of(account), parts)
    public = visible_records(tx, ANONYMOUS, parts)
    visible = [one for one in deliveries if seen.issuperset(records_of(one.notice.cause))]
    added = {one.id: _more(tx, settings, account, one.notice.cause) for one in visible}
    told = [(one, more) for one in visible if (more := added[one.id]) is not None]
    left_out = [one.id for one in deliveries if added.get(one.id) is None]
    if not told:
        return None, left_out
    language = account.language if account.language in LANGUAGES else "en"
    items = [_item(one, more, public, language, settings.public_url) for one, more in told]
    return _letter(settings, mail, account, items, language, now), left_out


def _item(delivery: Delivery, more: Addition, public: set[Part], language: str, public_url: str) -> Item:
    """One piece of news; of a record that is not public, mail says no more than that there is news."""
    notice = delivery.notice
    kind = what_of(notice.cause)
    is_public = public.issuperset(records_of(notice.cause))
    text = say(Message.from_json(notice.message) if is_public else KINDS[kind], language)
    path = path_of(notice.cause, notice.record_kind, notice.record_ref)
    words = text if is_public else text + "."
    return Item(GROUP_OF[kind], one_line(words, 600), public_url + path, say(KINDS[kind], language), is_public, more)


def _letter(
    settings: Settings, mail: Mail, account: Account, items: Sequence[Item], language: str, now: datetime
) -> Letter:
    sections, more = arrange(items)
    groups = [section.group for section in sections]
    scope = [DIGEST] if mail.pace in DIGESTS else groups
    change, stop = addresses_for(settings, account, scope, now)
    is_one = mail.pace == AT_ONCE
    subject = items[0].subject if is_one else say(_counted(SUBJECTS[mail.pace], len(items)), language)
    values: dict[str, Any] = {
        "subject": subject,
        "name": one_line(account.name),
        "lead": "" if is_one else say(LEADS[mail.pace], language),
        "sections": [(say(GROUPS[section.group], language), section.items) for section in sections],
        "groups": ", ".join(say(GROUPS[group], language) for group in groups),
        "has_hidden": any(not item.is_public for item in items),
        "more": more,
        "why": say(WHY[mail.pace], language),
        "notices": f"{settings.public_url}/notices",
        "desk": f"{settings.public_url}/desk",
        "change": change,
    }
    return Letter(
        recipient=account.email,
        subject=subject,
        text=write_text("emails/news.txt", language, **values),
        html=write_html("emails/news.html", language, **values),
        language=language,
        stop=stop,
        is_digest=mail.pace in DIGESTS,
    )


def _counted(message: Message, count: int) -> Message:
    return Message(message.text, {"count": count})
