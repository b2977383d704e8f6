"""Courses say what they are: a course, a workshop, a study visit ...; answers are counted in batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

VERSIONS = sa.table(
    "record_versions", sa.column("id", sa.Integer), sa.column("record_kind", sa.String), sa.column("snapshot", sa.JSON)
)

EVALUATIONS = sa.table(
    "evaluations", sa.column("id", sa.Integer), sa.column("session_id", sa.Integer), sa.column("kind", sa.String),
    sa.column("answered_at", sa.DateTime), sa.column("figures", sa.JSON), sa.column("texts", sa.JSON),
    sa.column("shown_figures", sa.JSON), sa.column("shown_texts", sa.JSON),
)  # fmt: skip
LEAST = 3


def upgrade() -> None:
    """Take the step. The versions that were kept say it too, or the next one would seem to have changed it."""
    with op.batch_alter_table("courses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("type", sa.String(), nullable=False, server_default="course"))
        batch_op.create_index(batch_op.f("ix_courses_type"), ["type"], unique=False)
    _rewrite(lambda snapshot: {**snapshot, "type": "course"})
    with op.batch_alter_table("evaluations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shown_figures", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("shown_texts", sa.JSON(), nullable=False, server_default="{}"))
    _show_what_was_shown()


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("evaluations", schema=None) as batch_op:
        batch_op.drop_column("shown_texts")
        batch_op.drop_column("shown_figures")
    _rewrite(lambda snapshot: {name: value for name, value in snapshot.items() if name != "type"})
    with op.batch_alter_table("courses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_courses_type"))
        batch_op.drop_column("type")


def _show_what_was_shown() -> None:
    """What was shown up to now stays: all answers of a session from three on."""
    connection, table = op.get_bind(), EVALUATIONS
    answered = sa.select(table).where(table.c.answered_at.is_not(None))
    asked: dict[tuple[int, str], list[Any]] = {}
    for row in connection.execute(answered).all():
        asked.setdefault((row.session_id, row.kind), []).append(row)
    for row in (row for rows in asked.values() if len(rows) >= LEAST for row in rows):
        shown = {"shown_figures": row.figures, "shown_texts": row.texts}
        connection.execute(sa.update(table).where(table.c.id == row.id).values(**shown))


def _rewrite(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    connection = op.get_bind()
    kept = sa.select(VERSIONS.c.id, VERSIONS.c.snapshot).where(VERSIONS.c.record_kind == "course")
    for number, snapshot in connection.execute(kept).all():
        connection.execute(sa.update(VERSIONS).where(VERSIONS.c.id == number).values(snapshot=change(snapshot)))
