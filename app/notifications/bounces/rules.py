"""Reading a delivery status notification (RFC 3464): which mail it is about, and whether the address is to blame."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.policy import default

LARGEST = 512 * 1024
"""A notification returns headers, or a whole mail of ours, none of which is larger than some hundred kilobytes."""
MOST_PARTS = 50
MOST_BORDERS = 200
MOST_NESTED = 20
"""The parser of the standard library takes the square of the time over many parts, or parts within parts: what has more
lines that begin with -- or more multiparts than any notification is not given to it."""
BORDER = re.compile(rb"^--", re.MULTILINE)
NESTED = re.compile(rb"multipart/", re.IGNORECASE)
MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
BY_POLICY = "5.7."


class NoBounce(ValueError):
    """What was given is no notification that could be used; the message says why."""


@dataclass(frozen=True)
class Bounce:
    """What a notification says: the Message-ID of the mail that came back, and the status of the address (5.1.1)."""

    message_id: str
    status: str
    is_final: bool


def read_bounce(raw: bytes) -> Bounce:
    """What the notification says.

    Raises:
        NoBounce: it is too large, broken, no notification, or about no mail that has a Message-ID.
    """
    if len(raw) > LARGEST:
        raise NoBounce(f"larger than {LARGEST // 1024} kB: no notification is")
    if len(BORDER.findall(raw)) > MOST_BORDERS or len(NESTED.findall(raw)) > MOST_NESTED:
        raise NoBounce("more parts than a notification has")
    try:
        return _read(message_from_bytes(raw, policy=default))
    except NoBounce:
        raise
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        # The parser of the standard library fails with errors of many kinds over what is no mail.
        raise NoBounce(f"it cannot be read as a mail ({type(error).__name__})") from error


def _read(mail: EmailMessage) -> Bounce:
    if mail.get_content_type() != "multipart/report" or mail.get_param("report-type") != "delivery-status":
        raise NoBounce("no multipart/report with report-type=delivery-status (RFC 3464)")
    parts = []
    for part in mail.walk():
        parts.append(part)
        if len(parts) > MOST_PARTS:
            raise NoBounce(f"more than {MOST_PARTS} parts")
    said = [block for part in parts if part.get_content_type() == "message/delivery-status" for block in _inside(part)]
    about = [block for block in said if block["Action"]]
    if not about:
        raise NoBounce("it says of no recipient what became of the mail")
    status = _status(about[0])
    is_final = str(about[0]["Action"]).strip().lower() == "failed" and status.startswith("5")
    return Bounce(_returned_id(parts), status, is_final and not status.startswith(BY_POLICY))


def _inside(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _status(block: Message) -> str:
    found = STATUS.search(str(block["Status"] or ""))
    if found is None:
        raise NoBounce("no status such as 5.1.1")
    return found.group()


def _returned_id(parts: Sequence[Message]) -> str:
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            inner = next(iter(_inside(part)), None)
            headers = str(inner["Message-ID"] or "") if inner is not None else ""
        elif part.get_content_type() == "text/rfc822-headers":
            headers = _line_of(str(part.get_payload(decode=False)), "message-id")
        else:
            continue
        found = MESSAGE_ID.search(headers)
        if found:
            return found.group()
    raise NoBounce("the headers that it returns have no Message-ID")


def _line_of(headers: str, name: str) -> str:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", headers[:100_000])
    return next((line for line in unfolded.splitlines() if line.lower().startswith(f"{name}:")), "")
