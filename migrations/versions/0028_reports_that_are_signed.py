"""Reports that are signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "made_reports",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("said_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_made_reports_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_made_reports_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_made_reports")),
        sa.UniqueConstraint("ref", name=op.f("uq_made_reports_ref")),
    )
    with op.batch_alter_table("made_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_made_reports_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_made_reports_file_sha256"), ["file_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_made_reports_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_made_reports_said_sha256"), ["said_sha256"], unique=False)

    op.create_table(
        "regional_reports",
        sa.Column("grouping", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("introduction", sa.String(), nullable=False),
        sa.Column("situations", sa.JSON(), nullable=False),
        sa.Column("recommendations", sa.JSON(), nullable=False),
        sa.Column("follow_up", sa.JSON(), nullable=False),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("signer_name", sa.String(), nullable=False),
        sa.Column("signer_function", sa.String(), nullable=False),
        sa.Column("signer_place", sa.String(), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made", sa.JSON(), nullable=False),
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
            ["organisation_id"], ["organisations.id"], name=op.f("fk_regional_reports_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["regional_reports.id"], name=op.f("fk_regional_reports_previous_id_regional_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regional_reports")),
        sa.UniqueConstraint("ref", name=op.f("uq_regional_reports_ref")),
    )
    with op.batch_alter_table("regional_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regional_reports_grouping"), ["grouping"], unique=False)
        batch_op.create_index(batch_op.f("ix_regional_reports_is_published"), ["is_published"], unique=False)
        batch_op.create_index(batch_op.f("ix_regional_reports_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_regional_reports_signed_at"), ["signed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_regional_reports_status"), ["status"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("regional_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regional_reports_status"))
        batch_op.drop_index(batch_op.f("ix_regional_reports_signed_at"))
        batch_op.drop_index(batch_op.f("ix_regional_reports_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_regional_reports_is_published"))
        batch_op.drop_index(batch_op.f("ix_regional_reports_grouping"))

    op.drop_table("regional_reports")
    with op.batch_alter_table("made_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_made_reports_said_sha256"))
        batch_op.drop_index(batch_op.f("ix_made_reports_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_made_reports_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_made_reports_account_id"))

    op.drop_table("made_reports")
