"""Courses say what they are: a course, a workshop, a study visit ..."""

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


def upgrade() -> None:
    """Take the step. The versions that were kept say it too, or the next one would seem to have changed it."""
    with op.batch_alter_table("courses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("type", sa.String(), nullable=False, server_default="course"))
        batch_op.create_index(batch_op.f("ix_courses_type"), ["type"], unique=False)
    _rewrite(lambda snapshot: {**snapshot, "type": "course"})


def downgrade() -> None:
    """Take it back."""
    _rewrite(lambda snapshot: {name: value for name, value in snapshot.items() if name != "type"})
    with op.batch_alter_table("courses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_courses_type"))
        batch_op.drop_column("type")


def _rewrite(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    connection = op.get_bind()
    kept = sa.select(VERSIONS.c.id, VERSIONS.c.snapshot).where(VERSIONS.c.record_kind == "course")
    for number, snapshot in connection.execute(kept).all():
        connection.execute(sa.update(VERSIONS).where(VERSIONS.c.id == number).values(snapshot=change(snapshot)))
