"""Starts the halves of a site quickly and often: everything is read once, and each start is a fork of that.

It reads orders from standard input, one line of JSON each, and answers with the number of the process. What it has
started ends with it. A process of its own, so that the one that counts and judges is never the one that is killed.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

CLONE_NEWNS = 0x00020000
DEATH_OF_PARENT = 1


def read_everything() -> None:
    """The thousand modules that every start of the site would read anew; none of them makes a thread or a site."""
    import granian.cli
    import granian.server  # noqa: F401

    import app.application  # noqa: F401
    import tests.faults.careless  # noqa: F401

    with tempfile.TemporaryDirectory() as folder:
        _open_pages(Path(folder))


def _open_pages(folder: Path) -> None:
    """What the first pages of a process fetch (wordings, code lists, templates) is fetched here, once for all."""
    from app import create_app
    from app.config import Settings
    from app.foundation.db import Database
    from tests.benchmarks.hammer import Tool
    from tests.faults.town import build

    _keep_templates()
    url = f"sqlite:///{folder}/counterpart.sqlite"
    database = Database(url)
    town = build(database, 4, 4)
    words = {"DATABASE_URL": url, "COUNTERPART_DATA_DIR": str(folder), "SEARCH_DIR": str(folder / "index")}
    site = create_app(Settings.from_environment({**words, "COUNTERPART_RATE_LIMITS": "0"}), database)
    pages = {
        "needs": ["/desk", "/needs/new", f"/needs/{town.needs[0]}", "/search?q=judges"],
        "pledges": [f"/needs/{town.needs[0]}/pledge"], "answers": [f"/clarifications/{town.questions[0]}"],
    }  # fmt: skip
    for role, addresses in pages.items():
        person = Tool(site.test_client())
        person.sign_in(town.people[role][0])
        for address in addresses:
            person.client.get(address)
    site.extensions["counterpart"].parts["search"].close()
    database.close()


def become(order: dict[str, Any]) -> int:
    """Be the process that was ordered: its own session, its environment, its log, and its view of the disks."""
    os.setsid()
    ctypes.CDLL(None).prctl(DEATH_OF_PARENT, signal.SIGKILL)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    if order.get("namespace"):
        _enter(order["namespace"])
    os.environ.clear()
    os.environ.update(order["environment"])
    said = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    silent = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, silent), (1, said), (2, said)):
        os.dup2(source, target)
    from tests.faults import careless

    _keep_templates()
    if order.get("careless"):
        careless.VARIANTS[order["careless"]]()
    return web(order["words"]) if order["what"] == "web" else worker()


def _enter(number: int) -> None:
    with Path(f"/proc/{number}/ns/mnt").open() as place:
        if ctypes.CDLL(None, use_errno=True).setns(place.fileno(), CLONE_NEWNS):
            raise OSError(ctypes.get_errno(), "setns")
    os.chdir(Path(__file__).resolve().parents[2])


def _keep_templates() -> None:
    """Templates compiled by an earlier start serve the next one: a start costs a second instead of several."""
    from jinja2 import FileSystemBytecodeCache

    from app import application

    folder, build = Path(tempfile.gettempdir(), "counterpart-templates"), application.build
    folder.mkdir(mode=0o700, exist_ok=True)

    def built(*args: Any) -> Any:
        site = build(*args)
        site.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
        return site

    application.build = built


def web(words: list[str]) -> int:
    """The pages, served as app/serve.py serves them."""
    from granian.cli import entrypoint

    sys.argv = ["granian", *words]
    entrypoint()
    return 0


def worker() -> int:
    """The worker, as `flask worker` runs it."""
    from app import create_app

    # As flask itself says it: a command has none of the limits of time that a page has.
    os.environ["FLASK_RUN_FROM_CLI"] = "true"
    application = create_app()
    application.test_cli_runner()
    with application.app_context():
        application.cli.commands["worker"].main(args=[], standalone_mode=False)
    return 0


def main() -> None:
    """Take orders until there are none any more, then end what was started."""
    read_everything()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Whoever asked may be killed without a word, too.
    ctypes.CDLL(None).prctl(DEATH_OF_PARENT, signal.SIGKILL)
    print("ready", flush=True)
    started = []
    for line in iter(sys.stdin.readline, ""):
        number = os.fork()
        if not number:
            code = 1
            try:
                code = become(json.loads(line))
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(bool(end.code))
            except BaseException:  # noqa: BLE001 - told by whoever waits for it
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(code)
        started.append(number)
        print(number, flush=True)
    for number in started:
        try:
            os.killpg(number, signal.SIGKILL)
        except OSError:
            continue
    os._exit(0)


if __name__ == "__main__":
    main()
