"""Living records."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

YEAR = timedelta(days=365)


def upgrade() -> None:
    """Take the step. Contacts of verified organisations are asked about a year after they were last changed."""
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("verify_by", sa.Date(), nullable=True))
    _ask_about_contacts()
    op.create_table(
        "askings",
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_askings_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_askings")),
        sa.UniqueConstraint(
            "question", "record_kind", "record_id", "due_on", "stage", "account_id",
            name=op.f("uq_askings_question_record_kind_record_id_due_on_stage_account_id"),
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_askings_ref")),
    )  # fmt: skip
    with op.batch_alter_table("askings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_askings_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_askings_batch"), ["batch"], unique=False)

    op.create_table(
        "upkeep_unfinished",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upkeep_unfinished")),
        sa.UniqueConstraint(
            "record_kind", "record_id", "due_on", name=op.f("uq_upkeep_unfinished_record_kind_record_id_due_on")
        ),
    )
    op.create_table(
        "need_moments",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_need_moments_need_id_needs"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_need_moments_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_moments")),
        sa.UniqueConstraint("ref", name=op.f("uq_need_moments_ref")),
    )
    with op.batch_alter_table("need_moments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_moments_need_id"), ["need_id"], unique=False)


def _ask_about_contacts() -> None:
    table = sa.table(
        "organisations",
        sa.column("id", sa.Integer()),
        sa.column("status", sa.String()),
        sa.column("changed_at", sa.DateTime(timezone=True)),
        sa.column("verify_by", sa.Date()),
    )
    bind = op.get_bind()
    kept = sa.select(table.c.id, table.c.changed_at).where(table.c.status.in_(("verified", "trusted")))
    for number, changed_at in bind.execute(kept).all():
        due = changed_at.date() + YEAR
        bind.execute(sa.update(table).where(table.c.id == number).values(verify_by=due))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("need_moments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_moments_need_id"))

    op.drop_table("need_moments")
    op.drop_table("upkeep_unfinished")
    with op.batch_alter_table("askings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_askings_batch"))
        batch_op.drop_index(batch_op.f("ix_askings_account_id"))

    op.drop_table("askings")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_column("verify_by")
