"""How reports end: where they are signed, and how one makes sure that a paper was made here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.foundation.languages import day_text, say
from app.foundation.messages import msg
from app.reports import document as parts
from app.reports.document import Document, digest_of
from app.reports.rules import Signer
from app.reports.wording import moment_words


def signature(signer: Signer, now: datetime, language: str) -> parts.Signature:
    """The place for name, function, day, place, signature and seal."""
    rows = (
        (say(msg("Name"), language), signer.name),
        (say(msg("Function"), language), signer.function),
        (say(msg("Place"), language), signer.place),
        (say(msg("Day"), language), day_text(now.date(), language)),
        (say(msg("Signature"), language), ""),
    )
    return parts.Signature(rows, say(msg("Seal"), language))


def proven(document: Document, ref: str, public_url: str) -> Document:
    """The report with its reference at the foot of each page, and at its end how one makes sure of it."""
    language = document.language
    address = f"{public_url.rstrip('/')}/reports/{ref}"
    lines = (
        say(msg("Reference %(ref)s. %(moment)s.", ref=ref, moment=moment_words(document.made_at, language)), language),
        say(msg("Whether this report was made on Counterpart is told at %(address)s", address=address), language),
        f"SHA-256: {digest_of(document)}",
    )
    return replace(document, proof=lines, running=f"{ref} · {moment_words(document.made_at, language)}")
