"""Lessons by their tags."""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    with op.batch_alter_table("lesson_tags", schema=None) as batch_op:
        batch_op.create_index("ix_lesson_tags_code", ["facet", "value"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("lesson_tags", schema=None) as batch_op:
        batch_op.drop_index("ix_lesson_tags_code")
