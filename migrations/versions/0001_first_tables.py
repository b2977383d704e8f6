"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "accounts",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
        sa.UniqueConstraint("ref", name=op.f("uq_accounts_ref")),
    )
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("record_ref", sa.String(), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
        sa.UniqueConstraint("day", "sequence", name=op.f("uq_audit_events_day_sequence")),
    )
    op.create_index(op.f("ix_audit_events_account_id"), "audit_events", ["account_id"], unique=False)
    op.create_index(op.f("ix_audit_events_record_ref"), "audit_events", ["record_ref"], unique=False)
    op.create_table(
        "audit_heads",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("cause", "recipient", name=op.f("uq_mails_cause_recipient")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mails_message_id")),
    )
    op.create_index(op.f("ix_mails_sent_at"), "mails", ["sent_at"], unique=False)
    op.create_table(
        "once",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "account_id", name=op.f("pk_once")),
    )
    op.create_table(
        "organisations",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded_name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("acronym", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("grouping", sa.String(), nullable=True),
        sa.Column("iati_type", sa.String(), nullable=False),
        sa.Column("iati_identifier", sa.String(), nullable=True),
        sa.Column("email_domain", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("applicant_name", sa.String(), nullable=False),
        sa.Column("applicant_email", sa.String(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=False),
        sa.Column("claims_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["claims_id"], ["organisations.id"], name=op.f("fk_organisations_claims_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("iati_identifier", name=op.f("uq_organisations_iati_identifier")),
        sa.UniqueConstraint("ref", name=op.f("uq_organisations_ref")),
    )
    op.create_index(op.f("ix_organisations_country"), "organisations", ["country"], unique=False)
    op.create_index(op.f("ix_organisations_folded_name"), "organisations", ["folded_name"], unique=False)
    op.create_index(op.f("ix_organisations_kind"), "organisations", ["kind"], unique=False)
    op.create_index(op.f("ix_organisations_status"), "organisations", ["status"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_done_at"), "outbox", ["done_at"], unique=False)
    op.create_table(
        "attachments",
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("record_ref", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_attachments_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("ref", name=op.f("uq_attachments_ref")),
    )
    op.create_index(op.f("ix_attachments_record_ref"), "attachments", ["record_ref"], unique=False)
    op.create_table(
        "audiences",
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_audiences_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("record_kind", "record_id", "organisation_id", name=op.f("pk_audiences")),
    )
    op.create_index(op.f("ix_audiences_organisation_id"), "audiences", ["organisation_id"], unique=False)
    op.create_table(
        "courses",
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("objectives", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("prerequisites", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("fee_amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("fee_covers", sa.String(), nullable=False),
        sa.Column("assessment", sa.String(), nullable=False),
        sa.Column("certificate", sa.String(), nullable=False),
        sa.Column("purpose_code", sa.String(), nullable=False),
        sa.Column("verify_by", sa.Date(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
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
            ["organisation_id"], ["organisations.id"], name=op.f("fk_courses_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("ref", name=op.f("uq_courses_ref")),
    )
    op.create_index(op.f("ix_courses_is_published"), "courses", ["is_published"], unique=False)
    op.create_index(op.f("ix_courses_organisation_id"), "courses", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_courses_posted_at"), "courses", ["posted_at"], unique=False)
    op.create_index(op.f("ix_courses_status"), "courses", ["status"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("record_ref", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_drafts_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_drafts_account_id_key")),
    )
    op.create_index(op.f("ix_drafts_account_id"), "drafts", ["account_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_invitations_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("ref", name=op.f("uq_invitations_ref")),
    )
    op.create_index(op.f("ix_invitations_organisation_id"), "invitations", ["organisation_id"], unique=False)
    op.create_table(
        "lessons",
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("context", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("instruction", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("is_independent", sa.Boolean(), nullable=False),
        sa.Column("view", sa.String(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_ref", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
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
            ["organisation_id"], ["organisations.id"], name=op.f("fk_lessons_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
        sa.UniqueConstraint("ref", name=op.f("uq_lessons_ref")),
    )
    op.create_index(op.f("ix_lessons_is_published"), "lessons", ["is_published"], unique=False)
    op.create_index(op.f("ix_lessons_organisation_id"), "lessons", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_lessons_posted_at"), "lessons", ["posted_at"], unique=False)
    op.create_index(op.f("ix_lessons_status"), "lessons", ["status"], unique=False)
    op.create_index(op.f("ix_lessons_subject_ref"), "lessons", ["subject_ref"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_memberships_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("account_id", "organisation_id", name=op.f("uq_memberships_account_id_organisation_id")),
    )
    op.create_index(op.f("ix_memberships_account_id"), "memberships", ["account_id"], unique=False)
    op.create_index(op.f("ix_memberships_organisation_id"), "memberships", ["organisation_id"], unique=False)
    op.create_table(
        "needs",
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("causes", sa.String(), nullable=False),
        sa.Column("effects", sa.String(), nullable=False),
        sa.Column("purpose_code", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("beneficiary_unit", sa.String(), nullable=False),
        sa.Column("beneficiaries", sa.Integer(), nullable=True),
        sa.Column("beneficiaries_women", sa.Integer(), nullable=True),
        sa.Column("beneficiaries_men", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("baseline", sa.String(), nullable=False),
        sa.Column("objectives", sa.String(), nullable=False),
        sa.Column("past_help", sa.String(), nullable=False),
        sa.Column("requested_elsewhere", sa.String(), nullable=False),
        sa.Column("national_plan", sa.String(), nullable=False),
        sa.Column("own_contribution", sa.String(), nullable=False),
        sa.Column("sustainability", sa.String(), nullable=False),
        sa.Column("absorption", sa.String(), nullable=False),
        sa.Column("budget_amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("offers_due_on", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("evaluation_body", sa.String(), nullable=False),
        sa.Column("evaluation_on", sa.Date(), nullable=True),
        sa.Column("evaluation_recommendation", sa.String(), nullable=False),
        sa.Column("verify_by", sa.Date(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status_reason", sa.String(), nullable=False),
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
            ["organisation_id"], ["organisations.id"], name=op.f("fk_needs_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
        sa.UniqueConstraint("ref", name=op.f("uq_needs_ref")),
    )
    op.create_index(op.f("ix_needs_is_published"), "needs", ["is_published"], unique=False)
    op.create_index(op.f("ix_needs_organisation_id"), "needs", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_needs_posted_at"), "needs", ["posted_at"], unique=False)
    op.create_index(op.f("ix_needs_status"), "needs", ["status"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("record_kind", sa.String(), nullable=False),
        sa.Column("record_ref", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notices_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("account_id", "cause", name=op.f("uq_notices_account_id_cause")),
    )
    op.create_index(op.f("ix_notices_account_id"), "notices", ["account_id"], unique=False)
    op.create_table(
        "outputs",
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_ref", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
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
            ["organisation_id"], ["organisations.id"], name=op.f("fk_outputs_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outputs")),
        sa.UniqueConstraint("ref", name=op.f("uq_outputs_ref")),
    )
    op.create_index(op.f("ix_outputs_is_published"), "outputs", ["is_published"], unique=False)
    op.create_index(op.f("ix_outputs_organisation_id"), "outputs", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_outputs_posted_at"), "outputs", ["posted_at"], unique=False)
    op.create_index(op.f("ix_outputs_status"), "outputs", ["status"], unique=False)
    op.create_index(op.f("ix_outputs_subject_ref"), "outputs", ["subject_ref"], unique=False)
    op.create_table(
        "programmes",
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("accepting", sa.String(), nullable=False),
        sa.Column("apply_by", sa.Date(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("conditions", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("purpose_code", sa.String(), nullable=False),
        sa.Column("aid_type", sa.String(), nullable=False),
        sa.Column("finance_type", sa.String(), nullable=False),
        sa.Column("flow_type", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("planned_start", sa.Date(), nullable=True),
        sa.Column("actual_start", sa.Date(), nullable=True),
        sa.Column("planned_end", sa.Date(), nullable=True),
        sa.Column("actual_end", sa.Date(), nullable=True),
        sa.Column("budget_amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("iati_identifier", sa.String(), nullable=True),
        sa.Column("hierarchy", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("source_digest", sa.String(), nullable=False),
        sa.Column("verify_by", sa.Date(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
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
            ["organisation_id"], ["organisations.id"], name=op.f("fk_programmes_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("iati_identifier", name=op.f("uq_programmes_iati_identifier")),
        sa.UniqueConstraint("ref", name=op.f("uq_programmes_ref")),
    )
    op.create_index(op.f("ix_programmes_is_published"), "programmes", ["is_published"], unique=False)
    op.create_index(op.f("ix_programmes_organisation_id"), "programmes", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_programmes_posted_at"), "programmes", ["posted_at"], unique=False)
    op.create_index(op.f("ix_programmes_status"), "programmes", ["status"], unique=False)
    op.create_table(
        "reactions",
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_reactions_outbox_id_outbox")),
        sa.PrimaryKeyConstraint("outbox_id", "name", name=op.f("pk_reactions")),
    )
    op.create_table(
        "course_sessions",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("register_by", sa.Date(), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_sessions_course_id_courses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_sessions")),
        sa.UniqueConstraint("ref", name=op.f("uq_course_sessions_ref")),
    )
    op.create_index(op.f("ix_course_sessions_course_id"), "course_sessions", ["course_id"], unique=False)
    op.create_table(
        "course_tags",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"], ["courses.id"], name=op.f("fk_course_tags_record_id_courses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_id", "facet", "value", name=op.f("pk_course_tags")),
    )
    op.create_table(
        "lesson_tags",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"], ["lessons.id"], name=op.f("fk_lesson_tags_record_id_lessons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_id", "facet", "value", name=op.f("pk_lesson_tags")),
    )
    op.create_table(
        "matches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("offer_kind", sa.String(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("offer_organisation_id", sa.Integer(), nullable=False),
        sa.Column("need_organisation_id", sa.Integer(), nullable=False),
        sa.Column("need_version", sa.Integer(), nullable=False),
        sa.Column("offer_version", sa.Integer(), nullable=False),
        sa.Column("gate", sa.String(), nullable=False),
        sa.Column("strength", sa.String(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("obstacles", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_matches_need_id_needs"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["need_organisation_id"], ["organisations.id"], name=op.f("fk_matches_need_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["offer_organisation_id"], ["organisations.id"], name=op.f("fk_matches_offer_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        sa.UniqueConstraint("need_id", "offer_kind", "offer_id", name=op.f("uq_matches_need_id_offer_kind_offer_id")),
    )
    op.create_index(op.f("ix_matches_need_organisation_id"), "matches", ["need_organisation_id"], unique=False)
    op.create_index("ix_matches_need_score", "matches", ["need_id", "gate", "score"], unique=False)
    op.create_index("ix_matches_offer", "matches", ["offer_kind", "offer_id"], unique=False)
    op.create_index(op.f("ix_matches_offer_organisation_id"), "matches", ["offer_organisation_id"], unique=False)
    op.create_table(
        "need_indicators",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("baseline", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_need_indicators_need_id_needs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_indicators")),
        sa.UniqueConstraint("ref", name=op.f("uq_need_indicators_ref")),
    )
    op.create_index(op.f("ix_need_indicators_need_id"), "need_indicators", ["need_id"], unique=False)
    op.create_table(
        "need_lines",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("is_essential", sa.Boolean(), nullable=False),
        sa.Column("beneficiary_unit", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("cost_amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_need_lines_need_id_needs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_lines")),
        sa.UniqueConstraint("ref", name=op.f("uq_need_lines_ref")),
    )
    op.create_index(op.f("ix_need_lines_need_id"), "need_lines", ["need_id"], unique=False)
    op.create_table(
        "need_tags",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"], ["needs.id"], name=op.f("fk_need_tags_record_id_needs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_id", "facet", "value", name=op.f("pk_need_tags")),
    )
    op.create_table(
        "need_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_need_versions_need_id_needs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_versions")),
        sa.UniqueConstraint("need_id", "number", name=op.f("uq_need_versions_need_id_number")),
    )
    op.create_table(
        "output_tags",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"], ["outputs.id"], name=op.f("fk_output_tags_record_id_outputs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_id", "facet", "value", name=op.f("pk_output_tags")),
    )
    op.create_table(
        "pledges",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("need_ref", sa.String(), nullable=False),
        sa.Column("need_organisation_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("status_reason", sa.String(), nullable=False),
        sa.Column("conditions", sa.String(), nullable=False),
        sa.Column("source_of_funds", sa.String(), nullable=False),
        sa.Column("implementing_partner", sa.String(), nullable=False),
        sa.Column("declared_relation", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("disclosure", sa.String(), nullable=False),
        sa.Column("field_disclosure", sa.JSON(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_pledges_need_id_needs")),
        sa.ForeignKeyConstraint(
            ["need_organisation_id"], ["organisations.id"], name=op.f("fk_pledges_need_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_pledges_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_pledges_programme_id_programmes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledges")),
        sa.UniqueConstraint("ref", name=op.f("uq_pledges_ref")),
    )
    op.create_index(op.f("ix_pledges_is_published"), "pledges", ["is_published"], unique=False)
    op.create_index(op.f("ix_pledges_need_id"), "pledges", ["need_id"], unique=False)
    op.create_index(op.f("ix_pledges_need_organisation_id"), "pledges", ["need_organisation_id"], unique=False)
    op.create_index(op.f("ix_pledges_organisation_id"), "pledges", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_pledges_programme_id"), "pledges", ["programme_id"], unique=False)
    op.create_index(op.f("ix_pledges_status"), "pledges", ["status"], unique=False)
    op.create_table(
        "programme_budgets",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("valued_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programmes.id"],
            name=op.f("fk_programme_budgets_programme_id_programmes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_budgets")),
    )
    op.create_index(op.f("ix_programme_budgets_programme_id"), "programme_budgets", ["programme_id"], unique=False)
    op.create_table(
        "programme_links",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programmes.id"],
            name=op.f("fk_programme_links_programme_id_programmes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_links")),
    )
    op.create_index(op.f("ix_programme_links_identifier"), "programme_links", ["identifier"], unique=False)
    op.create_index(op.f("ix_programme_links_programme_id"), "programme_links", ["programme_id"], unique=False)
    op.create_table(
        "programme_offers",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programmes.id"],
            name=op.f("fk_programme_offers_programme_id_programmes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_offers")),
    )
    op.create_index(op.f("ix_programme_offers_programme_id"), "programme_offers", ["programme_id"], unique=False)
    op.create_table(
        "programme_participants",
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("organisation_type", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_programme_participants_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programmes.id"],
            name=op.f("fk_programme_participants_programme_id_programmes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_participants")),
    )
    op.create_index(
        op.f("ix_programme_participants_programme_id"), "programme_participants", ["programme_id"], unique=False
    )
    op.create_table(
        "programme_tags",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"], ["programmes.id"], name=op.f("fk_programme_tags_record_id_programmes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_id", "facet", "value", name=op.f("pk_programme_tags")),
    )
    op.create_table(
        "programme_texts",
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programmes.id"],
            name=op.f("fk_programme_texts_programme_id_programmes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_texts")),
        sa.UniqueConstraint("programme_id", "language", name=op.f("uq_programme_texts_programme_id_language")),
    )
    op.create_index(op.f("ix_programme_texts_programme_id"), "programme_texts", ["programme_id"], unique=False)
    op.create_table(
        "programme_transactions",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programmes.id"],
            name=op.f("fk_programme_transactions_programme_id_programmes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_transactions")),
    )
    op.create_index(
        op.f("ix_programme_transactions_programme_id"), "programme_transactions", ["programme_id"], unique=False
    )
    op.create_table(
        "pledge_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=False),
        sa.Column("need_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_pledge_lines_amount_positive")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_pledge_lines_quantity_positive")),
        sa.CheckConstraint(
            "quantity IS NOT NULL OR amount IS NOT NULL", name=op.f("ck_pledge_lines_promises_something")
        ),
        sa.ForeignKeyConstraint(
            ["need_line_id"], ["need_lines.id"], name=op.f("fk_pledge_lines_need_line_id_need_lines")
        ),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["pledges.id"], name=op.f("fk_pledge_lines_pledge_id_pledges"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_lines")),
    )
    op.create_index(op.f("ix_pledge_lines_need_line_id"), "pledge_lines", ["need_line_id"], unique=False)
    op.create_index(op.f("ix_pledge_lines_pledge_id"), "pledge_lines", ["pledge_id"], unique=False)
    op.create_table(
        "results",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("actual", sa.String(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["need_indicators.id"],
            name=op.f("fk_results_indicator_id_need_indicators"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
        sa.UniqueConstraint("ref", name=op.f("uq_results_ref")),
    )
    op.create_index(op.f("ix_results_indicator_id"), "results", ["indicator_id"], unique=False)
    op.create_table(
        "contributions",
        sa.Column("pledge_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("donor_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recipient_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pledge_line_id"],
            ["pledge_lines.id"],
            name=op.f("fk_contributions_pledge_line_id_pledge_lines"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
        sa.UniqueConstraint("ref", name=op.f("uq_contributions_ref")),
    )
    op.create_index(op.f("ix_contributions_pledge_line_id"), "contributions", ["pledge_line_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_contributions_pledge_line_id"), table_name="contributions")
    op.drop_table("contributions")
    op.drop_index(op.f("ix_results_indicator_id"), table_name="results")
    op.drop_table("results")
    op.drop_index(op.f("ix_pledge_lines_pledge_id"), table_name="pledge_lines")
    op.drop_index(op.f("ix_pledge_lines_need_line_id"), table_name="pledge_lines")
    op.drop_table("pledge_lines")
    op.drop_index(op.f("ix_programme_transactions_programme_id"), table_name="programme_transactions")
    op.drop_table("programme_transactions")
    op.drop_index(op.f("ix_programme_texts_programme_id"), table_name="programme_texts")
    op.drop_table("programme_texts")
    op.drop_table("programme_tags")
    op.drop_index(op.f("ix_programme_participants_programme_id"), table_name="programme_participants")
    op.drop_table("programme_participants")
    op.drop_index(op.f("ix_programme_offers_programme_id"), table_name="programme_offers")
    op.drop_table("programme_offers")
    op.drop_index(op.f("ix_programme_links_programme_id"), table_name="programme_links")
    op.drop_index(op.f("ix_programme_links_identifier"), table_name="programme_links")
    op.drop_table("programme_links")
    op.drop_index(op.f("ix_programme_budgets_programme_id"), table_name="programme_budgets")
    op.drop_table("programme_budgets")
    op.drop_index(op.f("ix_pledges_status"), table_name="pledges")
    op.drop_index(op.f("ix_pledges_programme_id"), table_name="pledges")
    op.drop_index(op.f("ix_pledges_organisation_id"), table_name="pledges")
    op.drop_index(op.f("ix_pledges_need_organisation_id"), table_name="pledges")
    op.drop_index(op.f("ix_pledges_need_id"), table_name="pledges")
    op.drop_index(op.f("ix_pledges_is_published"), table_name="pledges")
    op.drop_table("pledges")
    op.drop_table("output_tags")
    op.drop_table("need_versions")
    op.drop_table("need_tags")
    op.drop_index(op.f("ix_need_lines_need_id"), table_name="need_lines")
    op.drop_table("need_lines")
    op.drop_index(op.f("ix_need_indicators_need_id"), table_name="need_indicators")
    op.drop_table("need_indicators")
    op.drop_index(op.f("ix_matches_offer_organisation_id"), table_name="matches")
    op.drop_index("ix_matches_offer", table_name="matches")
    op.drop_index("ix_matches_need_score", table_name="matches")
    op.drop_index(op.f("ix_matches_need_organisation_id"), table_name="matches")
    op.drop_table("matches")
    op.drop_table("lesson_tags")
    op.drop_table("course_tags")
    op.drop_index(op.f("ix_course_sessions_course_id"), table_name="course_sessions")
    op.drop_table("course_sessions")
    op.drop_table("reactions")
    op.drop_index(op.f("ix_programmes_status"), table_name="programmes")
    op.drop_index(op.f("ix_programmes_posted_at"), table_name="programmes")
    op.drop_index(op.f("ix_programmes_organisation_id"), table_name="programmes")
    op.drop_index(op.f("ix_programmes_is_published"), table_name="programmes")
    op.drop_table("programmes")
    op.drop_index(op.f("ix_outputs_subject_ref"), table_name="outputs")
    op.drop_index(op.f("ix_outputs_status"), table_name="outputs")
    op.drop_index(op.f("ix_outputs_posted_at"), table_name="outputs")
    op.drop_index(op.f("ix_outputs_organisation_id"), table_name="outputs")
    op.drop_index(op.f("ix_outputs_is_published"), table_name="outputs")
    op.drop_table("outputs")
    op.drop_index(op.f("ix_notices_account_id"), table_name="notices")
    op.drop_table("notices")
    op.drop_index(op.f("ix_needs_status"), table_name="needs")
    op.drop_index(op.f("ix_needs_posted_at"), table_name="needs")
    op.drop_index(op.f("ix_needs_organisation_id"), table_name="needs")
    op.drop_index(op.f("ix_needs_is_published"), table_name="needs")
    op.drop_table("needs")
    op.drop_index(op.f("ix_memberships_organisation_id"), table_name="memberships")
    op.drop_index(op.f("ix_memberships_account_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_lessons_subject_ref"), table_name="lessons")
    op.drop_index(op.f("ix_lessons_status"), table_name="lessons")
    op.drop_index(op.f("ix_lessons_posted_at"), table_name="lessons")
    op.drop_index(op.f("ix_lessons_organisation_id"), table_name="lessons")
    op.drop_index(op.f("ix_lessons_is_published"), table_name="lessons")
    op.drop_table("lessons")
    op.drop_index(op.f("ix_invitations_organisation_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index(op.f("ix_drafts_account_id"), table_name="drafts")
    op.drop_table("drafts")
    op.drop_index(op.f("ix_courses_status"), table_name="courses")
    op.drop_index(op.f("ix_courses_posted_at"), table_name="courses")
    op.drop_index(op.f("ix_courses_organisation_id"), table_name="courses")
    op.drop_index(op.f("ix_courses_is_published"), table_name="courses")
    op.drop_table("courses")
    op.drop_index(op.f("ix_audiences_organisation_id"), table_name="audiences")
    op.drop_table("audiences")
    op.drop_index(op.f("ix_attachments_record_ref"), table_name="attachments")
    op.drop_table("attachments")
    op.drop_index(op.f("ix_outbox_done_at"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_organisations_status"), table_name="organisations")
    op.drop_index(op.f("ix_organisations_kind"), table_name="organisations")
    op.drop_index(op.f("ix_organisations_folded_name"), table_name="organisations")
    op.drop_index(op.f("ix_organisations_country"), table_name="organisations")
    op.drop_table("organisations")
    op.drop_table("once")
    op.drop_index(op.f("ix_mails_sent_at"), table_name="mails")
    op.drop_table("mails")
    op.drop_table("audit_heads")
    op.drop_index(op.f("ix_audit_events_record_ref"), table_name="audit_events")
    op.drop_index(op.f("ix_audit_events_account_id"), table_name="audit_events")
    op.drop_table("audit_events")
    op.drop_table("accounts")
