"""Signed heads and origins of the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "audit_origins",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_events.id"], name=op.f("fk_audit_origins_event_id_audit_events")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_origins")),
    )
    with op.batch_alter_table("audit_origins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_origins_address"), ["address"], unique=False)

    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("audit_heads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signed_sequence", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("signature", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("audit_heads", schema=None) as batch_op:
        batch_op.drop_column("signature")
        batch_op.drop_column("signed_at")
        batch_op.drop_column("signed_sequence")

    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.drop_column("origin")

    with op.batch_alter_table("audit_origins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_origins_address"))

    op.drop_table("audit_origins")
