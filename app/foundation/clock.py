"""What time it is for the site: the real time in UTC, or a fixed one for tests and demonstrations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Clock:
    """Tells the time in UTC; `fixed`, if given, is what it always tells."""

    fixed: datetime | None = None

    def now(self) -> datetime:
        """The present instant, in UTC, to the microsecond."""
        return self.fixed or datetime.now(UTC)

    def wall(self) -> datetime:
        """The hour of the real clock, in UTC, which authenticator apps go by even while the site's own is fixed."""
        return datetime.now(UTC)
