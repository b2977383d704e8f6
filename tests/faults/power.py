"""Power cuts without special hardware: what was acknowledged is on the disk, whatever the kernel had not yet written.

The database lies on a file system (ext4) inside a file. Its writer is killed, the file is copied as it is at that
moment and the copy is mounted: what was written and not synced is gone, as after a cut. `python -m tests.faults.power
--engine sqlite --cuts 100` (or postgresql) has to lose 0; with `--careless` the database does not wait for the disk and
has to lose something, or the method would prove nothing. Root only.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pwd
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.exc import DBAPIError

from app.foundation.audit import AuditEvent
from app.foundation.audit.verify import verify
from app.foundation.db import Database
from app.foundation.filing.files import file_path, store_file
from app.foundation.filing.store import FileStore
from app.foundation.migrate import upgrade
from app.foundation.permissions import SYSTEM
from app.needs.models import Need
from app.needs.service import LineDraft, NeedDraft, post_need
from app.organisations.models import Organisation
from tests.factories import World
from tests.faults.conftest import KEY
from tests.faults.disks import NO_ROOT, View, may_mount, view
from tests.faults.postgres import Cluster
from tests.running import free_port

SEED = 1988
MEGABYTES = {"sqlite": 192, "postgresql": 512}
# Nothing is written by the passing of time: what was not synced is surely not there.
LATE = "commit=3600"
MOST_WRITES, LONGEST_S = 60, 3.0
"""Between two cuts so many writes are acknowledged at most, and so many seconds pass."""


@dataclass
class Machine:
    """A database on a disk inside a file, which can be cut off and begins again on what had reached the disk."""

    engine: str
    view: View
    careless: bool = False
    cuts: int = 0
    acknowledged: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    lost: int = 0
    lost_files: int = 0
    unreadable: int = 0
    faults: int = 0
    back_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.place, self.image = self.view.folder / "disk", self.view.folder / "disk-0.img"
        options = ("fsync=off",) if self.careless else ()
        self.cluster = Cluster(self.place / "pg", free_port(), options)

    @property
    def url(self) -> str:
        """The database of the moment."""
        if self.engine == "sqlite":
            return f"sqlite:///{self.place}/counterpart.sqlite"
        return self.cluster.url("faults")

    def begin(self) -> None:
        """An empty database on an empty disk, with somebody who asks."""
        self.image.unlink(missing_ok=True)
        self.view.blank(self.image, MEGABYTES[self.engine])
        self.view.loop(self.image, self.place, LATE)
        if self.engine == "postgresql":
            person = pwd.getpwnam("postgres")
            self.place.chmod(0o755)
            self.view.folder.chmod(0o755)
            self.cluster.folder.mkdir()
            os.chown(self.cluster.folder, person.pw_uid, person.pw_gid)
            self.cluster.make()
            self.cluster.start()
            self.cluster.ask("CREATE DATABASE faults")
        database = Database(self.url)
        upgrade(database)
        with database.transaction() as tx:
            World(tx, datetime.now(UTC)).organisation("state")
        database.close()
        os.sync()

    def write(self, count: int, number: int) -> None:
        """Let a process write so much, or for three seconds, and kill it in the midst of it, and the server with it."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            self._write_for_ever(writing, number)
        os.close(writing)
        began = time.monotonic()
        said = _read_until(
            reading, lambda text: text.count(b"\n") >= count or (b"\n" in text and time.monotonic() - began > LONGEST_S)
        )
        os.kill(child, signal.SIGKILL)
        if self.engine == "postgresql":
            self.cluster.kill()
        os.waitpid(child, 0)
        said += _read_until(reading, lambda _text: False)
        os.close(reading)
        lines = said.decode().split("\n")[:-1]
        self.acknowledged |= {line.split()[0] for line in lines}
        self.files |= {line.split()[1] for line in lines}

    def _write_for_ever(self, pipe: int, number: int) -> None:
        try:
            database = Database(self.url)
            if self.careless and self.engine == "sqlite":
                event.listen(database.engine, "connect", _do_not_wait)
            for step in range(10**6):
                marker = f"zq{number:05d}x{step:06d}"
                digest = self._one(database, marker)
                os.write(pipe, f"{marker} {digest}\n".encode())
        except BaseException:  # noqa: BLE001 - told by whoever waits for it
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(1)

    def _one(self, database: Database, marker: str) -> str:
        """A need with its event and its facts, and a file that belongs to it; the file's digest."""
        draft = NeedDraft(
            language="en", title=f"Training of judges {marker}", problem="Judges ask for training in drug cases.",
            themes=("judicial_process",), countries=("SN",), lines=(LineDraft("training", Decimal(20), "judges"),),
            delivery_languages=("fr",), starts_on=date(2027, 1, 1), ends_on=date(2028, 12, 31),
        )  # fmt: skip
        with database.transaction() as tx:
            owner = tx.scalars(select(Organisation.id)).first() or 0
            post_need(tx, SYSTEM, owner, draft, datetime.now(UTC))
            return store_file(FileStore(self.place / "data"), marker.encode())

    def cut(self) -> None:
        """Cut the power now: go on with a copy of what is in the file at this moment."""
        self.cuts += 1
        began, copy = time.monotonic(), self.view.folder / f"disk-{self.cuts}.img"
        self.view.run("cp", "--sparse=always", str(self.image), str(copy))
        self.view.unmount(self.place)
        self.image.unlink()
        self.image = copy
        self.view.loop(copy, self.place, LATE)
        if self.engine == "postgresql":
            # The marks of a running server may be left by the cut, while nobody runs: they are taken away, as a machine
            # that starts again takes them away. A number of a process that ended may still be known here.
            for mark in (self.cluster.data / "postmaster.pid", *self.cluster.folder.glob(".s.PGSQL.*")):
                mark.unlink(missing_ok=True)
            self.cluster.start()
        self.look()
        self.back_s.append(time.monotonic() - began)

    def look(self) -> None:
        """What of all that was acknowledged is there now."""
        database = Database(self.url)
        try:
            with database.reading() as tx:
                # disclosure: the test looks at its own world.
                there = {title.rpartition(" ")[2] for title in tx.scalars(select(Need.title))}
                events = tx.scalar(select(func.count()).where(AuditEvent.action == "need.posted")) or 0
                self.faults += len(verify(tx, KEY, self.place).faults) + int(events != len(there))
            if self.engine == "sqlite":
                with database.engine.connect() as raw:
                    self.faults += raw.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok"
        finally:
            database.close()
        missing = {one for one in self.acknowledged if one not in there}
        self.lost += len(missing)
        self.acknowledged -= missing
        gone = {one for one in self.files if not _is_kept(self.place / "data", one)}
        self.lost_files += len(gone)
        self.files -= gone

    def log(self) -> str:
        """The last that the server said."""
        file = self.cluster.folder / "log"
        return " | ".join(file.read_text(errors="replace").splitlines()[-6:]) if file.exists() else ""

    def end(self) -> None:
        """Stop the server; the disk goes with the view."""
        if self.engine == "postgresql":
            self.cluster.stop()


def _is_kept(folder: Path, digest: str) -> bool:
    path = file_path(folder, digest)
    return path.exists() and path.stat().st_size > 0


def _do_not_wait(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _read_until(pipe: int, enough: Callable[[bytes], bool]) -> bytes:
    found = b""
    while not enough(found) and (part := os.read(pipe, 65_536)):
        found += part
    return found


def run(
    engine: str, cuts: int, *, careless: bool = False, say: Callable[[str], Any] = lambda _line: None
) -> dict[str, Any]:
    """So many power cuts; `lost`, `lost_files` and `faults` have to be 0, unless the database was made careless."""
    source, written, said_at = random.Random(SEED), 0, time.monotonic()
    with view() as disks:
        machine = Machine(engine, disks, careless)
        try:
            machine.begin()
            for number in range(1, cuts + 1):
                before = len(machine.acknowledged)
                machine.write(source.randint(1, MOST_WRITES), number)
                written += len(machine.acknowledged) - before
                try:
                    machine.cut()
                except (DBAPIError, RuntimeError, OSError, subprocess.SubprocessError) as error:
                    say(f"cut {number}: {' '.join(str(error).split())[:300]} {machine.log()}")
                    # The database does not even open: all that it had acknowledged is lost, and it begins anew.
                    machine.unreadable += 1
                    machine.lost += len(machine.acknowledged)
                    _anew(machine)
                if time.monotonic() - said_at > 10 or number == cuts:
                    said_at = time.monotonic()
                    say(f"{number} cuts, {written} acknowledged, {machine.lost} lost, {machine.unreadable} unreadable")
        finally:
            machine.end()
    back = sorted(machine.back_s) or [0.0]
    return {
        "engine": engine, "careless": careless, "cuts": machine.cuts, "acknowledged": written, "lost": machine.lost,
        "lost_files": machine.lost_files, "unreadable": machine.unreadable, "faults": machine.faults,
        "back_s": {"p50": round(back[len(back) // 2], 2), "max": round(back[-1], 2)},
    }  # fmt: skip


def _anew(machine: Machine) -> None:
    with contextlib.suppress(Exception):
        machine.cluster.kill()
    machine.acknowledged.clear()
    machine.files.clear()
    if machine.place in machine.view.mounts:
        machine.view.unmount(machine.place)
    shutil.rmtree(machine.place, ignore_errors=True)
    machine.begin()


def main(arguments: list[str]) -> int:
    """Cut on the engines asked for; 1 where something acknowledged is lost, or where carelessness is not found out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--cuts", type=int, default=100)
    parser.add_argument("--careless", action="store_true", help="the database does not wait for the disk: has to lose")
    asked = parser.parse_args(arguments)
    if not may_mount():
        print(f"skipped: {NO_ROOT}")
        return 0
    failed = False
    for engine in asked.engine or ["sqlite", "postgresql"]:
        figures = run(
            engine,
            asked.cuts,
            careless=asked.careless,
            say=lambda line, engine=engine: print(f"{engine}: {line}", flush=True),
        )
        print(f"{engine}: {json.dumps(figures)}", flush=True)
        is_lost = bool(figures["lost"] or figures["lost_files"] or figures["faults"] or figures["unreadable"])
        failed = failed or is_lost != asked.careless or not figures["acknowledged"] or figures["cuts"] < asked.cuts
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
