"""Files are looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step. Files that are there stay as they are: nobody has scanned them, nobody searches in them."""
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(), nullable=False, server_default="unscanned"))
        batch_op.add_column(sa.Column("finding", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("scan_attempts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("scan_after", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("text_state", sa.String(), nullable=False, server_default="none"))
        batch_op.create_index(batch_op.f("ix_attachments_sha256"), ["sha256"], unique=False)
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        for name in ("state", "scan_attempts", "text_state"):
            batch_op.alter_column(name, server_default=None)
    op.create_table(
        "attachment_texts",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], ondelete="CASCADE",
            name=op.f("fk_attachment_texts_attachment_id_attachments"),
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_attachment_texts")),
    )  # fmt: skip


def downgrade() -> None:
    """Take it back. What a scanner refused is no file any more, and what still waits for one is not given out."""
    op.drop_table("attachment_texts")
    op.execute("DELETE FROM attachments WHERE state IN ('waiting', 'refused')")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_sha256"))
        for name in ("text_state", "scan_after", "scan_attempts", "finding", "state"):
            batch_op.drop_column(name)
