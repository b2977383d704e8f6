"""The tables of an index that lives in PostgreSQL: generations, segments with their columns, and public words.

They are no part of the site's own tables: the index can be thrown away, so it makes them itself, in a schema apart.
"""

from __future__ import annotations

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.engine import Connection

SCHEMA = "index"
"""Stands for the schema in statements; each home puts its own name there."""
METADATA = MetaData(schema=SCHEMA)

GENERATIONS = Table(
    "generations", METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("is_current", Boolean, nullable=False),
)  # fmt: skip

PARTS = Table(
    "parts", METADATA,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("part", Text, primary_key=True),
    Column("stamp", Text, nullable=False),
)  # fmt: skip

SEGMENTS = Table(
    "segments", METADATA,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("part", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("place", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Column("deleted", ARRAY(Integer), nullable=False),
    Column("columns", LargeBinary, nullable=False),
)  # fmt: skip

WORDS = Table(
    "words", METADATA,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("word", Text, primary_key=True),
)  # fmt: skip


def create(connection: Connection, schema: str) -> None:
    """Make the schema and its tables where they are missing; the name of the schema is one's own, never typed."""
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    METADATA.create_all(connection)
    # Arrays of numbers do not get smaller by PostgreSQL's compression, and cost time by it.
    connection.exec_driver_sql(f'ALTER TABLE "{schema}".segments ALTER COLUMN columns SET STORAGE EXTERNAL')
    connection.exec_driver_sql(
        f'CREATE INDEX IF NOT EXISTS ix_words_trigrams ON "{schema}".words USING gin (word gin_trgm_ops)'
    )
