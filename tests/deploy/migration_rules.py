"""Which steps of migrations take something away from code that still runs, as docs/several-hosts.md tells."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LAST_EXEMPT = 31
"""Migrations up to this number were made before the rule: no code that is older than it runs beside newer code."""
CONTRACT = re.compile(r"^Contract step of release (\S+): ", re.MULTILINE)
TIGHTENS = {
    "create_unique_constraint": "adds a rule that rows of old code may break",
    "create_check_constraint": "adds a rule that rows of old code may break",
    "create_foreign_key": "adds a rule that rows of old code may break",
    "create_exclude_constraint": "adds a rule that rows of old code may break",
}
TAKES = {
    "drop_table": "drops a table",
    "rename_table": "renames a table",
    "drop_column": "drops a column",
}
RAW = re.compile(r"\b(DROP\s+(TABLE|COLUMN)|RENAME|ALTER\s+COLUMN|SET\s+NOT\s+NULL|TRUNCATE)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """A migration as its file tells it: its number, its docstring, and from which revision on code may run after it."""

    number: str
    words: str
    oldest_code: str | None
    tree: ast.Module


def read(text: str) -> Step:
    tree = ast.parse(text)
    named = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    return Step(str(named["revision"]), ast.get_docstring(tree) or "", named.get("oldest_code"), tree)


def offences(text: str, releases: set[str]) -> list[str]:
    """What a migration does that the rules forbid, each in a sentence."""
    step = read(text)
    found = list(contracting(step.tree))
    declared = CONTRACT.search(step.words)
    if int(step.number) <= LAST_EXEMPT:
        return []
    if declared is None and step.oldest_code is None:
        return [f"{step.number} {what}" for what in found]
    wrong = []
    if declared is None or declared.group(1) not in releases:
        wrong.append(
            f"{step.number}: say 'Contract step of release X: why' in its docstring, of a release in CHANGELOG.md"
        )
    if step.oldest_code is None or not step.oldest_code < step.number:
        wrong.append(f"{step.number}: oldest_code has to name the earlier revision that the code has to know")
    if not found:
        wrong.append(f"{step.number} calls itself a contract step and takes nothing away")
    return wrong


def contracting(tree: ast.Module) -> Iterator[str]:
    """What upgrade() takes away from code that knows the tables as they were; new tables are nobody's yet."""
    upgrade = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "upgrade")
    new = {first_word(call) for call in calls(upgrade) if name_of(call) == "create_table"}
    for call, table in calls_with_tables(upgrade):
        if table not in new or table is None:
            yield from judged(call)


def judged(call: ast.Call) -> Iterator[str]:
    name = name_of(call)
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in TAKES:
        yield TAKES[name]
    elif name in TIGHTENS:
        yield TIGHTENS[name]
    elif name == "create_index" and is_true(given.get("unique")):
        yield "adds a rule that rows of old code may break"
    elif name == "alter_column":
        yield from altered(given)
    elif name == "add_column" and needs_a_value(call):
        yield "adds a column that old code leaves empty, without a server_default"
    elif name == "execute" and any(RAW.search(text) for text in texts(call)):
        yield "takes something away in SQL"


def altered(given: dict[str | None, ast.expr]) -> Iterator[str]:
    if "new_column_name" in given:
        yield "renames a column"
    if "type_" in given:
        yield "changes the type of a column"
    if is_false(given.get("nullable")):
        yield "forbids that a column is empty"


def needs_a_value(call: ast.Call) -> bool:
    for column in (n for n in ast.walk(call) if isinstance(n, ast.Call) and name_of(n) == "Column"):
        given = {keyword.arg: keyword.value for keyword in column.keywords}
        if is_false(given.get("nullable")) and "server_default" not in given:
            return True
    return False


# --- reading ---


def calls(node: ast.AST) -> list[ast.Call]:
    return [found for found in ast.walk(node) if isinstance(found, ast.Call)]


def calls_with_tables(upgrade: ast.FunctionDef) -> Iterator[tuple[ast.Call, str | None]]:
    """Each step with the table that it is about: its first word, or that of the batch in which it stands."""
    within: set[int] = set()
    for block in (n for n in ast.walk(upgrade) if isinstance(n, ast.With)):
        opened = block.items[0].context_expr
        if isinstance(opened, ast.Call) and name_of(opened) == "batch_alter_table":
            for statement in block.body:
                for call in calls(statement):
                    within.add(id(call))
                    yield call, table_of(call) if is_of_operations(call) else first_word(opened)
    for call in calls(upgrade):
        if id(call) not in within:
            yield call, table_of(call)


def is_of_operations(call: ast.Call) -> bool:
    """Whether it is a step on the database and not on the table of a batch."""
    return isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "op"


def table_of(call: ast.Call) -> str | None:
    if name_of(call) in {"create_unique_constraint", "create_check_constraint", "create_foreign_key", "create_index"}:
        return str(call.args[1].value) if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) else None
    return first_word(call)


def first_word(call: ast.Call) -> str | None:
    return str(call.args[0].value) if call.args and isinstance(call.args[0], ast.Constant) else None


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def texts(call: ast.Call) -> list[str]:
    return [n.value for n in ast.walk(call) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def all_files(root: Path) -> list[Path]:
    return sorted((root / "migrations" / "versions").glob("[0-9]*.py"))
