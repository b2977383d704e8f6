"""Lists of needs."""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

LISTED = ["is_published", "status", "disclosure", "organisation_id", "posted_at", "verify_by"]


def upgrade() -> None:
    """Take the step."""
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.create_index("ix_needs_listed", LISTED, unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.drop_index("ix_needs_listed")
