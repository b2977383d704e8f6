"""Limits of absorption."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "absorption_limits",
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("beneficiary_unit", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status_reason", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("disclosure", sa.String(), nullable=False),
        sa.Column("field_disclosure", sa.JSON(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_absorption_limits_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absorption_limits")),
        sa.UniqueConstraint("ref", name=op.f("uq_absorption_limits_ref")),
    )
    with op.batch_alter_table("absorption_limits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absorption_limits_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_absorption_limits_is_published"), ["is_published"], unique=False)
        batch_op.create_index(batch_op.f("ix_absorption_limits_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absorption_limits_status"), ["status"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("absorption_limits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absorption_limits_status"))
        batch_op.drop_index(batch_op.f("ix_absorption_limits_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_absorption_limits_is_published"))
        batch_op.drop_index(batch_op.f("ix_absorption_limits_country"))

    op.drop_table("absorption_limits")
