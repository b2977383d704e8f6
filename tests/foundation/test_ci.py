"""In CI a browser or a server that is missing is a failure, not a gap that nobody sees."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.architecture.reading import ROOT

pytestmark = pytest.mark.one_engine

SKIPS = """
import pytest

@pytest.fixture
def browser():
    pytest.skip("no browser here")

def test_page(browser):
    pass

def test_database():
    pytest.skip("no PostgreSQL could be started here. None is installed.")

@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_other_reason(engine_name):
    pytest.skip("the real files are not here")

def test_other():
    pytest.skip("only on another machine")
"""


@pytest.mark.parametrize(("in_ci", "outcome"), [("true", "1 failed, 2 skipped, 1 error"), ("", "4 skipped")])
def test_a_skip_that_ci_does_not_forgive(tmp_path, in_ci, outcome):
    file = tmp_path / "test_skips.py"
    file.write_text(SKIPS, encoding="utf-8")
    environ = {**os.environ, "CI": in_ci, "TEST_DATABASE": "sqlite"}
    environ.pop("PYTEST_XDIST_WORKER", None)
    plugins = ["-p", "tests.conftest", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, "-c", "pyproject.toml", "--rootdir", str(ROOT), str(file)]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert outcome in done.stdout.splitlines()[-1], done.stdout + done.stderr
