"""How Alembic reaches the tables: on the connection that app.foundation.migrate hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from app.foundation.migrate import is_of_models, note_contract
from app.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    # SQLite changes a table by making a new one and copying; on PostgreSQL the same steps are plain ALTERs.
    render_as_batch=True,
    transactional_ddl=True,
    on_version_apply=note_contract,
    include_name=is_of_models,
)

with context.begin_transaction():
    context.run_migrations()
