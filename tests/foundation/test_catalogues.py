"""The check of the catalogues itself: it finds the sentences, what is wrong with their translations, and loose ones."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from tests import words
from tests.unwrapped import in_code, in_template

pytestmark = pytest.mark.one_engine

SEATS = ("%(num)s seat", "%(num)s seats")


@pytest.fixture
def found():
    catalogue = Catalog()
    catalogue.add("%(count)s seats", flags=["python-format"])
    return catalogue


def french(text, flags=("python-format",)):
    catalogue = Catalog(locale="fr", fuzzy=False)
    if text is not None:
        catalogue.add("%(count)s seats", text, flags=flags)
    return catalogue


def in_language(language, *texts, of=SEATS):
    """A catalogue of the site and one of a language, with one sentence."""
    site, translated = Catalog(), Catalog(locale=language)
    site.add(of)
    translated.add(of, texts if len(texts) > 1 else texts[0])
    return site, translated


def test_sentences_of_code_and_pages_are_found():
    sentences = words.gather()
    assert "There is a problem" in sentences, "a page's"
    assert "Type a whole number, such as 40." in sentences, "the code's"


def test_a_translation_is_enough(found):
    assert not any(words.faults(found, french("%(count)s places")).values())


def test_a_catalogue_that_is_fuzzy_as_a_whole_is_found(found):
    doubtful = french("%(count)s places")
    doubtful.fuzzy = True
    assert any(words.faults(found, doubtful).values())


@pytest.mark.parametrize(("text", "flags"), [(None, ()), ("", ()), ("%(count)s places", ("python-format", "fuzzy"))])
def test_what_is_missing_is_found(found, text, flags):
    assert len(words.missing(found, french(text, flags))) == 1


@pytest.mark.parametrize("text", ["%(number)s places", "places", "%(count)d places", "%(count)s places %(x)s"])
def test_a_place_that_does_not_fit_is_found(found, text):
    assert words.misplaced(found, french(text))


@pytest.mark.parametrize(
    ("of", "text"),
    [
        ("Saved at {time}", "Enregistré à {heure}"),
        ("See <a>the list</a>", "Voir la liste"),
        ("See <b>all</b>", "<b>Tout"),
    ],
)
def test_lost_braces_and_marks_are_found(of, text):
    assert words.misplaced(*in_language("fr", text, of=of))


def test_every_plural_form_is_looked_at():
    arabic = ("لا مقاعد", "مقعد واحد", "مقعدان", "%(num)s مقاعد", "%(num)s مقعدا", "%(num)s مقعد")
    assert not words.misplaced(*in_language("ar", *arabic)), "a form for one number may say it in words"
    assert words.misplaced(*in_language("ar", *arabic[:5], "مقعد")), "one for many numbers may not"
    assert words.misplaced(*in_language("fr", "une place", "%(num)s places")), "in French the singular is for none too"


def test_what_the_site_no_longer_says_is_stale(found):
    catalogue = french("%(count)s places")
    catalogue.add("Gone", "Parti")
    catalogue.obsolete["Long gone"] = catalogue.get("Gone").clone()
    assert len(words.stale(found, catalogue)) == 2


@pytest.mark.parametrize(
    "template",
    [
        "<p>Plain words</p>",
        "<p>\n{{ x }} more words</p>",
        '<input placeholder="Your name">',
        '<a aria-label="Next page" href="{{ url }}">{{ n }}</a>',
        "{% trans %}Fine{% endtrans %} not fine",
        "{{ notice('Something happened here') }}",
        "{% if x %}Shown{% endif %}",
    ],
)
def test_loose_words_of_a_page_are_found(template):
    assert in_template(template)


@pytest.mark.parametrize(
    "template",
    [
        "<p class='card'>{{ _('Plain words') }}</p>",
        "{% trans n=n %}%(n)s words{% endtrans %}",
        "{# A comment with words #}<p>{{ name }} – {{ n }} %</p>",
        "<span>Counterpart</span> <code>flask seed</code>",
        '<p id="{{ f.id }}-hint" title="{{ _("Wrapped") }}">1</p>',
        "{{ notice(_('Something happened'), 'warning') }}",
    ],
)
def test_what_is_wrapped_is_fine(template):
    assert not in_template(template)


def test_the_line_of_a_finding_is_that_of_the_word():
    assert in_template("{# one\ntwo #}\n<p>\n  Loose</p>") == [(4, "Loose")]


@pytest.mark.parametrize(
    "code",
    [
        "name = StringField('Name')",
        "name = short_text(_l('Name'), 'Give a name.')",
        "raise ValueError('Type a number.')",
        "name = StringField(_l('Name'), render_kw={'placeholder': 'As in the passport'})",
    ],
)
def test_loose_words_of_a_form_are_found(code):
    assert list(in_code(f"from app.foundation.forms import x\n{code}"))


def test_wrapped_words_of_a_form_are_fine():
    code = "name = StringField(_l('Name'), [Length(1, 2, _l('Too long'))], default='en')"
    assert not list(in_code(f"from app.foundation.forms import x\n{code}"))
