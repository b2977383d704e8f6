"""Whether two programmes are the same undertaking told twice, or two that only look alike. Plain values in, plain out.

The same undertaking has the same place and the same time, or is a part of the other; then its words have to agree,
across languages by what they are about. What differs in a name that tells things apart (another town, year,
number of people) is another undertaking, however alike the rest. What is asked here is answered by a person in the end:
the guard only says what to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.foundation.text import fold
from app.matching.aboutness import about, cosine
from app.reference.places import countries_in, named_in
from app.search.language import query_words, stems_of

MONTH = timedelta(days=31)
CLOSE = 9 * MONTH
"""How far apart two beginnings or two ends may lie: sources differ by some months on when a thing began."""
YEARS_END = frozenset({(12, 31), (12, 30), (1, 1)})


@dataclass(frozen=True)
class Asked:
    """How much the words have to agree: by themselves, together with what they are about, or the latter alone."""

    words_alone: float
    words: float
    sense: float
    sense_alone: float


NEVER = 2.0
ASKED = {
    "same": Asked(0.6, 0.15, 0.3, 0.45),
    "usual": Asked(0.75, 0.3, 0.7, NEVER),
    "overlapping": Asked(0.9, 0.35, 0.7, NEVER),
    "part": Asked(NEVER, 0.3, 0.45, NEVER),
    "unknown": Asked(0.9, 0.6, 0.6, NEVER),
    "none": Asked(NEVER, NEVER, NEVER, NEVER),
}
"""What is asked of the words for each agreement of dates: the less these say, the more. Set on development pairs."""
LONGEST_CHILD_SUFFIX = 6
NUMBER = re.compile(r"\d+")
# Years and numbers of phases, parts and courses; Roman ones as titles write them.
PHASE = re.compile(r"\b(?:phase|fase|etapa|stage|part|round|lot)\s*(\d+|[ivx]+)\b")
# So does a part of a longer undertaking call itself.
PART = re.compile(
    r"\b(?:year \d|annee \d|ano \d|years? plan|work ?plan|annual|annuel|anual|component\w*|composante|"
    r"componente|tranche|(?:first|second|third|fourth) year)\b"
)
ROMAN = re.compile(r"\b(?=[ivx])(ix|iv|v?i{1,3}|v|x)\b")


@dataclass(frozen=True)
class Told:
    """What the guard knows of a programme. Dates are YYYY, YYYY-MM or YYYY-MM-DD, empty where nothing is said."""

    title: str
    description: str = ""
    countries: frozenset[str] = frozenset()
    start: str = ""
    end: str = ""
    identifier: str = ""


def is_duplicate(first: Told, second: Told) -> bool:
    """Whether the two are one undertaking, or one is a part of the other that must not be counted again."""
    if are_kin(first.identifier, second.identifier):
        return True
    if first.countries and second.countries and not first.countries & second.countries:
        return False
    if tells_apart(first, second):
        return False
    when = agreement_in_time(first, second)
    words, sense = likeness_of_words(first, second), likeness_of_sense(first, second)
    asked = ASKED[when]
    return words >= asked.words_alone or (words >= asked.words and sense >= asked.sense) or sense >= asked.sense_alone


def are_kin(first: str, second: str) -> bool:
    """Whether one identifier is the other with a part added: GB-1-113961 and GB-1-113961-101."""
    shorter, longer = sorted((first, second), key=len)
    rest = longer[len(shorter) :]
    return bool(shorter) and longer.startswith(shorter) and rest[:1] in {"-", "/"} and len(rest) <= LONGEST_CHILD_SUFFIX


def agreement_in_time(first: Told, second: Told) -> str:
    """How the dates of two agree: one of the keys of `ASKED`."""
    (a, b), (c, d) = _span(first), _span(second)
    if (a is None and b is None) or (c is None and d is None):
        return "unknown"
    begins, ends = _close(a, c), _close(b, d)
    if begins is not False and ends is not False:
        return "usual" if _is_usual(a, b) and _is_usual(c, d) else "same"
    if not (a and b and c and d):
        return "none"
    if begins and min(b, d) - max(a, c) > (max(b, d) - min(a, c)) / 2:
        return "overlapping"
    inside = (a <= c and d <= b + MONTH) or (c <= a and b <= d + MONTH)
    return "part" if inside and (_is_part(first) or _is_part(second)) else "none"


def _is_usual(start: date | None, end: date | None) -> bool:
    """Whole calendar years: what is written where nobody knows the day, so that it tells little apart."""
    return (
        start is not None and (start.month, start.day) == (1, 1) and (end is None or (end.month, end.day) in YEARS_END)
    )


def _is_part(each: Told) -> bool:
    return PART.search(fold(f"{each.title} {each.description}")) is not None


def tells_apart(first: Told, second: Told) -> bool:
    """Whether the titles name different things of one sort: years, numbers of phases, towns, quantities."""
    one, other = fold(first.title), fold(second.title)
    if (p := _phases(one)) and (q := _phases(other)) and p != q:
        return True
    same_words = _bare_words(first.title) == _bare_words(second.title)
    if same_words:
        return _numbers(first) != _numbers(second)
    mine, theirs = _names(first), _names(second)
    return bool(mine and theirs and not mine & theirs and _shared(first.title, second.title) > 0)


def likeness_of_words(first: Told, second: Told) -> float:
    """Which share of the words of the shorter title stands in the other record, countries left aside (0 to 1)."""
    shorter, longer = sorted((first, second), key=lambda each: len(each.title))
    asked = [set(stems_of(word)) for word in _telling(shorter.title)]
    if not asked:
        return 0.0
    there = {stem for word in _telling(f"{longer.title} {longer.description}") for stem in stems_of(word)}
    return sum(bool(stems & there) for stems in asked) / len(asked)


def likeness_of_sense(first: Told, second: Told) -> float:
    """How far the two speak of the same concepts, in whatever languages (0 to 1)."""
    one, other = (about(each.title, each.description) for each in (first, second))
    return max(cosine(one.concepts, other.concepts), cosine(one.title_concepts, other.title_concepts))


def _telling(text: str) -> list[str]:
    places = {word for _iso2, words in named_in(text) for word in words}
    return [word for word in query_words(text) if word not in places and not word.isdecimal()]


def _bare_words(title: str) -> list[str]:
    return [word for word in query_words(title) if not word.isdecimal()]


def _numbers(each: Told) -> frozenset[str]:
    return frozenset(NUMBER.findall(f"{each.title} {each.description}"))


def _phases(folded: str) -> frozenset[str]:
    return frozenset([*PHASE.findall(folded), *ROMAN.findall(folded), *re.findall(r"\b(?:19|20)\d\d\b", folded)])


def _names(each: Told) -> frozenset[str]:
    """Words of a title that are written as names inside a sentence and are no country: towns, people, programmes."""
    written = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", each.title)
    if sum(word[0].isupper() for word in written) > len(written) / 2:
        return frozenset()
    return frozenset(fold(w) for w in written[1:] if w[0].isupper() and not w.isupper() and not countries_in(w))


def _shared(first: str, second: str) -> int:
    mine = {stem for word in _telling(first) for stem in stems_of(word)}
    return len(mine & {stem for word in _telling(second) for stem in stems_of(word)})


def _span(each: Told) -> tuple[date | None, date | None]:
    return next(_days(each.start), None), next(_days(each.end), None)


def _days(text: str) -> Iterator[date]:
    parts = [int(part) for part in text.split("-")[:3] if part.isdecimal()]
    if parts:
        yield date(*[*parts, 1, 1][:3])


def _close(first: date | None, second: date | None) -> bool | None:
    return None if first is None or second is None else abs(first - second) <= CLOSE
