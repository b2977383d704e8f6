"""What people follow, what their searches have found, and from which strength on they are told of matches.

Searches that are followed already tell what they newly find from now on; what they find at this moment is noted as
known by the worker, and is no news.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SAVED = sa.table("saved_searches", sa.column("news_from"))


def upgrade() -> None:
    """Take the step."""
    with op.batch_alter_table("saved_searches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alerts", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("news_from", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("baseline_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("swept_rights", sa.String(), nullable=False, server_default=""))

    op.get_bind().execute(sa.update(SAVED).values(news_from=sa.func.current_timestamp()))
    with op.batch_alter_table("saved_searches", schema=None) as batch_op:
        batch_op.alter_column("news_from", existing_type=sa.DateTime(timezone=True), nullable=False)

    op.create_table(
        "follows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("record_ref", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_follows_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follows")),
        sa.UniqueConstraint(
            "account_id", "record_kind", "record_ref", name=op.f("uq_follows_account_id_record_kind_record_ref")
        ),
    )
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follows_record_ref"), ["record_ref"], unique=False)

    op.create_table(
        "match_thresholds",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("least", sa.String(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_match_thresholds_account_id_accounts")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_match_thresholds")),
    )
    op.create_table(
        "search_finds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("saved_search_id", sa.Integer(), nullable=False),
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["saved_search_id"],
            ["saved_searches.id"],
            name=op.f("fk_search_finds_saved_search_id_saved_searches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_finds")),
        sa.UniqueConstraint(
            "saved_search_id",
            "record_kind",
            "record_id",
            name=op.f("uq_search_finds_saved_search_id_record_kind_record_id"),
        ),
    )
    op.create_table(
        "told_overlaps",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_id"], ["programmes.id"], name=op.f("fk_told_overlaps_first_id_programmes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_told_overlaps_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["programmes.id"], name=op.f("fk_told_overlaps_second_id_programmes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "first_id", "second_id", name=op.f("pk_told_overlaps")),
    )
    with op.batch_alter_table("told_overlaps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_told_overlaps_second_id"), ["second_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("told_overlaps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_told_overlaps_second_id"))

    op.drop_table("told_overlaps")
    op.drop_table("search_finds")
    op.drop_table("match_thresholds")
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follows_record_ref"))

    op.drop_table("follows")
    with op.batch_alter_table("saved_searches", schema=None) as batch_op:
        batch_op.drop_column("swept_rights")
        batch_op.drop_column("swept_at")
        batch_op.drop_column("baseline_at")
        batch_op.drop_column("news_from")
        batch_op.drop_column("alerts")
