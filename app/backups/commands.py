"""Commands of the terminal: take a backup or check one, put one back, move into another database."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from app.backups.archive import Tick
from app.backups.checking import check as check_backup
from app.backups.errors import BackupRefused
from app.backups.manifest import Manifest
from app.backups.moving import Moved, move
from app.backups.restoring import Place, Restored, opened, refuse_rows, restore
from app.backups.sharing import fetch_files, share_files
from app.backups.taking import Taken, take_backup
from app.config import SHORTEST_SECRET, database_url
from app.foundation.commands import with_site
from app.foundation.db import Database
from app.foundation.web import Site
from app.operation.surroundings import note_backup
from app.search.engine_types import EngineBroken
from app.search.indexer import all_documents, count_documents, rebuild
from app.search.reactions import engine_of

FILE = click.Path(dir_okay=False, path_type=Path)
KEY_FILE = click.option("--key-file", type=FILE, help="File with the key; else COUNTERPART_BACKUP_KEY, if it is set.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result for a machine.")
ENGINES = ("sqlite", "postgresql")
SHORT = 12
"""So many digits of a hash are enough for a person to compare."""


@click.command("backup")
@click.argument("file", type=FILE)
@click.option("--check", "only_check", is_flag=True, help="Read a backup and verify all of it; no database is needed.")
@KEY_FILE
@JSON
@with_site
def backup_command(site: Site, file: Path, key_file: Path | None, *, only_check: bool, as_json: bool) -> None:
    """Write the whole site into a new FILE while it runs: database, attached files, notes of signatures.

    With a key the file is encrypted. Ends with 1 if there is no backup, or a file that rows name is missing or damaged.
    """
    with _in_words():
        key = _key(site, key_file)
        if only_check:
            _check(file, key, as_json=as_json)
            return
        began = time.monotonic()
        taken = take_backup(site.database, site.files, file, key, site.clock.now(), _bar)
        if taken.is_whole:
            note_backup(site.files, taken.manifest.moment, file, taken.manifest.rows)
    seconds = round(time.monotonic() - began, 1)
    result = {**_told(taken.manifest), "file": str(file), "bytes": taken.size, "encrypted": key is not None,
              "let_go": taken.let_go, "whole": taken.is_whole, "seconds": seconds}  # fmt: skip
    click.echo(json.dumps(result) if as_json else "\n".join(_taken_in_words(taken, file, key)))
    sys.exit(0 if taken.is_whole else 1)


def _check(file: Path, key: str | None, *, as_json: bool) -> None:
    with opened(file) as source, _bar("Checking", file.stat().st_size) as tick:
        manifest = check_backup(source, key, str(file), tick)
    if as_json:
        click.echo(json.dumps({**_told(manifest), "file": str(file), "whole": True}))
    else:
        click.echo(f"{_summary(manifest)}\nEvery byte of it is as it was written.")


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--replace", "replaces", is_flag=True, help="Take away first whatever is in the database.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask when everything is replaced.")
@click.option("--reindex/--no-reindex", "indexes", default=True, help="Build the search index anew (default).")
@KEY_FILE
@JSON
@with_site
def restore_command(  # noqa: PLR0913 - an argument for each option
    site: Site, file: Path, key_file: Path | None, *, replaces: bool, is_sure: bool, indexes: bool, as_json: bool
) -> None:
    """Put the backup FILE into the empty database and data directory of this site. Stop the site first.

    The whole file is checked before anything is done. The database has all of it at the end, or nothing.
    """
    with _in_words():
        key = _key(site, key_file)
        if replaces:
            opened(file).close()
            _ask(site, is_sure=is_sure)
        else:
            refuse_rows(site.database)
        place = Place(site.database, site.settings.data_dir)
        restored = restore(file, key, place, site.clock.now(), _bar, replaces=replaces)
        if site.files.shared is not None:
            share_files(site.files, _bar)
    indexed = _index(site) if indexes else None
    if as_json:
        aside = str(restored.set_aside) if restored.set_aside else None
        told = {"set_aside": aside, "notes_are_longer": restored.notes_are_longer, "indexed": indexed}
        click.echo(json.dumps({**_told(restored.manifest), **told}))
    else:
        click.echo("\n".join(_restored_in_words(restored, indexed)))


def _ask(site: Site, *, is_sure: bool) -> None:
    name = Path(make_url(site.database.url).database or "").name
    if is_sure:
        return
    typed = click.prompt(f"Everything in the database {name} will be replaced. Type its name to go on", err=True)
    if typed != name:
        raise BackupRefused("That is not its name. Nothing was changed.")


def _index(site: Site) -> int | None:
    """Build the search index anew; none if that failed, since rows and files are back in any case."""
    with site.database.reading() as tx:
        total = count_documents(tx)
    try:
        with click.progressbar(
            all_documents(site.database), length=total, label="Indexing", file=sys.stderr, hidden=_is_silent()
        ) as documents:
            return rebuild(site.database, engine_of(site), documents)
    except (EngineBroken, OSError):
        return None


@click.command("move-database")
@click.option("--to", "target", required=True, metavar="URL", help="The empty database, as DATABASE_URL names one.")
@JSON
@with_site
def move_command(site: Site, target: str, *, as_json: bool) -> None:
    """Copy every row into an empty database, of the same engine or the other, and compare. Stop the site first.

    What is written while it runs is not in the copy. The database of before stays as it is.
    """
    with _in_words():
        database = _database(target, site)
        try:
            moved = move(site.database, database, _bar)
        finally:
            database.close()
    if as_json:
        tables = {name: {"rows": tally.rows, "sha256": tally.sha256} for name, tally in moved.target.items()}
        click.echo(json.dumps({"revision": moved.revision, "tables": tables, "same": True}))
    else:
        click.echo("\n".join(_moved_in_words(moved, target)))


def _database(target: str, site: Site) -> Database:
    address = database_url(target, site.settings.data_dir)
    try:
        if make_url(address).get_backend_name() in ENGINES:
            return Database(address)
    except (ArgumentError, OSError):
        pass
    raise BackupRefused("--to must name a database as postgresql://user@host/name or sqlite:////folder/name.sqlite.")


@click.command("share-files")
@JSON
@with_site
def share_command(site: Site, *, as_json: bool) -> None:
    """Bring the files of this machine's folder into the database, for all hosts. Run it where COUNTERPART_FILES is set.

    May be run again at any time, while the site runs. Ends with 1 if a file that rows name is in neither.
    """
    with _in_words():
        if site.files.shared is None:
            raise BackupRefused("Files lie in the folder of this machine: set COUNTERPART_FILES=database first.")
        shared, missing = share_files(site.files, _bar)
    _tell_of_files(shared, missing, "in the database now", as_json=as_json)


@click.command("fetch-files")
@JSON
@with_site
def fetch_command(site: Site, *, as_json: bool) -> None:
    """Bring every file that rows name from the database into this machine's folder, to go back to a folder for all.

    Ends with 1 if one is in neither.
    """
    with _in_words():
        if site.files.shared is None:
            raise BackupRefused("Files lie in the folder of this machine already: there is nothing to fetch.")
        fetched, missing = fetch_files(site.files, _bar)
    _tell_of_files(fetched, missing, "in the folder now", as_json=as_json)


def _tell_of_files(count: int, missing: list[str], where: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"files": count, "missing": missing}))
    else:
        click.echo("\n".join([f"{count} files are {where}.", *(f"Nowhere: {name}" for name in missing)]))
    sys.exit(1 if missing else 0)


# --- what all of them share ---


@contextmanager
def _in_words() -> Iterator[None]:
    """Say in one sentence why something cannot be done, and end with 1."""
    try:
        yield
    except BackupRefused as refused:
        raise click.ClickException(str(refused)) from refused
    except DBAPIError as error:
        words = str(error.orig).strip().splitlines()[0].rstrip(".")
        raise click.ClickException(f"The database cannot be read: {words}.") from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'A file'}: {error.strerror or error}.") from error


@contextmanager
def _bar(label: str, length: int) -> Iterator[Tick]:
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=_is_silent()) as bar:
        yield bar.update


def _is_silent() -> bool:
    return not sys.stderr.isatty()


def _key(site: Site, key_file: Path | None) -> str | None:
    if key_file is None:
        return site.settings.backup_key
    try:
        key = key_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupRefused(f"The key file {key_file} cannot be read: {getattr(error, 'strerror', error)}.") from error
    if len(key) < SHORTEST_SECRET:
        raise BackupRefused(f"The key in {key_file} is too short: it needs {SHORTEST_SECRET} characters or more.")
    return key


def _told(manifest: Manifest) -> dict[str, Any]:
    return {
        "site": manifest.site, "revision": manifest.revision, "moment": manifest.moment, "engine": manifest.engine,
        "tables": {entry.table.name: entry.rows for entry in manifest.tables}, "rows": manifest.rows,
        "files": manifest.files["count"], "missing": manifest.missing, "damaged": manifest.damaged,
    }  # fmt: skip


def _summary(manifest: Manifest) -> str:
    what = f"{manifest.rows} rows of {len(manifest.tables)} tables and {manifest.files['count']} files"
    return f"{what} of {manifest.moment}, from {manifest.engine} at revision {manifest.revision}."


def _taken_in_words(taken: Taken, file: Path, key: str | None) -> Iterator[str]:
    yield _summary(taken.manifest)
    yield f"{file}: {taken.size} bytes, {'encrypted' if key else 'NOT encrypted: whoever has it can read everything'}."
    for name in taken.manifest.missing:
        yield f"- missing: {name}"
    for name in taken.manifest.damaged:
        yield f"- not what its name says, kept as it is: {name}"
    if taken.let_go:
        yield f"{len(taken.let_go)} files are not in it that the site lets go of by itself."
    if not taken.is_whole:
        yield "Rows name files that are missing or damaged: fetch them from an older backup into the data directory."


def _restored_in_words(restored: Restored, indexed: int | None) -> Iterator[str]:
    yield f"Restored: {_summary(restored.manifest)}"
    if restored.set_aside:
        yield f"Notes of another site's signatures were here; they are now {restored.set_aside}."
    if restored.notes_are_longer:
        yield "Events were signed here after the backup was made: `flask audit verify` names them, and they are lost."
    yield (
        f"{indexed} records indexed." if indexed is not None else "The index is still the old one: run `flask reindex`."
    )
    yield "Now: `flask audit verify`, then start the site."


def _moved_in_words(moved: Moved, target: str) -> Iterator[str]:
    for name, tally in moved.target.items():
        yield f"{name:<28} {tally.rows:>9} rows  {tally.sha256[:SHORT]}  the same"
    rows = sum(tally.rows for tally in moved.target.values())
    yield f"{rows} rows of {len(moved.target)} tables are there as they are here."
    address = make_url(target).render_as_string(hide_password=True)
    yield f"Now set DATABASE_URL={address} for web and worker and start them."
    yield "Files and index stay where they are. Keep the database of before until you are sure."
