"""Two people verify, records merge, needs are passed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "passings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_passings_need_id_needs"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_passings_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passings")),
    )
    with op.batch_alter_table("passings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passings_need_id"), ["need_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_passings_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_passings_until"), ["until"], unique=False)

    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checked_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("is_national", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("passing", sa.String(), server_default="none", nullable=False))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("former_names", sa.JSON(), server_default="[]", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_organisations_merged_into_id_organisations"), "organisations", ["merged_into_id"], ["id"]
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_organisations_merged_into_id_organisations"), type_="foreignkey")
        batch_op.drop_column("former_names")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("passing")
        batch_op.drop_column("is_national")
        batch_op.drop_column("checked_at")
        batch_op.drop_column("checked_by")

    with op.batch_alter_table("passings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passings_until"))
        batch_op.drop_index(batch_op.f("ix_passings_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_passings_need_id"))

    op.drop_table("passings")
