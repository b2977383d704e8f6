"""The commands say in words, or to a machine in JSON, what they did, and end with 1 where a person should look."""

from __future__ import annotations

import json

import pytest

from app.config import Settings, SettingsError
from tests.backups.rows_of_all_kinds import everything
from tests.backups.sites import KEY

pytestmark = pytest.mark.one_engine


def test_from_backup_to_restore(run, filled, new_copy, tmp_path):
    backup, key_file = tmp_path / "site.backup", tmp_path / "key"
    key_file.write_text(f"{KEY}\n")
    made = run(filled, "backup", backup, "--key-file", key_file, "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert told["encrypted"] is told["whole"] is True
    assert told["bytes"] == backup.stat().st_size
    assert told["tables"]["organisations"] == 5
    note = filled.folder / "last-backup.json"
    kept = json.loads(note.read_text())
    note.unlink()
    assert (kept["file"], kept["rows"]) == ("site.backup", told["rows"])
    checked = run(new_copy(), "backup", "--check", backup, backup_key=KEY)
    assert checked.exit_code == 0
    assert "Every byte of it is as it was written." in checked.output
    there = new_copy()
    restored = run(there, "restore", backup, "--no-reindex", backup_key=KEY)
    assert restored.exit_code == 0, restored.output
    assert "flask reindex" in restored.output
    assert everything(there.database) == everything(filled.database)
    again = run(there, "restore", backup, "--json", backup_key=KEY)
    assert again.exit_code == 1
    assert "The database is not empty" in again.output


def test_an_empty_site_comes_back_with_an_index(run, new_copy, tmp_path):
    backup = tmp_path / "site.backup"
    assert "NOT encrypted" in run(new_copy(), "backup", backup).output
    restored = run(new_copy(), "restore", backup, "--json")
    assert restored.exit_code == 0, restored.output
    assert json.loads(restored.stdout)["indexed"] == 0
    assert (
        run(new_copy(), "backup", backup).output
        == f"Error: {backup} is there already: choose another name, or take it away first.\n"
    )


def test_replacing_asks_for_the_name_of_the_database(run, filled, own_copy, new_copy, tmp_path):
    backup = filled.back_up("replacing.backup")
    there = new_copy()
    there.restore(own_copy.back_up())
    refused = run(there, "restore", backup, "--replace", "--no-reindex", typed="yes\n")
    assert refused.exit_code == 1
    assert "That is not its name. Nothing was changed." in refused.output
    for words, typed in ((["--yes"], None), ([], "counterpart.sqlite\n")):
        done = run(there, "restore", backup, "--replace", "--no-reindex", *words, typed=typed)
        assert done.exit_code == 0, done.output


def test_a_missing_file_ends_with_1_and_says_what_to_do(run, own_copy, tmp_path):
    for path in (own_copy.folder / "files").glob("*/*"):
        path.unlink()
    done = run(own_copy, "backup", tmp_path / "site.backup")
    assert done.exit_code == 1
    assert done.output.count("- missing: files/") == 4
    assert "fetch them from an older backup" in done.output
    told = json.loads(run(own_copy, "backup", tmp_path / "again.backup", "--json").stdout)
    assert (told["whole"], len(told["missing"])) == (False, 4)


def test_moving_says_every_table_and_what_to_set(run, filled, new_copy, tmp_path):
    target = f"sqlite:///{tmp_path}/moved.sqlite"
    done = run(filled, "move-database", "--to", target)
    assert done.exit_code == 0, done.output
    assert "organisations                        5 rows" in done.output
    assert f"Now set DATABASE_URL={target}" in done.output
    refused = run(filled, "move-database", "--to", target, "--json")
    assert (refused.exit_code, "is not empty" in refused.output) == (1, True)
    told = json.loads(run(filled, "move-database", "--to", f"sqlite:///{tmp_path}/again.sqlite", "--json").stdout)
    assert told["same"] is True
    assert told["tables"]["organisations"]["rows"] == 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["backup", "--check", "/nowhere/x.backup"], "/nowhere/x.backup cannot be read: No such file"),
        (["restore", "/nowhere/x.backup"], "/nowhere/x.backup cannot be read: No such file"),
        (["restore", "/nowhere/x.backup", "--replace"], "/nowhere/x.backup cannot be read: No such file"),
        (["backup", "/nowhere/x.backup"], "/nowhere/x.backup cannot be written: No such file"),
        (["backup", "x.backup", "--key-file", "/nowhere/key"], "The key file /nowhere/key cannot be read"),
        (["backup", "x.backup", "--key-file", "/dev/null"], "is too short: it needs 32 characters or more"),
        (["move-database", "--to", "nonsense"], "--to must name a database"),
        (["move-database", "--to", "oracle://a/b"], "--to must name a database"),
        (["move-database", "--to", "postgresql://nobody@127.0.0.1:9/none"], "The database refuses: connection"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(run, new_copy, words, said):
    done = run(new_copy(), *words)
    assert done.exit_code == 1
    assert said in done.output
    assert done.output.startswith("Error: ")
    assert done.output.count("\n") == 1


def test_a_short_key_is_refused_at_the_start():
    with pytest.raises(SettingsError, match="COUNTERPART_BACKUP_KEY is too short"):
        Settings.from_environment({"COUNTERPART_BACKUP_KEY": "short"})
    assert Settings.from_environment({"COUNTERPART_BACKUP_KEY": KEY}).backup_key == KEY
