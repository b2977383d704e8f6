"""What happens to certificates, as others are told."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class CertificateIssued(Fact):
    """A candidate has a certificate; `code` is what it bears."""

    nomination_id: int
    code: str


@dataclass(frozen=True)
class CertificateRevoked(Fact):
    """A certificate is not valid any more, because the result has changed."""

    nomination_id: int
    code: str
