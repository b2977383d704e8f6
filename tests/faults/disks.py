"""Disks of the tests' own, in a view of the file system that nobody else has: small, full, read-only, cut off.

All of it needs root; a test without it is skipped and says so.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CLONE_NEWNS = 0x00020000
NO_ROOT = "by design: disks are mounted, which root alone may do"


def may_mount() -> bool:
    """Whether this process may have a view of its own."""
    if os.geteuid():
        return False
    return subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode == 0


@dataclass
class View:
    """A view of the file system that this process has for itself; `number` is the process to share it with."""

    folder: Path
    mounts: list[Path] = field(default_factory=list)
    number: int = field(default_factory=os.getpid)

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in it."""
        return subprocess.run(words, check=check, capture_output=True, text=True, timeout=120)

    def memory(self, place: Path, megabytes: int) -> Path:
        """A small disk in memory."""
        place.mkdir(parents=True, exist_ok=True)
        self.run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "faults", str(place))
        self.mounts.append(place)
        return place

    def blank(self, image: Path, megabytes: int) -> None:
        """A file that is an empty disk (ext4)."""
        self.run("truncate", "-s", f"{megabytes}M", str(image))
        self.run("mkfs.ext4", "-q", "-F", str(image))

    def loop(self, image: Path, place: Path, options: str = "") -> None:
        """The disk in a file, mounted."""
        place.mkdir(parents=True, exist_ok=True)
        self.run("mount", "-o", ",".join(["loop", *([options] if options else [])]), str(image), str(place))
        self.mounts.append(place)

    def unmount(self, place: Path) -> None:
        """Take a disk away; whatever still holds it open keeps what it holds."""
        self.run("umount", "-l", str(place), check=False)
        self.mounts.remove(place)


def have_own_view() -> None:
    """From now on what this process mounts is seen by itself and by what it starts alone.

    Raises:
        OSError: it may not.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "unshare")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True, capture_output=True)


@contextlib.contextmanager
def view() -> Iterator[View]:
    """A view whose disks are gone at the end of the block."""
    have_own_view()
    made = View(Path(tempfile.mkdtemp(prefix="disk-")))
    try:
        yield made
    finally:
        for place in reversed(made.mounts):
            made.run("umount", "-l", str(place), check=False)
        shutil.rmtree(made.folder, ignore_errors=True)


def fill_up(folder: Path, left: int = 0) -> Path:
    """Write a file until not a byte more fits, then give back `left` bytes; taking it away makes room again."""
    filler = folder / "filler"
    # Without a buffer: what did not fit must not be tried once more when the file is closed.
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 512):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    if left:
        os.truncate(filler, max(0, filler.stat().st_size - left))
    return filler
