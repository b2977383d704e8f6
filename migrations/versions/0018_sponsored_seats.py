"""Sponsored seats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "seat_sponsorships",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("need_line_id", sa.Integer(), nullable=True),
        sa.Column("need_organisation_id", sa.Integer(), nullable=True),
        sa.Column("pledge_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_reason", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("pays", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("offered_by", sa.Integer(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("disclosure", sa.String(), nullable=False),
        sa.Column("field_disclosure", sa.JSON(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_seat_sponsorships_seats_positive")),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["organisations.id"], name=op.f("fk_seat_sponsorships_centre_id_organisations")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_seat_sponsorships_course_id_courses")),
        sa.ForeignKeyConstraint(
            ["need_line_id"], ["need_lines.id"], name=op.f("fk_seat_sponsorships_need_line_id_need_lines")
        ),
        sa.ForeignKeyConstraint(
            ["need_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_seat_sponsorships_need_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_seat_sponsorships_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledges.id"], name=op.f("fk_seat_sponsorships_pledge_id_pledges")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["course_sessions.id"], name=op.f("fk_seat_sponsorships_session_id_course_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_sponsorships")),
        sa.UniqueConstraint("ref", name=op.f("uq_seat_sponsorships_ref")),
    )
    with op.batch_alter_table("seat_sponsorships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_sponsorships_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_sponsorships_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_sponsorships_is_published"), ["is_published"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_sponsorships_need_line_id"), ["need_line_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_seat_sponsorships_need_organisation_id"), ["need_organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_seat_sponsorships_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_sponsorships_pledge_id"), ["pledge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_sponsorships_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_sponsorships_status"), ["status"], unique=False)

    op.create_table(
        "seat_uses",
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contributions.id"],
            name=op.f("fk_seat_uses_contribution_id_contributions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id"],
            ["nominations.id"],
            name=op.f("fk_seat_uses_nomination_id_nominations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("nomination_id", name=op.f("pk_seat_uses")),
    )
    with op.batch_alter_table("seat_uses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_uses_contribution_id"), ["contribution_id"], unique=True)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("seat_uses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_uses_contribution_id"))

    op.drop_table("seat_uses")
    with op.batch_alter_table("seat_sponsorships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_sponsorships_status"))
        batch_op.drop_index(batch_op.f("ix_seat_sponsorships_session_id"))
        batch_op.drop_index(batch_op.f("ix_seat_sponsorships_pledge_id"))
        batch_op.drop_index(batch_op.f("ix_seat_sponsorships_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_seat_sponsorships_need_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_seat_sponsorships_need_line_id"))
        batch_op.drop_index(batch_op.f("ix_seat_sponsorships_is_published"))
        batch_op.drop_index(batch_op.f("ix_seat_sponsorships_course_id"))
        batch_op.drop_index(batch_op.f("ix_seat_sponsorships_centre_id"))

    op.drop_table("seat_sponsorships")
