"""News goes by mail at each person's own pace, each piece in one mail; addresses to which mail comes back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step. News that was mailed, or waits to be, gets its delivery, so that nobody is told twice."""
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mail_failed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("mail_failed_code", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("pace", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("language", sa.String(), nullable=False, server_default="en"))
        batch_op.create_index(batch_op.f("ix_mails_account_id"), ["account_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_mails_account_id_accounts"), "accounts", ["account_id"], ["id"])

    op.create_table(
        "mail_preferences",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("paces", sa.JSON(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_mail_preferences_account_id_accounts")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_preferences")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("pace", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("withheld", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_deliveries_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mails.id"], name=op.f("fk_deliveries_mail_id_mails"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_deliveries_notice_id_notices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("notice_id", "channel", name=op.f("uq_deliveries_notice_id_channel")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliveries_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index("ix_deliveries_waiting", ["handed_at", "due_at"], unique=False)

    op.execute("""
        INSERT INTO deliveries (notice_id, account_id, channel, pace, due_at, created_at, handed_at, mail_id, withheld)
        SELECT n.id, n.account_id, 'mail', 'at_once', m.created_at, m.created_at, m.created_at, m.id, ''
        FROM mails m JOIN accounts a ON a.email = m.recipient
        JOIN notices n ON n.account_id = a.id AND n.cause = m.cause
    """)
    # What waits is put together anew when it is sent, as all news is from now on.
    op.execute("""
        UPDATE mails SET pace = 'at_once',
            account_id = (SELECT d.account_id FROM deliveries d WHERE d.mail_id = mails.id)
        WHERE EXISTS (SELECT 1 FROM deliveries d WHERE d.mail_id = mails.id)
    """)
    op.execute("""
        UPDATE mails SET language = coalesce((SELECT a.language FROM accounts a WHERE a.email = mails.recipient), 'en')
    """)


def downgrade() -> None:
    """Take it back. News whose mail has no words yet would go out empty: it stays a notice on the site."""
    op.execute("DELETE FROM mails WHERE account_id IS NOT NULL AND sent_at IS NULL AND body = ''")
    op.drop_table("deliveries")
    op.drop_table("mail_preferences")
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_mails_account_id_accounts"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_mails_account_id"))
        batch_op.drop_column("language")
        batch_op.drop_column("pace")
        batch_op.drop_column("account_id")

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("mail_failed_code")
        batch_op.drop_column("mail_failed_at")
