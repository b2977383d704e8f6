"""The code of the last release serves on the tables of this one, beside the code of this one, and nobody notices.

The last release is the commit before the one that brought the newest migration: it is taken out of the history and run.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tarfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.config import ROOT
from app.foundation import migrate
from app.foundation.db import Database
from tests.benchmarks.visitor import Visitor
from tests.conftest import server_address
from tests.deploy import walking
from tests.factories import PASSWORD, World
from tests.house import wait_until
from tests.running import RunningSite, free_port, site_in, wait_for_line
from tests.servers import new_database

pytestmark = [pytest.mark.one_engine, pytest.mark.slow, pytest.mark.at_length, pytest.mark.needs_postgresql]

ONLY_PAGES = """
import os
from app.config import Settings
from app.serve import web_command
command = web_command(Settings.from_environment())
os.execv(command[0], command)
"""


def git(*words: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def last_release() -> str:
    """The commit before the newest migration came."""
    newest = max((ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    # By its number: while it was made it may have had other names.
    came = git("log", "--format=%H", "--", f":(glob)migrations/versions/{newest.name[:4]}_*.py")
    if not git("rev-parse", "HEAD"):
        pytest.skip("by design: there is no history here from which the code of the last release could be taken")
    if not came:
        return git("rev-parse", "HEAD")
    before = git("rev-parse", f"{came.splitlines()[-1]}^")
    if not before:
        pytest.skip("by design: the history here does not reach back to the last release")
    return before


@pytest.fixture(scope="module")
def old_code(tmp_path_factory):
    """The files of the last release in a folder of their own."""
    commit = last_release()
    folder = tmp_path_factory.mktemp("old-code")
    packed = subprocess.run(
        ["git", "-C", str(ROOT), "archive", commit, "app", "migrations", "templates", "search_index"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
    return folder


@pytest.fixture
def new_site(request, tmp_path, old_code):
    """The site of this code on a filled PostgreSQL database, brought by it from the old tables to the new ones."""
    url = new_database(server_address(request.config), f"counterpart_old_{free_port()}")
    site = site_in(tmp_path)
    site.environment["DATABASE_URL"] = url
    database = Database(url)
    migrate.upgrade(database)
    with database.transaction() as tx:
        site.accounts.extend(fill(World(tx, datetime.now(UTC))))
    migrate.downgrade(database, max(f.name[:4] for f in (old_code / "migrations" / "versions").glob("[0-9]*.py")))
    migrate.upgrade(database)
    database.close()
    site.must("reindex")
    (tmp_path / "said.txt").write_text("")
    yield site
    for process in site.processes:
        process.terminate()
        process.wait(30)


def fill(world: World) -> list[dict[str, str]]:
    """Records of two States and a donor, and the sign-ins of an official and of somebody of the donor."""
    state, other, donor = world.organisation("state", country="SN"), world.organisation(), world.organisation("donor")
    for _number in range(20):
        world.pledge(world.need(state), donor)
        world.need(other)
        world.programme(donor)
    world.course(world.organisation("centre"), sessions=[{}])
    world.lesson(other)
    people = {"state": world.account(state), "donor": world.account(donor)}
    return [{"kind": kind, "country": "SN", "role": "editor", "email": one.email, "password": PASSWORD}
            for kind, one in people.items()]  # fmt: skip


def start_old(new: RunningSite, code: Path) -> RunningSite:
    """The pages of the old code, on the same database and files, with an index of its own."""
    port = free_port()
    old = RunningSite(f"http://localhost:{port}", {**new.environment}, new.accounts, code)
    old.environment |= {"PORT": str(port), "PUBLIC_URL": old.address, "SEARCH_DIR": str(code / "index")}
    shutil.copytree(new.environment["SEARCH_DIR"], code / "index")
    with (code / "said.txt").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", ONLY_PAGES], cwd=code, env=old.environment, stdout=said, stderr=said
        )
    new.processes.append(process)
    for _tenth in range(2400):
        assert process.poll() is None, (code / "said.txt").read_text()
        try:
            Visitor(old.address).get("/health/live")
        except OSError:
            time.sleep(0.1)
            continue
        return old
    raise AssertionError((code / "said.txt").read_text())


@pytest.fixture(autouse=True)
def older(old_code):
    """This shows something only if there are tables that the old code does not know."""
    names = [{f.name for f in (root / "migrations" / "versions").glob("[0-9]*.py")} for root in (old_code, ROOT)]
    assert names[0] < names[1]


def test_old_code_serves_beside_the_new_on_the_new_tables(new_site, old_code):
    process = new_site.start(sys.executable, "-m", "app.serve")
    wait_for_line(new_site.folder / "said.txt", "ready ", process)
    old = start_old(new_site, old_code)
    on_old = [walking.signed_in(Visitor(old.address), old, "state", "SN", "editor"),
              walking.signed_in(Visitor(old.address), old, "donor")]  # fmt: skip
    on_new = [walking.signed_in(Visitor(new_site.address), old, "state", "SN", "editor"),
              walking.signed_in(Visitor(new_site.address), old, "donor")]  # fmt: skip
    titles = ["Laboratories that old code asks for", "Laboratories that new code asks for"]
    needs = [walking.post_need(official, title) for (official, _d), title in zip((on_old, on_new), titles, strict=True)]
    for official, donor in (on_old, on_new):
        assert all(title in official.get("/needs") for title in titles)
        for need in needs:
            assert walking.pledge(donor, need) in official.get(need)
    found = dict(zip(needs, ("old", "new"), strict=True))
    wait_until(lambda: all(need in on_new[1].get(f"/search?q={word}") for need, word in found.items()), 240)
    for said in (old_code / "said.txt", new_site.folder / "said.txt"):
        assert '"level": "error"' not in said.read_text()
