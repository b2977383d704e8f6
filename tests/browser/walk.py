"""A walk through every page of the site, in every language, light and dark, on a desk and on a phone: `make browser`.

It is not part of `make test`: with WALK=pairs each page and each state is looked at once, so that all pairs of values
are met over the pages, and once more for its words; without it thirty times.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import inspector, pseudo
from tests.browser.addresses import Case
from tests.browser.pairs import Look, fewer, one_in_each_scheme, whole
from tests.browser.visits import Visits, cases, open_the_scene
from tests.unwrapped import FOR_DEVELOPERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.walk, pytest.mark.needs_chromium, pytest.mark.one_engine]

IN_PAIRS = os.environ.get("WALK", "") == "pairs"
ONLY = {name: os.environ.get(f"WALK_{name.upper()}", "") for name in ("language", "scheme", "width")}
# One reader after the other: each change of reader opens a window anew.
EVERY = sorted(enumerate(cases()), key=lambda one: one[1].who)
# Between a small phone and a large one only the width changes; what axe looks at does not.
WITH_AXE = (320, 1280)
WORDED = [case for _t, case in EVERY if not (case.name.startswith(FOR_DEVELOPERS) or (IN_PAIRS and case.is_state))]
"""Where the words are looked at; states say little that their page does not."""


@pytest.fixture(scope="session")
def visits(browser: Browser, common: Path) -> Iterator[Visits]:
    """Windows on a site of its own."""
    cast = open_the_scene(common)
    yield Visits(browser, cast)
    cast.site.stop()


def looks_at(turn: int, case: Case) -> list[Look]:
    """The ways in which this page is looked at."""
    return [
        look
        for look in (fewer(turn, 1) if IN_PAIRS else whole())
        if all(wanted in {"", str(getattr(look, name))} for name, wanted in ONLY.items())
    ]


def report(case: Case, found: list[tuple[str, str]]) -> None:
    """Fail with everything that was found on a page, each fault once, with the combinations in which it shows."""
    where: dict[str, list[str]] = {}
    for look, fault in found:
        where.setdefault(fault, []).append(look)
    lines = [f"[{'; '.join(seen)}]\n  {fault}" for fault, seen in where.items()]
    if lines:
        pytest.fail(f"{case}\n" + "\n".join(lines), pytrace=False)


@pytest.mark.parametrize(("turn", "case"), EVERY, ids=[str(case) for _turn, case in EVERY])
def test_page(visits: Visits, turn: int, case: Case) -> None:
    """Axe, no sideways scroll, one h1, a title, the language; nothing refused and nothing complained of."""
    found: list[tuple[str, str]] = []
    looks = sorted(looks_at(turn, case), key=lambda look: (look.language, look.scheme, look.width))
    axed = one_in_each_scheme(turn, looks) if IN_PAIRS else {look for look in looks if look.width in WITH_AXE}
    for (language, scheme), group in groupby(looks, key=lambda look: (look.language, look.scheme)):
        widths = [look.width for look in group]
        # What was opened or typed on a narrow window would not be there on a wide one: such states are opened anew.
        for bundle in [[width] for width in widths] if case.act else [widths]:
            with visits.look(case, language, scheme, bundle[0]) as (window, listener):
                for width in bundle:
                    window.widen(width)
                    look = Look(language, scheme, width)
                    faults = inspector.faults(window.page, language, listener, with_axe=look in axed)
                    found += [(str(look), fault) for fault in faults]
    report(case, found)


@pytest.mark.skipif(any(ONLY.values()), reason="by design: only some looks are asked for")
@pytest.mark.parametrize("case", WORDED, ids=str)
def test_words(visits: Visits, case: Case) -> None:
    """In the pseudo-language: every text of ours comes from a catalogue, and none is cut."""
    found: list[tuple[str, str]] = []
    for width in WITH_AXE[: 1 if IN_PAIRS else 2]:
        with visits.look(case, pseudo.LANGUAGE, "light", width) as (window, _listener):
            faults = inspector.wording_faults(window.page, visits.cast.words)
            found += [(f"{pseudo.LANGUAGE} {width}", fault) for fault in faults]
    report(case, found)
