"""The units of systemd: systemd takes them, they allow little, their commands exist, and nobody is killed too early."""

from __future__ import annotations

import ctypes
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys

import pytest

from app import cli
from app.config import LONGEST_DRAIN, ROOT
from app.serve import SECONDS_TO_END, wishes
from tests.deploy import walking
from tests.house import wait_until
from tests.running import wait_for_line

pytestmark = pytest.mark.one_engine

UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
PYTHON = "/opt/counterpart/.venv/bin/python"
MOST_EXPOSED = 10
"""In tenths, as systemd-analyze counts: 1.0 was measured on 2026-11-30 with systemd 252."""
WAITS = ("counterpart-web.service", "counterpart-worker.service")
# Set by the kernel for the whole process and all that it starts: memory is never writable and executable.
PR_SET_MDWE, REFUSE_EXEC_GAIN = 65, 1


def said_in(unit, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture
def analyze():
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    return lambda *words: subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


def test_systemd_takes_the_units_for_right(analyze, tmp_path):
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8").replace(PYTHON, sys.executable)
        (tmp_path / unit.name).write_text(re.sub(r"^Documentation=.*\n", "", text, flags=re.MULTILINE))
    units = [str(path) for path in sorted(tmp_path.iterdir()) if path.suffix != ".example"]
    done = analyze("verify", "--man=no", *units)
    own = [line for line in done.stderr.splitlines() if "counterpart" in line]
    assert own == []
    broken = tmp_path / "counterpart-web.service"
    broken.write_text(broken.read_text() + "ProtectSystm=strict\n")
    assert "ProtectSystm" in analyze("verify", "--man=no", str(broken)).stderr


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_unit_may_do_little_on_its_machine(analyze, unit):
    done = analyze("security", "--no-pager", "--offline=true", f"--threshold={MOST_EXPOSED}", str(unit))
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert "Overall exposure level" in done.stdout


def test_every_unit_has_the_same_bounds():
    bounds = [
        "\n".join(
            re.findall(r"^# --- what it may do.*?^IPAddressAllow=localhost", u.read_text(), re.DOTALL | re.MULTILINE)
        )
        for u in SERVICES
    ]
    assert len({text.replace("StateDirectory=counterpart counterpart-backups", "StateDirectory=counterpart")
                for text in bounds}) == 1  # fmt: skip
    assert "SystemCallFilter=@system-service" in bounds[0]


def test_nobody_is_killed_before_what_is_begun_can_be_finished():
    for name in WAITS:
        (seconds,) = said_in(UNITS / name, "TimeoutStopSec")
        assert int(seconds) >= LONGEST_DRAIN + SECONDS_TO_END + 5
        assert said_in(UNITS / name, "KillMode") == ["mixed"]
        assert said_in(UNITS / name, "Restart") == ["on-failure"]


def commands() -> list[list[str]]:
    return [shlex.split(line.replace("%%", "%").replace("$$", "$"))
            for unit in SERVICES for line in said_in(unit, "ExecStart")]  # fmt: skip


def test_the_commands_of_the_units_exist():
    found = 0
    for words in commands():
        text = " ".join(words)
        assert PYTHON in text
        if "app.serve" in words:
            assert wishes(words[words.index("app.serve") + 1 :]).only in {"web", "worker"}
            found += 1
        elif "migrate" in words:
            assert words[-1] == cli.migrate.name
            found += 1
    assert found == 3


def test_the_command_of_the_backup_exists(tmp_path):
    (words,) = [words for words in commands() if "backup" in " ".join(words)]
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "backup", "--help"], capture_output=True, text=True, check=False
    )
    if "No such command" in done.stderr:
        pytest.skip("the command comes with backups")
    assert done.returncode == 0
    assert "FILE" in done.stdout.upper()
    # The name of the file is made by the shell, in which % and $ are doubled for systemd.
    asked = words[-1].removeprefix("exec ").replace(PYTHON, "echo")
    told = subprocess.run(["/bin/sh", "-c", asked], capture_output=True, text=True, check=True).stdout
    assert re.search(r"counterpart-\d{8}T\d{6}Z\.backup\n$", told)


def refuse_executable_memory() -> None:
    if ctypes.CDLL(None).prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0):
        os._exit(77)


def is_refused_by_kernel() -> bool:
    code = "import mmap; mmap.mmap(-1, 4096, prot=7)"
    done = subprocess.run(
        [sys.executable, "-c", code], preexec_fn=refuse_executable_memory, capture_output=True, check=False
    )
    if done.returncode == 77:
        pytest.skip("this kernel cannot refuse executable memory")
    return done.returncode != 0


@pytest.fixture
def watched(analyze, tmp_path):
    """Runs a program under a tracer that notes each call of the system which SystemCallFilter would refuse."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    refused = "trace=!" + ",".join(f"?{name}" for name in sorted(allowed(analyze)))
    note = tmp_path / "refused.txt"
    words = ["strace", "--follow-forks", "--seccomp-bpf", "-qq", "-e", "signal=none", "-e", refused, f"--output={note}"]
    return words, note


def test_a_call_that_would_be_refused_is_noted(watched):
    words, note = watched
    subprocess.run([*words, sys.executable, "-c", "import os; os.nice(1)"], check=True)
    assert "setpriority" in note.read_text()


@pytest.mark.slow
@pytest.mark.at_length
def test_the_whole_site_works_within_the_bounds_of_its_units(watched, at_rest):
    """Without executable memory, and with no call of the system that SystemCallFilter would refuse."""
    words, note = watched
    assert is_refused_by_kernel(), "the bound that is tried here does not bind"
    with (at_rest.folder / "said.txt").open("a") as said:
        process = subprocess.Popen(
            [*words, sys.executable, "-m", "app.serve"], cwd=ROOT, env=at_rest.environment, stdout=said, stderr=said,
            preexec_fn=refuse_executable_memory,  # noqa: PLW1509 - no thread runs here
        )  # fmt: skip
    try:
        wait_for_line(at_rest.folder / "said.txt", "ready ", process)
        official = walking.signed_in(walking.Person(at_rest.address), at_rest, "state", "SN", "editor")
        need = walking.post_need_with_file(official, "Laboratories within bounds")
        donor = walking.signed_in(walking.Person(at_rest.address), at_rest, "donor")
        walking.pledge(donor, need)
        wait_until(lambda: need in official.get("/search?q=bounds"), 120)
    finally:
        # The tracer passes no signal on; the supervisor is its child.
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
        for number in children.stdout.split():
            os.kill(int(number), signal.SIGTERM)
        code = process.wait(60)
    assert code == 0
    # Only where root runs it does SQLite hand its files over to their owner; the units run as somebody else.
    assert [line for line in note.read_text().splitlines() if "fchown(" not in line] == []


def allowed(analyze) -> set[str]:
    """What is left of the groups that SystemCallFilter names, as this machine's systemd knows them."""
    left: set[str] = set()
    for line in said_in(UNITS / "counterpart-web.service", "SystemCallFilter"):
        for group in line.removeprefix("~").split():
            names = members(analyze, group) if group.startswith("@") else {group}
            left = left - names if line.startswith("~") else left | names
    return left


def members(analyze, group: str) -> set[str]:
    listed = analyze("syscall-filter", "--no-pager", group).stdout.splitlines()
    found: set[str] = set()
    for name in (line.strip() for line in listed[1:]):
        if name.startswith("@"):
            found |= members(analyze, name)
        elif name and not name.startswith("#"):
            found.add(name)
    return found
