"""Pictures of mails as people get them: draws the HTML half of mails that are kept as .eml files.

One picture for each language, with whom it is from, to whom it goes and what it is about above it.
"""

from __future__ import annotations

import argparse
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from pathlib import Path

from tests.running import ROOT, start_chromium

PICTURES = ROOT / "docs" / "images"
WIDTH = 640
HEAD = '<div style="font:14px sans-serif;padding:12px 16px;background:#eef1f5;border-bottom:1px solid #c8d0da">{}</div>'
LINES = ("From", "To", "Subject")


def read(file: Path) -> EmailMessage:
    """One mail."""
    return message_from_bytes(file.read_bytes(), policy=default)


def html_of(mail: EmailMessage) -> str:
    """Its HTML half, empty where it has none."""
    half = mail.get_body(("html",))
    return half.get_content() if half is not None else ""


def language_of(mail: EmailMessage) -> str:
    """The language that its page declares."""
    return html_of(mail).partition('<html lang="')[2][:2]


def with_head(mail: EmailMessage) -> str:
    """The page of a mail below the lines that a mail program shows."""
    lines = "<br>".join(f"<b>{name}:</b> <bdi>{escape(str(mail[name] or ''))}</bdi>" for name in LINES)
    page, mark, rest = html_of(mail).partition("<body")
    style, bracket, body = rest.partition(">")
    return f"{page}{mark}{style}{bracket}{HEAD.format(lines)}{body}"


def main() -> int:
    """Draw them; 1 if there is none."""
    asked = argparse.ArgumentParser(description="Pictures of mails.")
    asked.add_argument("files", nargs="+", type=Path)
    mails = [mail for mail in map(read, asked.parse_args().files) if html_of(mail)]
    browser, end = start_chromium()
    for mail in mails:
        page = browser.new_page(viewport={"width": WIDTH, "height": 400})
        page.set_content(with_head(mail))
        page.screenshot(path=PICTURES / f"mail-{language_of(mail)}.png", full_page=True)
        page.close()
    end()
    return 0 if mails else 1


if __name__ == "__main__":
    sys.exit(main())
