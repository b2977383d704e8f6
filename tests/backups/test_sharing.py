"""Files that lie in the database: brought there from a folder, in a backup as any other, and brought back."""

from __future__ import annotations

import json
import shutil

import pytest
import sqlalchemy as sa

from app.foundation.filing.store import FileStore, StoredFile, StoredPart
from tests.backups.rows_of_all_kinds import everything

pytestmark = pytest.mark.one_engine
SHARED = {"files_in": "database"}


def contents(copy) -> dict[str, bytes]:
    """What lies in the folder, but for the notes that are each host's own."""
    return {name: content for name, content in copy.files().items() if "/" in name}


def away(copy) -> dict[str, bytes]:
    """Take the files off the disk of this host; what they were."""
    before = contents(copy)
    for path in copy.folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    return before


def test_files_go_into_the_database_and_come_back(run, own_copy):
    shared = run(own_copy, "share-files", "--json", **SHARED)
    assert shared.exit_code == 0, shared.output
    before = away(own_copy)
    assert json.loads(shared.stdout) == {"files": len(before), "missing": []}
    assert len(before) >= 7
    fetched = run(own_copy, "fetch-files", **SHARED)
    assert fetched.exit_code == 0, fetched.output
    assert contents(own_copy) == before
    again = run(own_copy, "share-files", **SHARED)
    assert f"{len(before)} files are in the database now." in again.output


def test_without_the_setting_there_is_nobody_to_share_with(run, own_copy):
    for command in ("share-files", "fetch-files"):
        told = run(own_copy, command)
        assert told.exit_code == 1
        assert "Files lie in the folder of this machine" in told.output


def test_a_file_that_nobody_has_is_named(run, own_copy):
    (name, *_others) = (name for name in own_copy.files() if name.startswith("files/"))
    (own_copy.folder / name).unlink()
    for command in ("share-files", "fetch-files"):
        told = run(own_copy, command, **SHARED)
        assert told.exit_code == 1
        assert f"Nowhere: {name}" in told.output


def test_a_backup_of_one_host_has_the_files_of_all(run, own_copy, new_copy, tmp_path):
    run(own_copy, "share-files", **SHARED)
    before, backup = away(own_copy), tmp_path / "site.backup"
    made = run(own_copy, "backup", backup, "--json", **SHARED)
    assert made.exit_code == 0, made.output
    assert not {"stored_files", "stored_parts"} & set(json.loads(made.stdout)["tables"])
    there = new_copy()
    restored = run(there, "restore", backup, "--no-reindex", **SHARED)
    assert restored.exit_code == 0, restored.output
    assert everything(there.database) == everything(own_copy.database)
    assert away(there) == before
    store = FileStore(there.folder, shared=there.database)
    assert {name: store.read(name) for name in before} == before


def test_the_last_backup_is_known_on_every_host(run, own_copy, tmp_path):
    run(own_copy, "share-files", **SHARED)
    run(own_copy, "backup", tmp_path / "site.backup", **SHARED)
    elsewhere = FileStore(tmp_path / "elsewhere", shared=own_copy.database)
    assert json.loads(elsewhere.note("last-backup.json"))["file"] == "site.backup"


def test_damage_in_the_database_is_found_by_a_backup(run, own_copy, tmp_path):
    run(own_copy, "share-files", **SHARED)
    before = away(own_copy)
    name = next(name for name in before if name.startswith("files/"))
    with own_copy.database.transaction() as tx:
        tx.execute(sa.update(StoredPart).where(StoredPart.name == name).values(content=b"rotten"))
        assert tx.get(StoredFile, name)
    made = run(own_copy, "backup", tmp_path / "site.backup", "--json", **SHARED)
    assert made.exit_code == 1
    assert json.loads(made.stdout)["missing"] == [name] or name in made.stdout
