"""The command that fills an empty site."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.demonstration.commands import seed
from app.organisations.models import Organisation
from app.programmes.models import Programme

ACTIVITIES = """<iati-activities version="2.03"><iati-activity xml:lang="en"><iati-identifier>XX-9-1</iati-identifier>
<reporting-org ref="XX-9" type="10"><narrative>Far Aid</narrative></reporting-org>
<title><narrative>Prisons</narrative></title></iati-activity></iati-activities>"""


@pytest.fixture
def run(app, tx):
    def run(*arguments: str):
        tx.flush()
        result = app.test_cli_runner().invoke(seed, arguments)
        tx.expire_all()
        return result

    return run


@pytest.fixture
def shared(settings) -> Path:
    folder = settings.shared_dir / "iati"
    folder.mkdir(parents=True)
    (folder / "a.xml").write_text(ACTIVITIES, encoding="utf-8")
    return folder


def accounts_file(settings) -> Path:
    return settings.data_dir / "demo-accounts.json"


def test_it_fills_an_empty_site_and_tells_how_to_sign_in(tx, run, settings, shared) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    assert "26 organisations" in result.output
    assert "1 file, 1 activity: 1 new" in result.output
    path = accounts_file(settings)
    assert path.stat().st_mode & 0o777 == 0o600
    accounts = json.loads(path.read_text(encoding="utf-8"))
    assert len(accounts) == 34
    assert set(accounts[0]) == {"email", "password", "totp_secret", "organisation", "kind", "country", "role"}
    assert len({account["password"] for account in accounts}) == 1
    assert "demo-accounts.json" in result.output
    assert accounts[0]["password"] not in result.output  # The site prints the sign-ins when it starts.
    assert tx.scalar(select(Programme.iati_identifier).where(Programme.source == "iati")) == "XX-9-1"


def test_the_second_run_changes_nothing(tx, run, settings, shared) -> None:
    run()
    before = accounts_file(settings).read_text(encoding="utf-8")
    result = run()
    assert result.exit_code == 0
    assert "here already" in result.output
    assert accounts_file(settings).read_text(encoding="utf-8") == before
    assert tx.scalar(select(func.count(Organisation.id))) == 27


def test_an_import_that_was_interrupted_is_made_up_for(tx, run, shared) -> None:
    run("--no-shared")
    assert tx.scalar(select(func.count(Programme.id)).where(Programme.source == "iati")) == 0
    run()
    assert tx.scalar(select(func.count(Programme.id)).where(Programme.source == "iati")) == 1


def test_without_shared_files_it_is_content(run) -> None:
    assert run().exit_code == 0


def test_a_site_of_somebody_elses_is_left_alone(tx, world, run, settings) -> None:
    world.organisation()
    result = run()
    assert result.exit_code == 1
    assert "start over" in result.output
    assert not accounts_file(settings).exists()
    assert tx.scalar(select(func.count(Organisation.id))) == 1


def test_production_is_refused(tx, app, run, settings) -> None:
    app.extensions["counterpart"].settings = replace(settings, production=True)
    result = run()
    assert result.exit_code == 1
    assert "production" in result.output
    assert tx.scalar(select(func.count(Organisation.id))) == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="by design: root may write anywhere")
def test_a_folder_that_cannot_be_written_to_leaves_nothing_behind(tx, run, settings) -> None:
    settings.data_dir.mkdir(mode=0o500)
    result = run()
    assert result.exit_code == 1
    assert "cannot be written" in result.output
    assert tx.scalar(select(func.count(Organisation.id))) == 0
