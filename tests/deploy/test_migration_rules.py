"""Migrations expand first and contract a release later; code learns from the database whether it may run on it."""

from __future__ import annotations

import re

import pytest
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from app.config import ROOT
from app.foundation import migrate
from app.overview import health
from tests.deploy import migration_rules as rules

RELEASES = {"0.1.0"}
HEAD = '''"""{words}"""
import sqlalchemy as sa
from alembic import op
revision = "{number}"
{more}
def upgrade():
    with op.batch_alter_table("needs") as batch_op:
        {step}
'''


def migration(step: str, number: str = "0040", words: str = "A step.", more: str = "") -> str:
    return HEAD.format(step=step, number=number, words=words, more=more)


FORBIDDEN = [
    'batch_op.drop_column("title")',
    'op.drop_table("needs")',
    'op.rename_table("needs", "wants")',
    'batch_op.alter_column("title", new_column_name="name")',
    'batch_op.alter_column("title", type_=sa.Integer())',
    'batch_op.alter_column("title", nullable=False)',
    'batch_op.add_column(sa.Column("more", sa.String(), nullable=False))',
    'batch_op.create_unique_constraint("uq", ["title"])',
    'batch_op.create_check_constraint("ck", "title <> \'\'")',
    'batch_op.create_foreign_key("fk", "others", ["other_id"], ["id"])',
    'batch_op.create_index("ix", ["title"], unique=True)',
    'op.create_index("ix", "needs", ["title"], unique=True)',
    'op.execute("ALTER TABLE needs DROP COLUMN title")',
    'op.execute(sa.text("alter table needs rename to wants"))',
]
ALLOWED = [
    'op.create_table("more", sa.Column("id", sa.Integer(), nullable=False))',
    'batch_op.add_column(sa.Column("more", sa.String(), nullable=True))',
    'batch_op.add_column(sa.Column("more", sa.String(), nullable=False, server_default=""))',
    'batch_op.alter_column("title", nullable=True)',
    'batch_op.create_index("ix", ["title"], unique=False)',
    'op.execute("UPDATE needs SET more = title")',
    'op.create_table("m"); op.create_index("ix", "m", ["a"], unique=True); op.create_unique_constraint("u", "m")',
]


@pytest.mark.one_engine
def test_no_migration_takes_away_what_running_code_uses():
    releases = set(re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE))
    wrong = [o for path in rules.all_files(ROOT) for o in rules.offences(path.read_text(encoding="utf-8"), releases)]
    assert not wrong, "\n".join([*wrong, "see docs/several-hosts.md"])


@pytest.mark.one_engine
@pytest.mark.parametrize("step", FORBIDDEN)
def test_what_takes_something_away_is_found(step):
    assert rules.offences(migration(step), RELEASES)
    assert not rules.offences(migration(step, number="0031"), RELEASES)


@pytest.mark.one_engine
@pytest.mark.parametrize("step", ALLOWED)
def test_what_only_adds_is_let_through(step):
    assert rules.offences(migration(step), RELEASES) == []


@pytest.mark.one_engine
def test_a_contract_step_names_a_release_and_the_code_it_needs():
    step, words = FORBIDDEN[0], "Contract step of release 0.1.0: titles stand in another table."
    assert rules.offences(migration(step, words=words, more='oldest_code = "0038"'), RELEASES) == []
    assert rules.offences(migration(step, words=words), RELEASES)
    assert rules.offences(migration(step, more='oldest_code = "0038"'), RELEASES)
    assert rules.offences(migration(step, words=words, more='oldest_code = "0040"'), RELEASES)
    assert rules.offences(migration(step, words=words.replace("0.1.0", "9.9"), more='oldest_code = "0038"'), RELEASES)
    assert rules.offences(migration(ALLOWED[1], words=words, more='oldest_code = "0038"'), RELEASES)


# --- what a database tells code that is older than its tables ---


@pytest.fixture
def tables(engine_name, new_database):
    database = new_database(engine_name)
    migrate.upgrade(database)
    return database


def contract(revision: str, oldest_code: str, down: str) -> str:
    return (
        f'"""Contract step of release 0.1.0: for a test."""\nfrom alembic import op\nrevision = "{revision}"\n'
        f'down_revision = "{down}"\noldest_code = "{oldest_code}"\n'
        'def upgrade() -> None:\n    op.drop_table("workbook_rows")\n'
        'def downgrade() -> None:\n    op.execute("CREATE TABLE workbook_rows (id INTEGER)")\n'
    )


@pytest.fixture
def newer_code(tmp_path, monkeypatch):
    """Code that has more migrations than this one: those of this one and what is written into the folder."""
    import shutil

    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder)
    with monkeypatch.context() as patch:

        class Newer:
            def __enter__(self):
                patch.setattr(migrate, "MIGRATIONS", folder)
                migrate._known.cache_clear()

            def __exit__(self, *_error):
                patch.undo()
                migrate._known.cache_clear()

        yield folder / "versions", Newer()


def expand(revision: str, down: str) -> str:
    return (
        f'"""More."""\nimport sqlalchemy as sa\nfrom alembic import op\nrevision = "{revision}"\n'
        f'down_revision = "{down}"\n'
        'def upgrade() -> None:\n    op.create_table("more", sa.Column("id", sa.Integer()))\n'
        'def downgrade() -> None:\n    op.drop_table("more")\n'
    )


def test_newer_tables_fit_while_nothing_was_taken_away(tables, newer_code):
    versions, newer = newer_code
    head = migrate.newest_revision()
    (versions / "9001_more.py").write_text(expand("9001", head))
    with newer:
        assert migrate.standing(tables) == migrate.BEHIND
        migrate.upgrade(tables)
        assert migrate.standing(tables) == migrate.FITS
    assert migrate.current_revision(tables) == "9001"
    assert migrate.standing(tables) == migrate.FITS
    migrate.upgrade(tables)
    assert migrate.current_revision(tables) == "9001"


def test_newer_tables_that_lack_what_this_code_uses_are_refused(tables, newer_code):
    versions, newer = newer_code
    head = migrate.newest_revision()
    (versions / "9001_more.py").write_text(expand("9001", head))
    (versions / "9002_less.py").write_text(contract("9002", "9001", "9001"))
    with newer:
        migrate.upgrade(tables)
        assert migrate.standing(tables) == migrate.FITS
    assert migrate.standing(tables) == migrate.AHEAD
    with pytest.raises(migrate.MigrationError, match="newer than this version"):
        migrate.upgrade(tables)
    with newer:
        migrate.downgrade(tables, "9001")
    assert migrate.standing(tables) == migrate.FITS
    assert not inspect(tables.engine).has_table(migrate.CONTRACTS.name)


def test_a_contract_step_that_waits_for_this_code_does_not_shut_it_out(tables, newer_code):
    versions, newer = newer_code
    head = migrate.newest_revision()
    (versions / "9001_less.py").write_text(contract("9001", head, head))
    with newer:
        migrate.upgrade(tables)
    assert migrate.standing(tables) == migrate.FITS


def test_what_is_kept_of_contract_steps_is_no_part_of_the_models(tables, newer_code):
    from alembic.autogenerate import compare_metadata

    from app.tables import METADATA

    with tables.transaction() as tx:
        migrate.CONTRACTS.create(tx.connection())
    with tables.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": migrate.is_of_models})
        assert compare_metadata(context, METADATA) == []


@pytest.mark.parametrize(
    ("standing", "reason"), [(migrate.BEHIND, health.BEHIND), (migrate.AHEAD, health.AHEAD), (migrate.FITS, None)]
)
def test_readiness_says_how_the_tables_stand(app, client, monkeypatch, standing, reason):
    monkeypatch.setattr(migrate, "standing", lambda _database: standing)
    told = client.get("/health/ready").json["reasons"]
    assert [one for one in told if one in {health.BEHIND, health.AHEAD}] == ([reason] if reason else [])
