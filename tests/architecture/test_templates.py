"""Pages are made of the house's parts, escape what people typed, and none of them lies about unused."""

from __future__ import annotations

import re

import pytest

from tests.architecture.reading import modules, none_of, templates

FORBIDDEN = {
    r"\|\s*safe\b": "|safe lets what people typed act as HTML",
    r"\bautoescape\s+false": "escaping is never switched off",
    r"\sstyle\s*=": "an inline style is refused by the browser",
    r"<style\b": "an inline style is refused by the browser",
    r"\son[a-z]+\s*=\s*[\"']": "an inline handler is refused by the browser",
    r"javascript:": "a script in a link is refused by the browser",
    # What search engines read is no script: no browser runs it.
    r"<script\b(?![^>]*\bsrc=)(?! type=\"application/ld\+json\")": "an inline script is refused by the browser",
    r"https?://(?!www\.w3\.org)[a-z]": "nothing is fetched from elsewhere; a link's address comes from a record",
}
# A mail links to the site by its whole address, and brings its styles along: no program fetches a style sheet for it.
ALLOWED_IN_MAILS = ("http", r"\sstyle", "<style")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
TEMPLATE_NAME = re.compile(r"[\"']([a-z_]+(?:/[a-z_0-9{}.]+)+\.(?:html|txt|xml|svg))[\"']")
MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")


def offences(name: str, text: str) -> list[str]:
    plain = COMMENT.sub("", text)
    is_mail = name.startswith("emails/")
    return [
        f"{name}: {why}"
        for pattern, why in FORBIDDEN.items()
        if re.search(pattern, plain, re.IGNORECASE)
        and not (is_mail and any(one in pattern for one in ALLOWED_IN_MAILS))
    ]


def used_names() -> set[str]:
    """Names of templates that code and other templates speak of; `{}` in one stands for anything."""
    texts = [*(module.text for module in modules()), *templates().values()]
    return {found for text in texts for found in TEMPLATE_NAME.findall(text)}


def is_used(name: str, used: set[str]) -> bool:
    return any(re.fullmatch(re.sub(r"\\\{.*?\\\}", ".+", re.escape(one)), name) for one in used)


def test_templates_keep_the_rules():
    none_of(offence for name, text in templates().items() for offence in offences(name, text))


def test_every_template_is_used():
    used = used_names()
    none_of(name for name in templates() if not is_used(name, used))


def test_every_macro_is_used():
    texts = {name: COMMENT.sub("", text) for name, text in templates().items()}
    unused = []
    for name, text in texts.items():
        for macro in MACRO.findall(text):
            # Once where it is defined, and once more where it is drawn.
            uses = sum(len(re.findall(rf"\b{macro}\(", other)) for other in texts.values())
            if uses < 2:
                unused.append(f"{name}: {macro}")
    none_of(unused)


@pytest.mark.parametrize(
    "text",
    [
        "{{ text|safe }}",
        "{{ text | safe }}",
        '<p style="color: red">',
        '<button onclick="go()">',
        "<script>go()</script>",
        '<img src="https://elsewhere.example/pixel.png">',
    ],
)
def test_an_offence_is_found(text):
    assert offences("needs/page.html", text)


def test_a_mail_may_bring_its_styles_along_and_no_more():
    assert not offences(
        "emails/news.html", '<style>p {}</style><a style="color:#fff" href="https://site.example/">x</a>'
    )
    assert offences("emails/news.html", "<script>go()</script>{{ text|safe }}")


def test_an_unused_template_is_found():
    assert not is_used("needs/forgotten.html", {"needs/page.html"})
    assert is_used("errors/404.html", {"errors/{code}.html"})
