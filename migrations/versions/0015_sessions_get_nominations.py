"""Sessions get nominations, by rules that their centre sets; courses say more of hosts, fees and certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "intakes",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("reserve", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("keep_months", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("instructors", sa.String(), nullable=False),
        sa.Column("quotas", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["course_sessions.id"],
            name=op.f("fk_intakes_session_id_course_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_intakes")),
    )
    op.create_table(
        "nominations",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("need_line_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_reason", sa.String(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("motivation", sa.String(), nullable=False),
        sa.Column("nominated_by", sa.Integer(), nullable=True),
        sa.Column("candidate_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seat_given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mark", sa.BigInteger(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate_code", sa.String(), nullable=False),
        sa.Column("certified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("disclosure", sa.String(), nullable=False),
        sa.Column("field_disclosure", sa.JSON(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["organisations.id"], name=op.f("fk_nominations_centre_id_organisations")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_nominations_course_id_courses")),
        sa.ForeignKeyConstraint(
            ["need_line_id"], ["need_lines.id"], name=op.f("fk_nominations_need_line_id_need_lines")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_nominations_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["course_sessions.id"], name=op.f("fk_nominations_session_id_course_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominations")),
        sa.UniqueConstraint("ref", name=op.f("uq_nominations_ref")),
    )
    with op.batch_alter_table("nominations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nominations_answer_by"), ["answer_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_candidate_key"), ["candidate_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_certificate_code"), ["certificate_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_is_published"), ["is_published"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_need_line_id"), ["need_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_status"), ["status"], unique=False)

    with op.batch_alter_table("course_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("copied_from", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("courses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fee_includes", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("hosts", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("pass_mark", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recognised_by", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("courses", schema=None) as batch_op:
        batch_op.drop_column("recognised_by")
        batch_op.drop_column("pass_mark")
        batch_op.drop_column("hosts")
        batch_op.drop_column("fee_includes")

    with op.batch_alter_table("course_sessions", schema=None) as batch_op:
        batch_op.drop_column("copied_from")

    with op.batch_alter_table("nominations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nominations_status"))
        batch_op.drop_index(batch_op.f("ix_nominations_session_id"))
        batch_op.drop_index(batch_op.f("ix_nominations_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_nominations_need_line_id"))
        batch_op.drop_index(batch_op.f("ix_nominations_is_published"))
        batch_op.drop_index(batch_op.f("ix_nominations_course_id"))
        batch_op.drop_index(batch_op.f("ix_nominations_certificate_code"))
        batch_op.drop_index(batch_op.f("ix_nominations_centre_id"))
        batch_op.drop_index(batch_op.f("ix_nominations_candidate_key"))
        batch_op.drop_index(batch_op.f("ix_nominations_answer_by"))

    op.drop_table("nominations")
    op.drop_table("intakes")
