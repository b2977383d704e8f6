"""The supervisor: says when the site answers, starts again what ends, leaves nothing behind, and explains itself."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from app import serve
from app.foundation import migrate
from tests.house import wait_until

pytestmark = pytest.mark.one_engine

# A stand-in for the web process: answers everything with 200 and ends when told.
ANSWERS = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *args): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
SLEEPS = "import pathlib, sys, time, os; pathlib.Path(sys.argv[1], str(os.getpid())).touch(); time.sleep(600)"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_running(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def served(settings):
    return replace(settings, port=free_port())


@pytest.fixture
def stand_ins(served, tmp_path, monkeypatch):
    """Stand-ins for both halves; the folder holds a file for each worker that was started, named by its number."""
    started = tmp_path / "started"
    started.mkdir()
    monkeypatch.setattr(serve, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(serve, "web_command", lambda s: [sys.executable, "-c", ANSWERS, str(s.port)])
    monkeypatch.setattr(serve, "worker_command", lambda: [sys.executable, "-c", SLEEPS, str(started)])
    return lambda: {int(path.name) for path in started.iterdir()}


def run_in_background(served):
    stopped = threading.Event()
    result = []
    thread = threading.Thread(target=lambda: result.append(serve.serve(served, lambda: not stopped.is_set())))
    thread.start()

    def end() -> int:
        stopped.set()
        thread.join(20)
        return result[0]

    return end


def test_a_worker_that_dies_is_started_again(served, stand_ins, capfd):
    end = run_in_background(served)
    try:
        wait_until(lambda: len(stand_ins()) == 1)
        (first,) = stand_ins()
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: len(stand_ins()) == 2)
    finally:
        code = end()
    said = capfd.readouterr()
    assert code == 0
    assert said.out == f"ready {served.public_url}\n"
    assert "the worker ended with -9; starting it again" in said.err
    assert not [number for number in stand_ins() if is_running(number)]


def test_a_site_that_cannot_start_is_not_tried_for_ever(served, stand_ins, capfd, monkeypatch):
    monkeypatch.setattr(serve, "web_command", lambda _s: [sys.executable, "-c", "raise SystemExit(3)"])
    assert serve.serve(served, lambda: True) == 1
    assert "could not be started (the web process ended with 3)" in capfd.readouterr().err
    assert not [number for number in stand_ins() if is_running(number)]


def test_a_port_that_is_taken_is_named(served, stand_ins, capfd):
    with socket.socket() as other:
        other.bind(("127.0.0.1", served.port))
        other.listen()
        assert serve.serve(served, lambda: True) == 1
    said = capfd.readouterr()
    assert f"port {served.port}" in said.err
    assert f"PORT={served.port + 1} make run" in said.err
    assert said.out == ""
    assert not stand_ins()


def test_the_wait_doubles_up_to_half_a_minute():
    half = serve.Half("worker", [sys.executable, "-c", ""])
    waits = []
    for _ in range(8):
        half.start()
        half.process.wait()
        half.look_after(half.started_at)
        waits.append(half.wait)
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
    half.start()
    half.process.wait()
    half.look_after(half.started_at + serve.LONG_RUN + 1)
    assert half.wait == serve.FIRST_WAIT


def test_sign_ins_are_told_of_a_demonstration_only(settings):
    person = {"email": "a@b.example", "password": "word", "role": "editor", "kind": "state", "country": "SN"}
    people = [person, person | {"email": "b@b.example"}, person | {"email": "c@c.example", "kind": "donor"}]
    settings.data_dir.mkdir()
    (settings.data_dir / "demo-accounts.json").write_text(json.dumps(people), encoding="utf-8")
    assert serve.sign_ins(settings) == []
    assert serve.sign_ins(replace(settings, demonstration=True, production=True)) == []
    lines = serve.sign_ins(replace(settings, demonstration=True))
    assert [line.split() for line in lines[1:]] == [
        ["state", "editor", "a@b.example", "word"],
        ["donor", "editor", "c@c.example", "word"],
    ]


def test_settings_that_cannot_be_used_are_explained(capfd, monkeypatch):
    monkeypatch.setenv("PORT", "many")
    assert serve.main([]) == 2
    line = json.loads(capfd.readouterr().err)
    assert line["event"].startswith("PORT must be a number")
    assert line["level"] == "warning"


@pytest.mark.slow
def test_the_whole_site_starts_answers_and_ends(served, tmp_path, new_database):
    """The real thing, once: both halves, a page, an orderly end."""
    database = new_database("sqlite")
    migrate.upgrade(database)
    environ = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "PORT": str(served.port),
        "DATABASE_URL": database.url,
        "COUNTERPART_DATA_DIR": str(tmp_path / "data"),
        "SEARCH_DIR": str(tmp_path / "index"),
    }
    command = [sys.executable, "-m", "app.serve"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == f"ready http://localhost:{served.port}\n"
            assert serve.answers(served)
        finally:
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            _out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert time.monotonic() - began < 10
    assert not serve.answers(served)


def test_what_the_site_makes_is_for_its_owner_alone(tmp_path):
    """Made by the real commands under a generous umask: the database, its folder, and what lies in it."""
    environ = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "COUNTERPART_DATA_DIR": str(tmp_path / "data"),
        "SEARCH_DIR": str(tmp_path / "index"),
    }
    for words in (["migrate"], ["reindex"]):
        command = [sys.executable, "-m", "flask", "--app", "app", *words]
        subprocess.run(command, env=environ, check=True, capture_output=True, umask=0o022)
    made = [tmp_path / "data", *(tmp_path / "data").rglob("*"), tmp_path / "index", *(tmp_path / "index").rglob("*")]
    assert tmp_path / "data" / "counterpart.sqlite" in made
    assert {path.stat().st_mode & 0o077 for path in made} == {0}
