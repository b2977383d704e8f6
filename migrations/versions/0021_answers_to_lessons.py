"""Answers to lessons, and lessons that are asked for at the end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "lesson_answers",
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("of_kind", sa.String(), nullable=False),
        sa.Column("of_ref", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("lesson_version", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_lesson_answers_lesson_id_lessons"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_lesson_answers_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_answers")),
        sa.UniqueConstraint("lesson_id", "of_kind", "of_ref", name="uq_lesson_answers_record"),
        sa.UniqueConstraint("ref", name=op.f("uq_lesson_answers_ref")),
    )
    with op.batch_alter_table("lesson_answers", schema=None) as batch_op:
        batch_op.create_index("ix_lesson_answers_of", ["of_kind", "of_ref"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesson_answers_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "lesson_requests",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("of_kind", sa.String(), nullable=False),
        sa.Column("of_ref", sa.String(), nullable=False),
        sa.Column("about_kind", sa.String(), nullable=False),
        sa.Column("about_ref", sa.String(), nullable=False),
        sa.Column("view", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("lesson_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_lesson_requests_lesson_id_lessons"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_lesson_requests_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_requests")),
        sa.UniqueConstraint("organisation_id", "of_kind", "of_ref", name="uq_lesson_requests_of"),
        sa.UniqueConstraint("ref", name=op.f("uq_lesson_requests_ref")),
    )
    with op.batch_alter_table("lesson_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_requests_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesson_requests_status"), ["status"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("lesson_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_requests_status"))
        batch_op.drop_index(batch_op.f("ix_lesson_requests_organisation_id"))
    op.drop_table("lesson_requests")
    with op.batch_alter_table("lesson_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_answers_organisation_id"))
        batch_op.drop_index("ix_lesson_answers_of")
    op.drop_table("lesson_answers")
