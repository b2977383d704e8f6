"""Pledges in tranches, what their money is worth, what each side says arrived, and what covers a line besides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "line_covers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_line_id", sa.Integer(), nullable=False),
        sa.Column("source_kind", sa.String(), nullable=False),
        sa.Column("source_ref", sa.String(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_line_covers_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["need_line_id"], ["need_lines.id"], name=op.f("fk_line_covers_need_line_id_need_lines"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_covers")),
        sa.UniqueConstraint(
            "need_line_id", "source_kind", "source_ref", name=op.f("uq_line_covers_need_line_id_source_kind_source_ref")
        ),
    )
    with op.batch_alter_table("line_covers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_line_covers_need_line_id"), ["need_line_id"], unique=False)

    op.create_table(
        "pledge_tranches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_pledge_tranches_amount_positive")),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["pledges.id"], name=op.f("fk_pledge_tranches_pledge_id_pledges"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_tranches")),
    )
    with op.batch_alter_table("pledge_tranches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pledge_tranches_pledge_id"), ["pledge_id"], unique=False)

    with op.batch_alter_table("contributions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("donor_much", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("recipient_much", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("pledge_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("worth_amount", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("worth_currency", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("rate", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("rate_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("rate_source", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("pledges", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decline_cause", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("is_whole", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("authorised_by", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("further_approval", sa.String(), nullable=False, server_default=""))

    # What was said before: the figure that stands is the figure of whichever side has confirmed it.
    op.execute(
        "UPDATE contributions SET "
        "donor_much = CASE WHEN donor_confirmed_at IS NULL THEN NULL ELSE coalesce(quantity, amount) END, "
        "recipient_much = CASE WHEN recipient_confirmed_at IS NULL THEN NULL ELSE coalesce(quantity, amount) END"
    )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("pledges", schema=None) as batch_op:
        batch_op.drop_column("further_approval")
        batch_op.drop_column("authorised_by")
        batch_op.drop_column("is_whole")
        batch_op.drop_column("decline_cause")

    with op.batch_alter_table("pledge_lines", schema=None) as batch_op:
        batch_op.drop_column("rate_source")
        batch_op.drop_column("rate_on")
        batch_op.drop_column("rate")
        batch_op.drop_column("worth_currency")
        batch_op.drop_column("worth_amount")

    with op.batch_alter_table("contributions", schema=None) as batch_op:
        batch_op.drop_column("recipient_much")
        batch_op.drop_column("donor_much")

    with op.batch_alter_table("pledge_tranches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pledge_tranches_pledge_id"))

    op.drop_table("pledge_tranches")
    with op.batch_alter_table("line_covers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_line_covers_need_line_id"))

    op.drop_table("line_covers")
