"""The rules of fields, of fields together, of the domain and of disclosure as a page.

`python -m tests.architecture.rulebook` writes docs/rules.md from the forms, the rules and the models; a test fails
while the page says something else than the code.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from wtforms import BooleanField, EmailField, FileField, Form, FormField, MultipleFileField, PasswordField, SelectField
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

import app
from app.exchange.iati.walk import Limits
from app.foundation.disclosure import Owned
from app.foundation.filing.files import ENDINGS
from app.foundation.forms import AmountField, CheckboxesField, CurrencyField, DayField, FieldList, RadioField
from app.foundation.limits import EVERYTHING, LIMITS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "rules.md"
# ruff: noqa: E501 - lines of a page are as long as its readers like them
HEAD = """# Rules of what is typed, and limits
Written by `make access` from the forms, rules and models; a test keeps it true (tests/architecture/test_rulebook.py). Values that
break a rule are refused with a sentence beside the field; nothing typed is lost.

"""
RULE = re.compile(r"check_\w+|[a-z]\w*_(fault|problems)")
SHAPES: tuple[tuple[type, str], ...] = (
    (DayField, "a day from 1990-01-01 to 2100-12-31, in the shapes of app/foundation/days.py"),
    (AmountField, "a number from 0 to 10^13 with two decimals"),
    (CurrencyField, "a currency of ISO 4217"),
    (MultipleFileField, "files: see below"),
    (FileField, "a file: see below"),
    (CheckboxesField, "any of a list"),
    (RadioField, "one of a list"),
    (SelectField, "one of a list"),
    (BooleanField, "yes or no"),
    (PasswordField, "a password: see below"),
    (EmailField, "an e-mail address"),
    (FieldList, "rows"),
    (FormField, "a part"),
)
CONSTANTS: tuple[tuple[str, str, str], ...] = (
    ("app.application", "LARGEST_REQUEST", "bytes of a request in all"),
    ("app.application", "LARGEST_FORM", "bytes of the texts of a form"),
    ("app.foundation.filing.looking.kinds", "LARGEST_FILE", "bytes of one file"),
    ("app.foundation.filing.looking.child", "MOST_PIXELS", "pixels of a picture"),
    ("app.foundation.filing.looking.child", "LONGEST_TEXT", "characters of the text in a file that search reads"),
    ("app.foundation.drafts", "LARGEST_DRAFT", "characters of a draft"),
    ("app.foundation.forms", "LONGEST_LINE", "characters of a line, where a field says nothing else"),
    ("app.foundation.forms", "LONGEST_TEXT", "characters of a text, where a field says nothing else"),
    ("app.foundation.money", "LARGEST_AMOUNT", "an amount of money or a quantity"),
    ("app.needs.form_parts", "MOST_PEOPLE", "a number of people"),
    ("app.foundation.paging", "PAGE_SIZE", "records on a page of a list (20, 50 or 100)"),
    ("app.accounts.rules", "SHORTEST_PASSWORD", "characters of a password at least"),
    ("app.accounts.rules", "LONGEST_PASSWORD", "characters of a password at most"),
    ("app.accounts.rules", "FAILURES_BEFORE_LOCK", "wrong passwords or codes in a row before an account is locked"),
    ("app.accounts.rules", "FIRST_LOCK", "the first lock; each further one is twice as long"),
    ("app.accounts.rules", "LONGEST_LOCK", "the longest lock"),
    ("app.accounts.rules", "LONGEST_SIGN_IN", "a sign-in at most"),
    ("app.accounts.rules", "LONGEST_REST", "a sign-in that nobody uses"),
    ("app.accounts.rules", "INVITATION_LIFE", "an invitation is good"),
    ("app.accounts.rules", "LARGEST_CARRIED", "characters that a lost sign-in carries along"),
    ("app.accounts.links.rules", "LIFE", "a mailed link is good"),
    ("app.accounts.links.rules", "MOST_IN_A_DAY", "mailed links of one kind for one account in a day"),
    ("app.accounts.proof.rules", "MOST_STEPS", "second steps of one account"),
    ("app.accounts.proof.rules", "RECOVERY_CODES", "recovery codes of one account"),
    ("app.accounts.proof.rules", "HALFWAY", "the right password waits for the second step"),
    ("app.accounts.proof.rules", "FRESH", "a proof lets do what matters"),
    ("app.accounts.proof.rules", "CHALLENGE_LIFE", "a passkey may take to answer"),
    ("app.accounts.people", "CONTACTS", "organisations whose contacts one person is shown"),
    ("app.search.question", "LONGEST_QUESTION", "characters of a search"),
    ("app.search.terms", "MOST_WORDS", "words of a search"),
    ("app.record.rules", "MOST_EXPORTED", "events of the record in one file"),
    ("app.foundation.outbox", "MOST_ATTEMPTS", "times that the worker tries to react to a fact"),
    ("app.notifications.rules", "MOST_ATTEMPTS", "times that a mail is tried"),
    ("app.overview.health_queries", "LONGEST_WAIT", "a fact may wait before the site is not ready"),
)  # fmt: skip


def page() -> str:
    """The whole of docs/rules.md."""
    return HEAD + "\n".join("".join(part) for part in (_limits(), _disclosure(), _together(), _fields()))


def modules() -> Iterator[ModuleType]:
    """Every module of the site, in the order of their names."""
    names = sorted(found.name for found in pkgutil.walk_packages(app.__path__, "app."))
    yield from (importlib.import_module(name) for name in names if not name.startswith("app.serve"))


# --- limits ---


def _limits() -> Iterator[str]:
    yield "## Limits of the domain\n| limit | of what | where |\n|---|---|---|\n"
    for module, name, what in CONSTANTS:
        value = getattr(importlib.import_module(module), name)
        yield f"| {_plain(value)} | {what} | `{module}.{name}` |\n"
    for name, value in sorted(vars(Limits()).items()) if hasattr(Limits(), "__dict__") else _slots(Limits()):
        yield f"| {_plain(value)} | {name} of an imported IATI file | `app.exchange.iati.walk.Limits` |\n"
    yield (
        "\nFiles: "
        + ", ".join(f"`.{ending}`" for ending in sorted(ENDINGS))
        + ", whose content has to be what the ending says, with nothing in it that acts (app/foundation/filing/looking/kinds.py).\n"
    )
    yield "\n### How often\n"
    yield f"By person, or by network address where nobody is signed in: {EVERYTHING} in all, and what is sent there:\n\n| where | how often |\n|---|---|\n"
    for endpoint, often in sorted(LIMITS.items()):
        yield f"| {endpoint} | {often} |\n"


def _slots(limits: Any) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(limits, name)) for name in sorted(limits.__dataclass_fields__))


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_plain(one)}" for key, one in value.items())
    if isinstance(value, timedelta):
        return _span(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _span(span: timedelta) -> str:
    for name, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        number, rest = divmod(int(span.total_seconds()), length)
        if number and not rest:
            return f"{number} {name if number > 1 else name[:-1]}"
    return f"{int(span.total_seconds())} seconds"


# --- disclosure ---


def _disclosure() -> Iterator[str]:
    yield "## Fields that may be kept back\n"
    yield "Who may see a record sees its fields, but for those that its author has given a narrower tier: `members` (people of verified\norganisations), `named` (those of the organisations that it names) or `own`. The own organisation sees all; the secretariat sees a\nrecord, and of such fields what the tier gives it (app/foundation/disclosure.py, may_see_field). The tests of tests/leaks ask for each.\n\n"
    yield "| record | fields | where |\n|---|---|---|\n"
    list(modules())
    for model in sorted(_owned(Owned), key=lambda one: one.record_kind):
        fields = ", ".join(model.sensitive_fields) or "none: the record's own tier alone"
        yield f"| {model.record_kind} | {fields} | `{model.__module__}` |\n"


def _owned(kind: type[Owned]) -> Iterator[type[Owned]]:
    for model in kind.__subclasses__():
        if model.record_kind:
            yield model
        yield from _owned(model)


# --- fields together ---


def _together() -> Iterator[str]:
    yield "## Fields together, and moves\nWhat is refused although each field alone is sound.\n\n| where | rule |\n|---|---|\n"
    for module in modules():
        for where, function in _checks(module):
            yield f"| `{where}` | {' '.join([_first(function), *_sentences(function)])} |\n"


def _checks(module: ModuleType) -> Iterator[tuple[str, Any]]:
    tree = ast.parse(inspect.getsource(module))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and _is_form(getattr(module, node.name)):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name.startswith("validate"):
                    yield f"{module.__name__}.{node.name}.{part.name}", part
        if isinstance(node, ast.FunctionDef) and RULE.fullmatch(node.name) and ".proof." not in module.__name__:
            yield f"{module.__name__}.{node.name}", node


def _sentences(function: ast.FunctionDef) -> Iterator[str]:
    """What people are told, as it stands in the function."""
    for node in ast.walk(function):
        is_told = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"msg", "_l"}
        if is_told and isinstance(node.args[0], ast.Constant):
            yield f"“{node.args[0].value}”".replace("|", "or")


def _first(function: ast.FunctionDef) -> str:
    words = (ast.get_docstring(function) or "").split("\n\n")[0]
    return " ".join(words.split()).replace("|", "or")


# --- fields ---


def _is_form(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, Form)


def _fields() -> Iterator[str]:
    yield "## Single fields\n"
    for module in modules():
        for form in (one for one in vars(module).values() if _is_form(one) and one.__module__ == module.__name__):
            rows = [f"| {name} | {_shape(field)} | {_needed(field)} |\n" for name, field in _own_fields(form)]
            if rows and not module.__name__.startswith(("app.showcase", "app.foundation")):
                yield f"\n### `{module.__name__}.{form.__name__}`\n| field | what is taken | needed |\n|---|---|---|\n"
                yield "".join(rows)


def _own_fields(form: type[Form]) -> Iterator[tuple[str, UnboundField]]:
    """The fields that the form itself or those above it declare, but the two that every form has."""
    for name in sorted({name for kind in form.__mro__ for name in vars(kind)} - {"form_key", "version"}):
        field = getattr(form, name, None)
        if isinstance(field, UnboundField):
            yield name, field


def _shape(field: UnboundField) -> str:
    shape = next((words for kind, words in SHAPES if issubclass(field.field_class, kind)), "text")
    rows = field.kwargs.get("max_entries")
    part = next((one for one in field.args if isinstance(one, UnboundField)), None)
    inner = f" of `{part.args[0].__name__}`" if part is not None and part.args else ""
    bounds = [words for check in _validators(field) if (words := _bound(check))]
    return "; ".join([f"{shape}{inner}{f', at most {rows}' if rows else ''}", *bounds])


def _validators(field: UnboundField) -> list[Any]:
    given = field.kwargs.get("validators") or next((one for one in field.args[1:] if isinstance(one, list)), [])
    return list(given)


def _bound(check: Any) -> str:
    if hasattr(check, "longest"):
        return f"at most {check.longest:,} characters"
    if isinstance(check, Length):
        return f"{max(check.min, 0)} to {check.max} characters"
    if isinstance(check, NumberRange):
        return f"from {check.min} to {check.max}"
    return ""


def _needed(field: UnboundField) -> str:
    return "yes" if any(isinstance(check, (DataRequired, InputRequired)) for check in _validators(field)) else "no"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
