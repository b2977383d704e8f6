"""Sign-ins that nobody uses end; recovery codes of the former, shorter kind are gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    # They would be refused for their length; the page that lists them then says truly that none is left.
    op.execute("DELETE FROM recovery_codes")


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_column("seen_at")
