"""States that an address alone does not show: forms with errors, open menus, empty lists, errors of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.browser.addresses import OPEN_TO_ALL, OWN_WORKERS, WORKERS, Act, Case, Cast, unknown_parts
from tests.browser.entry import ERRORS, PREFIX

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from werkzeug.routing import Rule

# Forms that nothing typed into is an answer to, or that are no form of a page of their own.
NO_ERRORS = {
    "courses.withdraw": "needs no words",
    "courses.cancel_session": "needs no words",
    "accounts.accept": "is looked at as it is",
    "accounts.confirm_email": "is a button, and would use the link up",
    "accounts.data": "is a button",
    "accounts.second_step": "follows a password alone",
    "advice.alike": "is a search",
    "record.search": "is a search, and its last form sends a table",
    "nominations.write_results": "is content with nothing",
    "subscriptions.index": "has a default for everything",
    "closing.tell": "begins with a button that says there is nothing to tell",
    "upkeep.acknowledge": "needs no words",
    "api_pages.tokens": "asks first who it is; tests/api sends it empty",
    "imports.reporters": "asks where a reporter is in doubt alone; tests/exchange/intake sends it empty",
    "reports.drop_regional": "needs no words",
    "pledges.new": "has a default for everything; its errors are looked at by themselves",
}

EMPTY_THE_FORM = """
() => {
  const form = [...document.querySelectorAll('main form[method=post]:not([data-passkey])')].pop();
  form.querySelectorAll('input, textarea, select').forEach(field => {
    if (/^(hidden|submit|button|file)$/.test(field.type)) return;
    if (/^(checkbox|radio)$/.test(field.type)) field.checked = false; else field.value = '';
  });
  HTMLFormElement.prototype.submit.call(form);
}
"""
FILL_WITH_NONSENSE = """
() => {
  const form = [...document.querySelectorAll('main form[method=post]:not([data-passkey])')].pop();
  form.querySelectorAll('input:not([type]), input[type=text], input[type=number]').forEach(field => {
    field.value = 'the day after tomorrow, about twenty';
  });
  HTMLFormElement.prototype.submit.call(form);
}
"""
SEND_AN_OLD_VERSION = """
() => {
  const form = [...document.querySelectorAll('main form[method=post]:not([data-passkey])')].pop();
  form.elements.version.value = String(Math.max(0, +form.elements.version.value - 1));
  form.elements.title.value = 'The wording of somebody who opened the form yesterday';
  HTMLFormElement.prototype.submit.call(form);
}
"""
SEND_WITHOUT_TOKEN = """
() => {
  const form = [...document.querySelectorAll('main form[method=post]:not([data-passkey])')].pop();
  form.elements.csrf_token.value = 'expired';
  HTMLFormElement.prototype.submit.call(form);
}
"""

POST_WHAT_IS_THERE = """
() => {
  const form = document.getElementById('programme-form');
  form.elements.title.value = 'Ports atlantiques : cellules de ciblage et de visite des conteneurs';
  form.elements.description.value = 'Création et consolidation de cellules mixtes dans les ports du golfe de Guinée.';
  const tick = (name, value) => form.querySelector(`[name=${name}][value=${value}]`).checked = true;
  tick('themes', 'port_control');
  tick('countries', 'SN');
  form.querySelector('[name="offers-0-kind"]').value = 'training';
  HTMLFormElement.prototype.submit.call(form);
}
"""


def runs(script: str) -> Act:
    """Run a script that leads to another page, and wait for that one."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.evaluate(script)

    return act


def opens(selector: str, *, all_of_them: bool = False) -> Act:
    """Open a menu or a question, where the page has one at this width."""

    def act(page: Page) -> None:
        there = page.locator(selector)
        count = there.count()
        for number in range(count if all_of_them else min(count, 1)):
            if there.nth(number).is_visible():
                there.nth(number).click()
        page.wait_for_timeout(150)

    return act


def lose_the_sign_in(page: Page) -> None:
    """Type into a form, and send it after the sign-in has ended."""
    page.context.clear_cookies(name=re.compile("counterpart"))
    runs(SEND_WITHOUT_TOKEN)(page)


def at(address: str) -> Address:
    """An address that does not depend on records."""
    return lambda _cast: address


def of_need(path: str = "", where: str = "n.status = 'posted' and n.disclosure = 'public'") -> Address:
    """An address under a need that such a condition finds."""
    query = f"select n.ref from needs n where {where} order by n.ref limit 1"  # noqa: S608 - written here
    return lambda cast: f"/needs/{cast.one(query)['ref']}{path}"


def of(kind: str, where: str, path: str = "") -> Address:
    """An address under a record that such a condition finds."""
    query = f"select ref from {kind} where {where} order by ref limit 1"  # noqa: S608 - written here
    return lambda cast: f"/{kind}/{cast.one(query)['ref']}{path}"


if TYPE_CHECKING:
    from collections.abc import Callable

    Address = Callable[[Cast], str]


def states(rules: list[Rule]) -> list[Case]:
    """Every state that is looked at beside the plain pages."""
    return [*LISTS, *RECORDS, *RADAR, *MENUS, *FAILURES, *_errors_of_the_site(), *_forms_with_errors(rules)]


def _errors_of_the_site() -> Iterator[Case]:
    for code in sorted(ERRORS):
        yield Case(f"error {code}", "" if code == 500 else "official", at(f"{PREFIX}{code}"), status=code)


def _forms_with_errors(rules: list[Rule]) -> Iterator[Case]:
    """Each form sent with nothing in it."""
    from app.foundation.web import GUARDS

    for rule in sorted(rules, key=lambda rule: rule.endpoint):
        is_form = {"GET", "POST"} <= (rule.methods or set())
        if is_form and rule.endpoint in GUARDS and rule.endpoint not in NO_ERRORS and not unknown_parts(rule):
            is_open = GUARDS[rule.endpoint].permission in OPEN_TO_ALL
            area = WORKERS.get(rule.endpoint.split(".")[0], "official")
            who = "" if is_open else OWN_WORKERS.get(rule.endpoint, area)
            address = _address(rule)
            yield Case(f"{rule.endpoint} sent empty", who, address, runs(EMPTY_THE_FORM), status=None)


def _address(rule: Rule) -> Address:
    return lambda cast: cast.address(rule)


LISTS = [
    Case("needs filtered", "", at("/needs?theme=judicial_process&theme=prisons&q=formation&page=1")),
    Case("needs none found", "", at("/needs?q=zzzzqqq&theme=prisons")),
    Case("needs second page", "", at("/needs?page=2")),
    Case("programmes none found", "", at("/programmes?q=zzzzqqq")),
    Case("courses filtered", "", at("/courses?language=fr")),
    Case("lessons none found", "", at("/lessons?q=zzzzqqq")),
    Case("organisations filtered", "", at("/organisations?kind=donor")),
    Case("search found", "", at("/search?q=port")),
    Case("search none found", "", at("/search?q=zzzzqqq")),
    Case("search none found", "official", at("/search?q=judges&country=SN&theme=customs&kind=accession")),
    Case("search prefixes", "", at("/search?q=country:Senegal+type:need+juges&from=2027")),
    Case("search not understood", "", at("/search?q=country:Wakanda+year:soon+judges&to=tomorrow")),
    Case("search respelt", "", at("/search?q=precursers+aduanas")),
    Case("search lets a word go", "official", at("/search?q=judges+zzzzqqq")),
    Case("search phrase", "", at('/search?q="chain of custody"')),
    Case("search near me", "official", at("/search?q=judges&grouping=near")),
    Case("search followed", "official", at("/search?q=ports")),
    Case("search filtered", "", at("/search?q=formation&type=need&theme=judicial_process")),
]
RECORDS = [
    Case("need closed", "", of_need(where="n.status = 'closed'")),
    Case("need withdrawn", "member", of_need(where="n.status = 'closed'")),
    Case("need for members", "donor", of_need(where="n.disclosure = 'members' and n.status = 'posted'")),
    Case("need not confirmed", "official", of_need(where="n.title = 'Not confirmed for a year'")),
    Case("need with long words", "", of_need(where="n.title like 'Rauschgift%'")),
    Case(
        "need amended", "", of_need("/history", "n.id = (select need_id from need_versions where number = 2 limit 1)")
    ),
    Case("programme closed", "", of("programmes", "status in ('3', '4')")),
    Case("programme there already", "donor", at("/programmes/new"), runs(POST_WHAT_IS_THERE), status=None),
    Case("lesson waiting", "office", of("lessons", "status = 'submitted'")),
    Case("organisation waiting", "office", of("organisations", "status = 'applied'")),
    *(
        Case(f"pledge {status}", who, of("pledges", f"status = '{status}' and need_organisation_id = :official"))
        for who in ("donor", "official")
        for status in ("interest", "committed", "delivering", "delivered")
    ),
    Case("pledge declined", "donor", of("pledges", "status = 'declined'")),
]
RADAR = [
    Case("radar of a country", "", at("/overview/radar?country=SN")),
    Case("radar of a theme", "official", at("/overview/radar?grouping=ECOWAS&theme=police_training")),
    Case("radar cell with findings", "official", at("/overview/radar/cell?country=SN&quarter=2027-Q1")),
    Case("radar cell with nothing", "", at("/overview/radar/cell?country=IS&theme=prisons&quarter=2027-Q1")),
    Case("radar with nothing", "", at("/overview/radar?country=IS")),
]
MENUS = [
    Case("menus open", "", at("/"), opens("header summary", all_of_them=True)),
    Case("menus open", "official", at("/glossary"), opens("header summary", all_of_them=True)),
    Case("search explained", "", at("/search"), opens("details.tips > summary")),
    Case("search to be followed", "official", at("/search?q=douanes"), opens("#follow > summary")),
    Case("search to be renamed", "official", at("/searches"), opens("details.saved__rename > summary")),
    Case("filters open", "", at("/needs"), opens("details.facets:not([open]) > summary")),
    Case("question before ending", "official", of("pledges", "status = 'pledged' and need_organisation_id = :official"),
         opens("main details[data-dialog] > summary")),
    Case("keyboard shortcuts", "official", at("/desk"), lambda page: page.keyboard.press("?")),
    Case("a line more", "official", at("/needs/new"), opens("main [data-row-add]", all_of_them=True)),
    Case("help at fields", "official", at("/needs/new"),
         opens("main form details:not([data-dialog]) > summary", all_of_them=True)),
]  # fmt: skip
FAILURES = [
    Case("not allowed", "member", at("/organisations/queue"), status=403),
    Case("no such page", "", at("/no/such/page"), status=404),
    Case("no such need", "official", at("/needs/N-ZZZZ-ZZZZ"), status=404),
    Case("sign-in needed", "", at("/desk")),
    Case("invitation gone", "", at("/invitations/nothing"), status=410),
    Case("token expired", "official", at("/account"), runs(SEND_WITHOUT_TOKEN), status=None),
    Case("sign-in lost", "official", at("/needs/new"), lose_the_sign_in, status=None),
    Case("needs.new with nonsense", "official", at("/needs/new"), runs(FILL_WITH_NONSENSE), status=None),
    Case("programmes.new with nonsense", "donor", at("/programmes/new"), runs(FILL_WITH_NONSENSE), status=None),
    Case("pledges.new with nonsense", "donor", of_need("/pledge"), runs(FILL_WITH_NONSENSE), status=None),
    Case("amended by two", "official", lambda cast: f"{_own_need(cast)}/amend", runs(SEND_AN_OLD_VERSION), status=None),
]


def _own_need(cast: Cast) -> str:
    # The longest title, so that it is always the same one, and the hardest to fit.
    own = "select ref from needs where organisation_id = :official and status = 'posted'"
    query = f"{own} order by length(title) desc, ref limit 1"
    return f"/needs/{cast.one(query)['ref']}"
