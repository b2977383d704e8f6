"""Files of activities brought in by page: what was found in them, what was wrong, and how it is taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "file_imports",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("by_reporter", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("job_ref", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_file_imports_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_imports")),
        sa.UniqueConstraint("ref", name=op.f("uq_file_imports_ref")),
    )
    with op.batch_alter_table("file_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_file_imports_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_file_imports_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "import_parties",
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("flat_name", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["file_imports.id"],
            name=op.f("fk_import_parties_import_id_file_imports"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_import_parties_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_parties")),
        sa.UniqueConstraint(
            "import_id", "identifier", "flat_name", name=op.f("uq_import_parties_import_id_identifier_flat_name")
        ),
    )
    op.create_table(
        "import_problems",
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["file_imports.id"],
            name=op.f("fk_import_problems_import_id_file_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_problems")),
    )
    with op.batch_alter_table("import_problems", schema=None) as batch_op:
        batch_op.create_index("ix_import_problems_identifier", ["import_id", "identifier"], unique=False)

    op.create_table(
        "import_rows",
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("saved", sa.String(), nullable=False),
        sa.Column("saved_version", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["file_imports.id"], name=op.f("fk_import_rows_import_id_file_imports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
    )
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.create_index("ix_import_rows_identifier", ["import_id", "identifier"], unique=False)
        batch_op.create_index("ix_import_rows_outcome", ["import_id", "outcome", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_rows_programme_id"), ["programme_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_rows_programme_id"))
        batch_op.drop_index("ix_import_rows_outcome")
        batch_op.drop_index("ix_import_rows_identifier")

    op.drop_table("import_rows")
    with op.batch_alter_table("import_problems", schema=None) as batch_op:
        batch_op.drop_index("ix_import_problems_identifier")

    op.drop_table("import_problems")
    op.drop_table("import_parties")
    with op.batch_alter_table("file_imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_imports_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_file_imports_created_at"))

    op.drop_table("file_imports")
