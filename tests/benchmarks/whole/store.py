"""Filled databases and their index, kept between runs: made once for each size, engine and revision of the tables.

`BENCH_CACHE` names the folder that keeps them, usually `.bench` beside the code. A run works on a copy.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.config import ROOT
from app.foundation.db import Database
from app.foundation.migrate import newest_revision, upgrade
from tests.benchmarks.whole.rows import fill
from tests.running import RunningSite, site_in
from tests.servers import DEBIAN, NoServer, _run, _somebody, new_database, with_database

LONGEST_S = 3600
DRAWING = "c"
"""To be changed when other rows are drawn, so that what was kept is not taken for them."""
PRODUCTION = "-c listen_addresses='' -c max_connections=100 -c shared_buffers=512MB -c max_wal_size=2GB"
"""As in production, everything that was acknowledged reaches the disk."""


@dataclass(frozen=True)
class Filled:
    """A site of a size that does not run yet, on a copy of the data; how many bytes it takes on the disk."""

    site: RunningSite
    database_url: str
    bytes: dict[str, int]
    postgres: Postgres | None = None


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL server: how to reach it, and the number of its first process."""

    conninfo: str
    pid: int


def cache_folder() -> Path:
    """Where filled databases are kept for the tables of this revision, drawn as they are drawn now."""
    base = Path(os.environ.get("BENCH_CACHE") or ROOT / ".bench").resolve()
    folder = base / f"{newest_revision()}-{DRAWING}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept_sqlite(size: int) -> Path:
    """The folder of the kept SQLite database of that size with its index."""
    folder = cache_folder() / f"sqlite-{size}"
    if (folder / "whole").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    print(f"filling {size} records on SQLite", flush=True)
    filled(f"sqlite:///{folder / 'counterpart.sqlite'}", size)
    begin = time.perf_counter()
    command = [sys.executable, "-m", "flask", "--app", "app", "reindex"]
    subprocess.run(
        command, cwd=ROOT, env=site_in(folder).environment, check=True, capture_output=True, timeout=LONGEST_S
    )
    print(f"indexed in {time.perf_counter() - begin:.0f} s", flush=True)
    (folder / "whole").touch()
    return folder


def filled(url: str, size: int) -> None:
    """Make the tables of an empty database and fill them."""
    database, begin = Database(url), time.perf_counter()
    try:
        upgrade(database)
        fill(database, size)
    finally:
        database.close()
    print(f"filled in {time.perf_counter() - begin:.0f} s", flush=True)


@contextmanager
def server() -> Iterator[Postgres]:
    """A PostgreSQL server on the kept data, as durable as in production, until the end of the block.

    Raises:
        NoServer: there is none here.
    """
    binaries = next(iter(sorted(DEBIAN.glob("*/bin"), key=lambda f: int(f.parent.name), reverse=True)), None)
    if binaries is None:
        raise NoServer("install PostgreSQL (Debian's package postgresql) to measure it")
    folder = cache_folder() / "postgresql"
    folder.mkdir(exist_ok=True)
    prefix = _as_somebody(folder)
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        as_usual = ["--encoding=UTF8", "--locale=C", "--auth=trust", "--username=postgres"]
        _run([*prefix, str(binaries / "initdb"), "-D", str(data), *as_usual], folder)
    control = [*prefix, str(binaries / "pg_ctl"), "-D", str(data)]
    options = f"{PRODUCTION} -c unix_socket_directories={folder}"
    _run([*control, "-w", "-l", str(folder / "log"), "-o", options, "start"], folder)
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        yield Postgres(f"postgresql://postgres@/postgres?host={folder}", pid)
    finally:
        _run([*control, "-w", "-m", "fast", "stop"], folder)


def _as_somebody(folder: Path) -> list[str]:
    if os.geteuid():
        return []
    # PostgreSQL refuses to run as root, and its user has to reach the folder.
    person = _somebody()
    os.chown(folder, person.pw_uid, person.pw_gid)
    for parent in list(folder.parents)[:-1]:
        parent.chmod(parent.stat().st_mode | 0o011)
    return ["setpriv", f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups"]


def kept_postgresql(postgres: Postgres, size: int) -> str:
    """The name of the kept database of that size."""
    name = f"bench_{size}"
    with psycopg.connect(postgres.conninfo, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if not there:
        print(f"filling {size} records on PostgreSQL", flush=True)
        filled(new_database(postgres.conninfo, f"{name}_half"), size)
        with psycopg.connect(postgres.conninfo, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name}_half RENAME TO {name}".encode())
    return name


def copied(size: int, folder: Path, postgres: Postgres | None) -> Filled:
    """A copy of the kept data in a folder that goes away, on PostgreSQL if there is a server."""
    kept = kept_sqlite(size)
    shutil.copytree(kept / "index", folder / "index")
    sizes = {"index": sum(path.stat().st_size for path in (kept / "index").rglob("*") if path.is_file())}
    site = site_in(folder)
    if postgres is None:
        shutil.copy(kept / "counterpart.sqlite", folder)
        url = f"sqlite:///{folder / 'counterpart.sqlite'}"
        sizes["database"] = (folder / "counterpart.sqlite").stat().st_size
        return Filled(site, url, sizes)
    name = kept_postgresql(postgres, size)
    with psycopg.connect(postgres.conninfo, autocommit=True) as connection:
        connection.execute(b"DROP DATABASE IF EXISTS bench_run WITH (FORCE)")
        connection.execute(f"CREATE DATABASE bench_run TEMPLATE {name}".encode())
        row = connection.execute(b"SELECT pg_database_size('bench_run')").fetchone()
    sizes["database"] = int(row[0]) if row else 0
    site.environment["DATABASE_URL"] = url = with_database(postgres.conninfo, "bench_run")
    return Filled(site, url, sizes, postgres)
