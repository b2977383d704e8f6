"""Words on matches and overlaps of programmes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "match_answers",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("offer_kind", sa.String(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("gate", sa.String(), nullable=False),
        sa.Column("strength", sa.String(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("need_language", sa.String(), nullable=False),
        sa.Column("offer_language", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_match_answers_need_id_needs"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_match_answers_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_answers")),
        sa.UniqueConstraint(
            "need_id",
            "offer_kind",
            "offer_id",
            "organisation_id",
            name=op.f("uq_match_answers_need_id_offer_kind_offer_id_organisation_id"),
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_match_answers_ref")),
    )
    with op.batch_alter_table("match_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_answers_answered_at"), ["answered_at"], unique=False)
        batch_op.create_index("ix_match_answers_offer", ["offer_kind", "offer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_answers_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "match_reviews",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("offer_kind", sa.String(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_match_reviews_need_id_needs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_reviews")),
        sa.UniqueConstraint(
            "need_id", "offer_kind", "offer_id", name=op.f("uq_match_reviews_need_id_offer_kind_offer_id")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_match_reviews_ref")),
    )
    with op.batch_alter_table("match_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_reviews_decided_at"), ["decided_at"], unique=False)

    op.create_table(
        "overlaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("first_version", sa.Integer(), nullable=False),
        sa.Column("second_version", sa.Integer(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_id"], ["programmes.id"], name=op.f("fk_overlaps_first_id_programmes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["programmes.id"], name=op.f("fk_overlaps_second_id_programmes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overlaps")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_overlaps_first_id_second_id")),
    )
    with op.batch_alter_table("overlaps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_overlaps_second_id"), ["second_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("overlaps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_overlaps_second_id"))

    op.drop_table("overlaps")
    with op.batch_alter_table("match_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_reviews_decided_at"))

    op.drop_table("match_reviews")
    with op.batch_alter_table("match_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_answers_organisation_id"))
        batch_op.drop_index("ix_match_answers_offer")
        batch_op.drop_index(batch_op.f("ix_match_answers_answered_at"))

    op.drop_table("match_answers")
