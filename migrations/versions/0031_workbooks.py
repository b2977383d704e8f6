"""Workbooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "workbook_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_workbook_uploads_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_workbook_uploads_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workbook_uploads")),
        sa.UniqueConstraint("key", name=op.f("uq_workbook_uploads_key")),
    )
    with op.batch_alter_table("workbook_uploads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workbook_uploads_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workbook_uploads_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workbook_uploads_sent_at"), ["sent_at"], unique=False)

    op.create_table(
        "workbook_rows",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("record_ref", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_workbook_rows_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "kind", "key", name=op.f("pk_workbook_rows")),
    )
    with op.batch_alter_table("workbook_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workbook_rows_saved_at"), ["saved_at"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("workbook_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workbook_rows_saved_at"))

    op.drop_table("workbook_rows")
    with op.batch_alter_table("workbook_uploads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workbook_uploads_sent_at"))
        batch_op.drop_index(batch_op.f("ix_workbook_uploads_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_workbook_uploads_account_id"))

    op.drop_table("workbook_uploads")
