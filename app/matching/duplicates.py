"""stub"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Undertaking:
    title: str
    description: str
    countries: frozenset[str]
    start: str
    end: str
    organisation: str
    identifier: str


def is_duplicate(a, b):
    return False
