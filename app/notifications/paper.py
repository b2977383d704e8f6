"""A finished mail: the same words as plain text and as HTML, in one language, with the headers for mail programs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.config import ROOT, Settings
from app.foundation.languages import catalogue
from app.notifications.rules import one_line

TEMPLATES = ROOT / "templates"
RIGHT_TO_LEFT = frozenset({"ar"})
FOOT = "--"


@dataclass(frozen=True)
class Letter:
    """What is sent to one address: `stop` is where a mail program stops such mails, nothing where they cannot be."""

    recipient: str
    subject: str
    text: str
    html: str
    language: str
    calendar: str | None = None
    stop: str = ""
    is_digest: bool = False


@cache
def _templates(language: str, *, is_html: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        # Plain text is never HTML, so nothing in it is escaped; the other half escapes everything.
        autoescape=is_html,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension gives the environment a method that the type of an environment does not know.
    translated: Any = made
    translated.install_gettext_translations(catalogue(language), newstyle=True)
    return made


def write_text(template: str, language: str, **values: Any) -> str:
    """The plain half of a mail, from its template in templates/emails."""
    return _templates(language, is_html=False).get_template(template).render(**values).strip() + "\n"


def write_html(template: str, language: str, **values: Any) -> str:
    """The other half. It names nothing outside of itself: no picture, no style sheet, nothing that tells of reading."""
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    page = _templates(language, is_html=True).get_template(template)
    return page.render(language=language, direction=direction, **values).strip() + "\n"


def html_of(text: str, subject: str, language: str, public_url: str) -> str:
    """A letter that was written as plain text: its first link to the site becomes the button, the others stay links.

    A link that stands alone below a line that ends with a colon goes by the words of that line.
    """
    body, _mark, foot = text.strip().partition(f"\n{FOOT}\n")
    parted = re.split(r"\n\s*\n", body.strip())
    blocks = [_named([_pieces(line, public_url) for line in block.split("\n")]) for block in parted]
    alone = [line[0][0] for block in blocks for line in block if len(line) == 1 and line[0][0]]
    return write_html(
        "emails/letter.html",
        language,
        subject=subject,
        blocks=blocks,
        button=alone[0] if alone else "",
        foot=foot.strip(),
    )


def _named(lines: list[list[tuple[str, str]]]) -> list[list[tuple[str, str]]]:
    """The lines of a block, each link that has a line of its own called by the line before, which then goes."""
    named: list[list[tuple[str, str]]] = []
    for line in lines:
        label = named[-1][0] if named and len(named[-1]) == 1 else ("", "")
        if len(line) == 1 and line[0][0] and not label[0] and label[1].endswith(":"):
            named[-1] = [(line[0][0], label[1].rstrip(": \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"))]
        else:
            named.append(line)
    return named


def _pieces(line: str, public_url: str) -> list[tuple[str, str]]:
    """A line as (address, words): an address of this site is a link; what somebody typed never becomes one."""
    found: list[tuple[str, str]] = []
    for part in re.split(rf"({re.escape(public_url)}(?:/\S*)?(?![\w.:@-]))", line.strip()):
        if part == public_url or part.startswith(f"{public_url}/"):
            address = part.rstrip(".,;:)")
            found.append((address, address))
            found.append(("", part[len(address) :]))
        else:
            found.append(("", part))
    return [piece for piece in found if piece[1]]


def compose(settings: Settings, letter: Letter, message_id: str, now: datetime) -> EmailMessage:
    """The finished mail, with a calendar entry if there is one.

    Values go into headers as values: a line break in one cannot begin another header.

    Raises:
        ValueError: the recipient is no address.
    """
    host = urlsplit(settings.public_url).hostname or "localhost"
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("Counterpart", addr_spec=f"no-reply@{host}")
    message["To"] = address_of(letter.recipient)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = now
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    # Exchange does not read the line above; without this one it answers from people who are away.
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if letter.stop:
        message["List-Id"] = f"Counterpart <news.{host}>"
        message["List-Unsubscribe"] = f"<{letter.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if letter.is_digest:
        message["Precedence"] = "bulk"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        message.add_attachment(letter.calendar, subtype="calendar", filename="session.ics")
    # Setting a content takes away what was said of the one before, so that this comes last.
    message["Content-Language"] = letter.language
    return message


def address_of(recipient: str) -> Address:
    """The one address that the mail goes to.

    Raises:
        ValueError: it is none.
    """
    try:
        return Address(addr_spec=recipient)
    except Exception as error:
        # The parser of the standard library fails with errors of many kinds over what is no address.
        raise ValueError(f"not an address: {recipient!r}") from error
