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
class ManyCertified(Fact):
    """So many candidates of one organisation for one session have certificates since one act; this is the first."""

    nomination_id: int
    how_many: int


@dataclass(frozen=True)
class ManyRevoked(Fact):
    """So many certificates of candidates of one organisation are not valid since one act; this is the first."""

    nomination_id: int
    how_many: int


@dataclass(frozen=True)
class CertificateRevoked(Fact):
    """A certificate is not valid any more, because the result has changed."""

    nomination_id: int
    code: str
