"""When overlaps are told one by one, and when together."""

from __future__ import annotations

MOST_SINGLE = 3
"""So many pairs that one batch of facts brings to an organisation are told one by one; more of them in one notice."""


def goes_together(count: int) -> bool:
    """Whether these pairs are told in one notice, as after an import."""
    return count > MOST_SINGLE
