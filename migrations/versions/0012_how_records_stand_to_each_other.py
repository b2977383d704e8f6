"""How records stand to each other, as the organisations behind them say; imported programmes may be held back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "relations",
        sa.Column("first_kind", sa.String(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_kind", sa.String(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("replaced", sa.String(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("declared_by", sa.Integer(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_version", sa.Integer(), nullable=False),
        sa.Column("second_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.CheckConstraint("first_kind <> second_kind OR first_id < second_id", name=op.f("ck_relations_ordered")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_relations_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations")),
        sa.UniqueConstraint(
            "first_kind", "first_id", "second_kind", "second_id", "organisation_id", name="uq_relations_pair"
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_relations_ref")),
    )
    with op.batch_alter_table("relations", schema=None) as batch_op:
        batch_op.create_index("ix_relations_second", ["second_kind", "second_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relations_declared_at"), ["declared_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_relations_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_programmes_held_since"), ["held_since"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programmes_held_since"))
        batch_op.drop_column("held_since")

    with op.batch_alter_table("relations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relations_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_relations_declared_at"))
        batch_op.drop_index("ix_relations_second")

    op.drop_table("relations")
