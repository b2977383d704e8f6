"""PostgreSQL servers that keep what they acknowledge, unlike those of the other tests: to be killed and promoted."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.faults.hosts import is_dead, wait_for
from tests.running import free_port
from tests.servers import DEBIAN, NO_SERVER, NoServer

SMALL = (
    "shared_buffers=16MB", "max_connections=60", "min_wal_size=32MB", "max_wal_size=64MB", "wal_level=replica",
    "max_wal_senders=4", "hot_standby=on", "wal_keep_size=32MB", "autovacuum_max_workers=1",
)  # fmt: skip


def binaries() -> Path:
    """Where the newest server's programs are.

    Raises:
        NoServer: there is none.
    """
    found = sorted(DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not found:
        raise NoServer(f"{NO_SERVER}. None is installed under {DEBIAN}.")
    return found[-1]


LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Place:
    """Where a server runs: the address it listens on, who may come from where, and what stands before its commands."""

    address: str = LOOPBACK
    neighbours: str = ""
    entry: tuple[str, ...] = ()


HERE = Place()


@dataclass
class Cluster:
    """One server on a port of this machine, or of a host that is a network namespace of it."""

    folder: Path
    port: int
    options: tuple[str, ...] = ()
    place: Place = HERE

    @property
    def data(self) -> Path:
        """Its data directory."""
        return self.folder / "data"

    @property
    def conninfo(self) -> str:
        """What psycopg connects with."""
        return f"postgresql://postgres@/postgres?host={self.folder}&port={self.port}&connect_timeout=5"

    def url(self, name: str) -> str:
        """What SQLAlchemy connects with."""
        return f"postgresql+psycopg://postgres@{self.place.address}:{self.port}/{name}"

    def make(self) -> None:
        """An empty cluster on the disk."""
        quick = ["--encoding=UTF8", "--locale=C", "--auth=trust", "--username=postgres"]
        self.run("initdb", "-D", str(self.data), *quick)
        if self.place.neighbours:
            with (self.data / "pg_hba.conf").open("a", encoding="utf-8") as file:
                file.writelines(f"host {what} all {self.place.neighbours} trust\n" for what in ("all", "replication"))

    def copy(self, primary: Cluster, name: str) -> None:
        """Be a standby of that one, known to it by this name."""
        source = f"host={primary.place.address} port={primary.port} user=postgres application_name={name}"
        self.run("pg_basebackup", "-D", str(self.data), "-d", source, "-R", "-X", "stream", "-c", "fast")

    def start(self) -> Cluster:
        """Start it, and wait until it takes connections."""
        words = [f"-c {option}" for option in (*SMALL, *self.options)]
        options = " ".join([*words, f"-c port={self.port}", f"-c listen_addresses={self.place.address}",
                            f"-c unix_socket_directories={self.folder}"])  # fmt: skip
        self.run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "120", "-l", str(self.folder / "log"), "-o", options, "start"
        )
        return self

    def promote(self) -> None:
        """Be the primary from now on."""
        self.run("pg_ctl", "-D", str(self.data), "-w", "-t", "120", "promote")

    def run(self, program: str, *words: str) -> None:
        """Run one of the server's programs as its own user.

        Raises:
            CalledProcessError: it failed.
        """
        person = pwd.getpwnam("postgres")
        prefix: list[str] = []
        if os.geteuid() == 0:
            prefix = ["setpriv", f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups"]
        with tempfile.TemporaryFile() as output:
            # A file, not a pipe: the server keeps its parent's pipes open, and a pipe would be waited for.
            command = [*self.place.entry, *prefix, str(binaries() / program), *words]
            done = subprocess.run(command, cwd="/", stdout=output, stderr=output, timeout=240, check=False)
            if done.returncode:
                output.seek(0)
                raise RuntimeError(f"{program}: {output.read().decode(errors='replace')[-1000:]}")

    def kill(self) -> None:
        """Kill -9 all of it, and wait until nothing is left."""
        first = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        # The first one first: it would take the death of another for a crash and begin to clean up.
        numbers = [first]
        with contextlib.suppress(OSError):
            numbers += [int(one) for one in Path(f"/proc/{first}/task/{first}/children").read_text().split()]
        for number in numbers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        wait_for(lambda: all(is_dead(one) for one in numbers), "the killed server does not go away")

    def stop(self) -> None:
        """Stop it as quickly as it can, if it runs."""
        with contextlib.suppress(RuntimeError, subprocess.SubprocessError):
            self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """Rows of a statement."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def pair(*, waits: bool = True, places: Sequence[Place] = (HERE, HERE)) -> Iterator[tuple[Cluster, Cluster]]:
    """A primary and a standby that follows it; with `waits`, a commit is acknowledged when both have it on disk."""
    folder = Path(tempfile.mkdtemp(prefix="counterpart-pair-"))
    person = pwd.getpwnam("postgres")
    primary = Cluster(folder / "one", free_port(), place=places[0])
    standby = Cluster(folder / "two", free_port(), place=places[1])
    for one in (folder, primary.folder, standby.folder):
        one.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            os.chown(one, person.pw_uid, person.pw_gid)
    try:
        primary.make()
        primary.start()
        standby.copy(primary, "second")
        standby.start()
        wait_for(lambda: primary.ask("SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'"), "no standby")
        if waits:
            primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'second'")
            primary.ask("SELECT pg_reload_conf()")
            wait_for(lambda: primary.ask("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"), "not in step")
        yield primary, standby
    finally:
        standby.stop()
        primary.stop()
        shutil.rmtree(folder, ignore_errors=True)


def both(primary: Cluster, standby: Cluster, name: str) -> str:
    """One address for two servers: whichever of them takes writes."""
    hosts = "&".join(f"host={one.place.address}:{one.port}" for one in (primary, standby))
    return f"postgresql+psycopg://postgres@/{name}?{hosts}&target_session_attrs=read-write&connect_timeout=3"
