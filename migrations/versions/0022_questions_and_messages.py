"""Questions and messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "clarifications",
        sa.Column("about_kind", sa.String(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("about_ref", sa.String(), nullable=False),
        sa.Column("about_version", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=True),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["asker_id"], ["organisations.id"], name=op.f("fk_clarifications_asker_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_clarifications_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["course_sessions.id"],
            name=op.f("fk_clarifications_session_id_course_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarifications")),
        sa.UniqueConstraint("about_ref", "asker_id", "fingerprint", name="uq_clarifications_words"),
        sa.UniqueConstraint("ref", name=op.f("uq_clarifications_ref")),
    )
    with op.batch_alter_table("clarifications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clarifications_about_ref"), ["about_ref"], unique=False)
        batch_op.create_index(batch_op.f("ix_clarifications_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_clarifications_asker_id"), ["asker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clarifications_is_published"), ["is_published"], unique=False)
        batch_op.create_index(batch_op.f("ix_clarifications_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clarifications_status"), ["status"], unique=False)

    op.create_table(
        "threads",
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("about_key", sa.String(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("offer_kind", sa.String(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("pledge_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("disclosure", sa.String(), nullable=False),
        sa.Column("field_disclosure", sa.JSON(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.CheckConstraint("about IN ('match', 'pledge')", name=op.f("ck_threads_about_known")),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_threads_need_id_needs")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_threads_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["organisations.id"], name=op.f("fk_threads_other_id_organisations")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledges.id"], name=op.f("fk_threads_pledge_id_pledges")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
        sa.UniqueConstraint("about_key", name=op.f("uq_threads_about_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_threads_ref")),
    )
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_threads_is_published"), ["is_published"], unique=False)
        batch_op.create_index(batch_op.f("ix_threads_last_at"), ["last_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_threads_need_id"), ["need_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_threads_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_threads_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_threads_pledge_id"), ["pledge_id"], unique=False)

    op.create_table(
        "clarification_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clarification_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("about_version", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clarification_id"],
            ["clarifications.id"],
            name=op.f("fk_clarification_answers_clarification_id_clarifications"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarification_answers")),
        sa.UniqueConstraint(
            "clarification_id", "number", name=op.f("uq_clarification_answers_clarification_id_number")
        ),
    )
    op.create_table(
        "messages",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_messages_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_messages_thread_id_threads"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("ref", name=op.f("uq_messages_ref")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_sent_by"), ["sent_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "thread_reads",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_thread_reads_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_thread_reads_thread_id_threads"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("thread_id", "account_id", name=op.f("pk_thread_reads")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("thread_reads")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_thread_id"))
        batch_op.drop_index(batch_op.f("ix_messages_sent_by"))
        batch_op.drop_index(batch_op.f("ix_messages_organisation_id"))

    op.drop_table("messages")
    op.drop_table("clarification_answers")
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_threads_pledge_id"))
        batch_op.drop_index(batch_op.f("ix_threads_other_id"))
        batch_op.drop_index(batch_op.f("ix_threads_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_threads_need_id"))
        batch_op.drop_index(batch_op.f("ix_threads_last_at"))
        batch_op.drop_index(batch_op.f("ix_threads_is_published"))

    op.drop_table("threads")
    with op.batch_alter_table("clarifications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clarifications_status"))
        batch_op.drop_index(batch_op.f("ix_clarifications_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_clarifications_is_published"))
        batch_op.drop_index(batch_op.f("ix_clarifications_asker_id"))
        batch_op.drop_index(batch_op.f("ix_clarifications_asked_by"))
        batch_op.drop_index(batch_op.f("ix_clarifications_about_ref"))

    op.drop_table("clarifications")
