"""What several hosts share: how often somebody did something, and files that lie in the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "rate_counts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_counts")),
    )
    op.create_index("ix_rate_counts_ends_at", "rate_counts", ["ends_at"])
    op.create_table(
        "stored_files",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_stored_files")),
    )
    op.create_table(
        "stored_parts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["name"], ["stored_files.name"], name=op.f("fk_stored_parts_name_stored_files"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name", "number", name=op.f("pk_stored_parts")),
    )


def downgrade() -> None:
    """Take it back. Files that lie in the database alone are fetched first (`flask fetch-files`)."""
    op.drop_table("stored_parts")
    op.drop_table("stored_files")
    op.drop_index("ix_rate_counts_ends_at", table_name="rate_counts")
    op.drop_table("rate_counts")
