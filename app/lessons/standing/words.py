"""What a lesson weighs, in words: "known from three independent sources, one of them measured"."""

from __future__ import annotations

from collections.abc import Mapping

from app.foundation.web import gettext, ngettext
from app.lessons.standing.rules import Weight

WRITTEN_OUT = 10


def in_words(weight: Weight) -> str:
    """How well a lesson is known, as a sentence without a full stop, in the page's language."""
    parts = [_sources(weight), _evidence(weight)]
    if weight.against:
        against = ngettext(
            "contradicted by %(count)s source", "contradicted by %(count)s sources", weight.against,
            count=number(weight.against),
        )  # fmt: skip
        parts.append(against)
    return ", ".join(part for part in parts if part)


def number(count: int) -> str:
    """A small number as a word, a larger one in figures."""
    words: Mapping[int, str] = {
        1: gettext("one"), 2: gettext("two"), 3: gettext("three"), 4: gettext("four"), 5: gettext("five"),
        6: gettext("six"), 7: gettext("seven"), 8: gettext("eight"), 9: gettext("nine"),
    }  # fmt: skip
    return str(words.get(count, count))


def _sources(weight: Weight) -> str:
    if weight.sources == 1:
        return str(gettext("Known from one source"))
    return str(gettext("Known from %(count)s independent sources", count=number(weight.sources)))


def _evidence(weight: Weight) -> str:
    """Which is the best evidence that there is; what those who took part have seen goes without saying."""
    if weight.sources == 1:
        alone = {
            "measured": gettext("measured, with figures"),
            "evaluated": gettext("found by an evaluation"),
            "anecdotal": gettext("somebody's account"),
        }
        return str(alone.get(weight.best_evidence, gettext("observed by those who took part")))
    several = {
        "measured": ngettext("%(count)s of them measured", "%(count)s of them measured", weight.with_best,
                             count=number(weight.with_best)),
        "evaluated": ngettext("%(count)s of them found by an evaluation", "%(count)s of them found by evaluations",
                              weight.with_best, count=number(weight.with_best)),
    }  # fmt: skip
    return str(several.get(weight.best_evidence, ""))
