"""Searches that people follow, and their last ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "past_searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("searched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_past_searches_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_searches")),
        sa.UniqueConstraint("account_id", "address", name=op.f("uq_past_searches_account_id_address")),
    )
    with op.batch_alter_table("past_searches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_past_searches_account_id"), ["account_id"], unique=False)

    op.create_table(
        "saved_searches",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_saved_searches_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
        sa.UniqueConstraint("account_id", "address", name=op.f("uq_saved_searches_account_id_address")),
        sa.UniqueConstraint("ref", name=op.f("uq_saved_searches_ref")),
    )
    with op.batch_alter_table("saved_searches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_searches_account_id"), ["account_id"], unique=False)

    op.create_table(
        "search_history_off",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_search_history_off_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_search_history_off")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("search_history_off")
    with op.batch_alter_table("saved_searches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_searches_account_id"))

    op.drop_table("saved_searches")
    with op.batch_alter_table("past_searches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_past_searches_account_id"))

    op.drop_table("past_searches")
