"""The inspector finds what it is there to find, and lets a sound page pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import inspector, pseudo
from tests.browser.addresses import is_page, unknown_parts
from tests.browser.inspector import Listener
from tests.browser.pairs import LANGUAGES, SCHEMES, WIDTHS, fewer, pairwise, whole
from tests.browser.visits import cases, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.one_engine

SOUND = """<!doctype html><html lang="en" dir="ltr"><head><title>A page – Counterpart</title></head>
<body><main>{}<h1>A page</h1>{}</main></body></html>"""
NOBODYS = pseudo.any_of(["Ndèye Coumba Sarr"])


@pytest.fixture
def show(browser: Browser) -> Callable[..., Page]:
    """Open a page with this in its body."""
    page = browser.new_page(viewport={"width": 320, "height": 600})

    def set_content(after: str = "", before: str = "") -> Page:
        page.set_content(SOUND.format(before, after))
        return page

    yield set_content
    page.close()


def found(page: Page, language: str = "en") -> str:
    return "\n".join(inspector.faults(page, language, Listener()))


def test_a_sound_page_has_no_faults(show: Callable[..., Page]) -> None:
    assert not found(show("<p>Some words.</p>"))


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h1>Another</h1>", "h1: there are 2"),
        ("<p style='width: 500px'>Wide</p>", "sideways"),
        ("<button></button>", "axe button-name"),
        ("<p><font color='#aaa'>pale</font></p>", "axe color-contrast"),
    ],
)
def test_what_is_wrong_is_found(show: Callable[..., Page], body: str, fault: str) -> None:
    assert fault in found(show(body))


def test_the_language_is_that_which_was_asked_for(show: Callable[..., Page]) -> None:
    assert "expected 'ar' 'rtl'" in found(show(), "ar")


def test_errors_of_scripts_are_heard(show: Callable[..., Page]) -> None:
    page = show()
    with Listener().listening(page) as listener:
        page.evaluate("setTimeout(() => { throw new Error('broken') }); console.error('angry')")
        page.wait_for_timeout(50)
    assert ["broken" in c or "angry" in c for c in sorted(listener.complaints)] == [True, True]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p>Plain</p>", "not translated: 'Plain'"),
        ("<p>⟦Fine⟧ and <b>not</b></p>", "not translated: 'and not'"),
        ("<input aria-label='Name'>", "aria-label= of"),
        ("<p>Ndèye Coumba Sarr</p>", "somebody's words without"),
        (
            "<p><s style='display:block;width:60px;overflow:hidden;white-space:nowrap'>⟦a long sentence⟧</s></p>",
            "cut: ",
        ),
    ],
)
def test_what_is_not_translated_or_cut_is_found(show: Callable[..., Page], body: str, fault: str) -> None:
    faults = inspector.wording_faults(show(body, "<p hidden>"), NOBODYS)
    assert fault in "\n".join(faults)


@pytest.mark.parametrize(
    "body",
    [
        "<p>⟦All of <a href='/'>it</a> is⟧ <span lang='fr'>Bonjour à tous</span></p>",
        "<p dir='auto'>Ndèye Coumba Sarr</p><p>12,500 XOF · N-ABCD-23EF · Senegalo · 3 Marto 2027</p>",
        "<p>⟦By ⟦a State⟧ and⟧ a.b@example.org</p><kbd>g</kbd><code>some code</code>",
    ],
)
def test_what_is_translated_or_somebodys_passes(show: Callable[..., Page], body: str) -> None:
    page = show(body)
    page.evaluate("document.querySelector('h1').textContent = document.title = '⟦A page⟧'")
    assert not inspector.wording_faults(page, NOBODYS)


def test_pseudo_sentences_keep_their_places_and_are_longer() -> None:
    marked = pseudo.marked("Give %(count)s <a>seats</a> at {time}")
    assert all(kept in marked for kept in ("%(count)s", "<a>", "</a>", "{time}"))
    assert len(pseudo.marked("x" * 100)) >= 130


def test_pairs_meet_every_pair() -> None:
    looks = [look for turn in range(6) for look in pairwise(turn)]
    assert {(look.language, look.scheme) for look in looks} == {(a, b) for a in LANGUAGES for b in SCHEMES}
    assert {(look.language, look.width) for look in looks} == {(a, b) for a in LANGUAGES for b in WIDTHS}
    assert {(look.scheme, look.width) for look in looks} == {(a, b) for a in SCHEMES for b in WIDTHS}
    for turn in range(6):
        one = pairwise(turn)
        assert {look.language for look in one} == set(LANGUAGES)
        assert {look.scheme for look in one} == set(SCHEMES)
        assert {look.width for look in one} == set(WIDTHS)
    assert {str(look) for turn in range(30) for look in fewer(turn, 2)} == {str(look) for look in whole()}


def test_every_address_is_walked() -> None:
    """A new page says in tests/browser/addresses.py where the variable parts of its address come from."""
    unknown = [part for rule in rules() if is_page(rule.endpoint) and "GET" in (rule.methods or ())
               for part in unknown_parts(rule)]  # fmt: skip
    assert not unknown, "PARTS of tests/browser/addresses.py does not know " + ", ".join(unknown)


def test_no_two_cases_have_one_name() -> None:
    names = [str(case) for case in cases()]
    assert sorted(set(names)) == sorted(names)
