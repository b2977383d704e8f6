"""Writes a migration: what differs between the models and the tables that all migrations so far would make.

`python -m migrations.write "needs get a deadline"` adds the next one. `python -m migrations.write --first` writes 0001
anew, which is right only as long as no database exists that somebody wants to keep.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from mako.template import Template

from app.foundation import migrate
from app.foundation.db import Database, Hundredths, Instant
from app.tables import METADATA

HERE = Path(__file__).resolve().parent
FIRST = "first tables"
# A migration stays as it is when our own types change, so it is written in SQLAlchemy's plain ones.
PLAIN = {Instant: "sa.DateTime(timezone=True)", Hundredths: "sa.BigInteger()"}


def main(arguments: list[str]) -> int:
    """Write the migration that is asked for; 1 if there is nothing to write, 2 if nothing was asked for."""
    if len(arguments) != 1 or not arguments[0].strip():
        sys.stderr.write(f"{__doc__}\n")
        return 2
    is_first = arguments[0] == "--first"
    number, previous = (1, None) if is_first else _next()
    message = FIRST if is_first else arguments[0]
    up, down = differences(to_revision=previous)
    if re.sub(r"#.*", "", up).strip() in {"", "pass"}:
        sys.stderr.write("The migrations make exactly the tables of the models: nothing to write.\n")
        return 1
    path = HERE / "versions" / f"{number:04d}_{re.sub(r'[^a-z0-9]+', '_', message.lower()).strip('_')}.py"
    template = Template(filename=str(HERE / "script.py.mako"))  # noqa: S702 - it makes Python, not a page
    values = {"message": message.capitalize(), "up_revision": f"{number:04d}", "down_revision": previous}
    text = template.render(upgrades=up, downgrades=down, imports="", branch_labels=None, depends_on=None, **values)
    path.write_text(re.sub(r" *# ### .* ###\n", "", text), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(path)], check=True)  # noqa: S603 - our own
    sys.stdout.write(f"wrote {path.relative_to(HERE.parent)}\n")
    return 0


def _next() -> tuple[int, str | None]:
    newest = migrate.newest_revision()
    return int(newest or 0) + 1, newest


def differences(to_revision: str | None) -> tuple[str, str]:
    """The steps up and down between the tables at a revision and the models, as Python text."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.sqlite")
        if to_revision:
            migrate.upgrade(database, to_revision)
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": METADATA})
            script = produce_migrations(context, METADATA)
            steps = (script.upgrade_ops, script.downgrade_ops)
            up, down = (
                render_python_code(
                    step, render_as_batch=bool(to_revision), render_item=_plain, migration_context=context
                )
                for step in steps
                if step is not None
            )
        database.close()
    return up, down


def _plain(kind: str, item: Any, _context: Any) -> str | bool:
    return PLAIN.get(type(item), False) if kind == "type" else False


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
