"""docs/environment.md names every variable that the code reads, and none that it does not."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from app.config import ROOT

pytestmark = pytest.mark.one_engine

SECRETS = {"SECRET_KEY", "AUDIT_KEY", "DATABASE_URL", "SMTP_URL"}
# Whoever ends in one of these is a secret, or carries one.
LOOKS_SECRET = re.compile(r"(KEY|TOKEN|PASSWORD|SECRET|_URL)$")


def reference() -> dict[str, list[str]]:
    """The rows of the table: the name, and what is said of it."""
    rows = [line.strip("| ").split(" | ") for line in (ROOT / "docs" / "environment.md").read_text().splitlines()]
    return {row[0].strip("`"): row[1:] for row in rows if row[0].startswith("`")}


def names_in(text: str) -> set[str]:
    """The names that a module asks the environment for: env.get("X"), environ["X"], os.getenv("X"), "X" in environ."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        asked = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            if node.func.attr == "getenv" or (node.func.attr in {"get", "pop"} and is_environment(node.func.value)):
                asked = node.args[0]
        elif isinstance(node, ast.Subscript) and is_environment(node.value):
            asked = node.slice
        elif isinstance(node, ast.Compare) and is_environment(node.comparators[0]):
            asked = node.left
        if isinstance(asked, ast.Constant) and isinstance(asked.value, str):
            found.add(asked.value)
    return found


def is_environment(node: ast.expr) -> bool:
    # What is called `environ` and nothing more is WSGI's: what a request carries.
    if isinstance(node, ast.Attribute):
        return node.attr == "environ" and isinstance(node.value, ast.Name) and node.value.id == "os"
    return isinstance(node, ast.Name) and node.id == "env"


def names_of_code() -> set[str]:
    return set().union(*(names_in(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "app").rglob("*.py"))))


def test_the_reference_names_what_the_code_reads_and_nothing_else():
    assert set(reference()) == names_of_code()


@pytest.mark.parametrize(
    "text", ['env.get("A", "")', 'os.environ["A"]', 'os.environ.get("A")', 'os.getenv("A")', '"A" in os.environ']
)
def test_every_way_of_asking_is_seen(text):
    assert names_in(text) == {"A"}


@pytest.mark.parametrize("text", ['request.environ["A"]', 'environ.get("A")', 'told.get("A")', '"A" in told'])
def test_what_is_asked_of_something_else_is_not_counted(text):
    assert names_in(text) == set()


def test_what_is_secret_is_said_to_be():
    rows = reference()
    marked = {name for name, row in rows.items() if row[-1].strip("*") == "yes"}
    assert marked >= SECRETS
    assert {name for name in rows if LOOKS_SECRET.search(name)} - marked <= {"PUBLIC_URL", "CLAMD_URL"}
    assert all(len(row) == 4 for row in rows.values())


def names_set_in(path: Path) -> set[str]:
    """What a file of the form NAME=value sets."""
    return set(re.findall(r"^([A-Z][A-Z_]*)=", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_example_for_systemd_sets_what_the_site_reads():
    from app.config import Settings

    path = ROOT / "deploy" / "systemd" / "environment.example"
    assert names_set_in(path) <= set(reference())
    filled = dict(line.split("=", 1) for line in path.read_text().splitlines() if re.match(r"^[A-Z]", line))
    keys = {"SECRET_KEY": "s" * 32, "AUDIT_KEY": "a" * 32}
    settings = Settings.from_environment({**filled, **keys})
    assert settings.production
    assert settings.proxies == 1
    assert settings.database_url.startswith("postgresql+psycopg://")
