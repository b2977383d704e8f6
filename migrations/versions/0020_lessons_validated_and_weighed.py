"""Lessons keep their author's words beside the validated ones, have reviewers and comments, and are tied together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        # Lessons that are there have no other words than their author's.
        batch_op.add_column(sa.Column("author_words", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("validated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("validated_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("due_told_for", sa.Date(), nullable=True))
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        batch_op.alter_column("author_words", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    op.create_table(
        "lesson_links",
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("subject_ref", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_lesson_links_lesson_id_lessons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("lesson_id", "subject_ref", name=op.f("pk_lesson_links")),
    )
    with op.batch_alter_table("lesson_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_links_subject_ref"), ["subject_ref"], unique=False)
    _reviews_and_comments()
    op.create_table(
        "lesson_ties",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("declared_by", sa.Integer(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_lesson_ties_ordered")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["lessons.id"], name=op.f("fk_lesson_ties_first_id_lessons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["lessons.id"], name=op.f("fk_lesson_ties_second_id_lessons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_lesson_ties_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_ties")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_lesson_ties_first_id_second_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_lesson_ties_ref")),
    )
    with op.batch_alter_table("lesson_ties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_ties_second_id"), ["second_id"], unique=False)


def _reviews_and_comments() -> None:
    op.create_table(
        "lesson_reviews",
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_lesson_reviews_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_lesson_reviews_lesson_id_lessons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_lesson_reviews_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("lesson_id", name=op.f("pk_lesson_reviews")),
    )
    with op.batch_alter_table("lesson_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_reviews_account_id"), ["account_id"], unique=False)
    op.create_table(
        "lesson_comments",
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("by_organisation_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("disclosure", sa.String(), nullable=False),
        sa.Column("field_disclosure", sa.JSON(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_lesson_comments_by_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_lesson_comments_lesson_id_lessons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_lesson_comments_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_comments")),
        sa.UniqueConstraint("ref", name=op.f("uq_lesson_comments_ref")),
    )
    with op.batch_alter_table("lesson_comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_comments_lesson_id"), ["lesson_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesson_comments_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesson_comments_is_published"), ["is_published"], unique=False)


def downgrade() -> None:
    """Take it back: the words of readers stay, what the author had written beside them goes."""
    with op.batch_alter_table("lesson_ties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_ties_second_id"))
    op.drop_table("lesson_ties")
    with op.batch_alter_table("lesson_comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_comments_is_published"))
        batch_op.drop_index(batch_op.f("ix_lesson_comments_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_lesson_comments_lesson_id"))
    op.drop_table("lesson_comments")
    with op.batch_alter_table("lesson_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_reviews_account_id"))
    op.drop_table("lesson_reviews")
    with op.batch_alter_table("lesson_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_links_subject_ref"))
    op.drop_table("lesson_links")
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        for name in ("due_told_for", "validated_by", "validated_at", "author_words"):
            batch_op.drop_column(name)
