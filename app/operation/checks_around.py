"""What the terminal asks of the machine: settings, folders, files, catalogues, and whom the site speaks with."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.config import Settings, SettingsError, scanner_place
from app.foundation.db import Tx
from app.foundation.filing.files import file_name
from app.foundation.filing.looking.clamd import ScannerAway, ping
from app.foundation.filing.store import FileStore
from app.foundation.languages import CATALOGUES, LANGUAGES
from app.notifications.post import connect, told_of
from app.operation import queries
from app.operation.rules import WARNING, WELL, WRONG, Finding

FOR_OTHERS, FOR_GROUP = stat.S_IRWXO, stat.S_IRWXG
MOST_FILES = 1000
MOST_NAMED = 5
SECONDS = 5.0


def settings_used(settings: Settings) -> list[Finding]:
    """Whether the settings are those of a site with real data; what could not work at all has stopped it before."""
    if settings.production:
        return [_production(settings)]
    if settings.demonstration:
        return [Finding("settings", WELL, "a demonstration, for invented data alone.")]
    try:
        replace(settings, production=True).check()
        mend = "For real data set COUNTERPART_ENV=production; the rest is as it has to be."
    except SettingsError as error:
        mend = f"For real data set COUNTERPART_ENV=production, and before that: {error}"
    return [Finding("settings", WARNING, "not in production.", mend)]


def _production(settings: Settings) -> Finding:
    if settings.demonstration:
        mend = "Set COUNTERPART_DEMONSTRATION=0: pages say that everything is invented."
        return Finding("settings", WARNING, "in production, as a demonstration.", mend)
    if settings.public_url.startswith("https://") and not settings.proxies:
        mend = "If a proxy of yours stands before the site, set COUNTERPART_PROXIES=1: else all visitors count as one."
        return Finding("settings", WARNING, "in production, and no proxy is believed.", mend)
    return Finding("settings", WELL, "in production.")


def data_folder(settings: Settings) -> list[Finding]:
    """Whether the site alone may read its data."""
    folder = settings.data_dir
    if not folder.is_dir():
        mend = "Create it for the user of the site, or set COUNTERPART_DATA_DIR to where it is."
        return [Finding("data", WRONG, f"the data directory {folder} is not there.", mend)]
    try:
        # Root may write anywhere and a read-only disk refuses everybody: only trying tells.
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        mend = "Let the user of the site write there; is the disk full, or mounted read-only?"
        return [Finding("data", WRONG, f"nothing can be written into {folder}: {error.strerror}.", mend)]
    return [_privacy(folder, settings)]


def _privacy(folder: Path, settings: Settings) -> Finding:
    mode = stat.S_IMODE(folder.stat().st_mode)
    seen = f"{folder} has the permissions {mode:03o}."
    if not mode & (FOR_OTHERS | FOR_GROUP):
        return Finding("data", WELL, seen)
    state = WRONG if settings.production and mode & FOR_OTHERS else WARNING
    return Finding("data", state, seen, f"Others on the machine may read the data: chmod 700 {folder}")


def attached_files(tx: Tx, store: FileStore) -> list[Finding]:
    """Whether the files that people sent are there, each of them or, above a thousand, evenly chosen ones."""
    folder = store.folder / "files"
    total, chosen = queries.files_kept(tx, MOST_FILES)
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        return [Finding("files", WRONG, f"nothing can be written into {folder}.", "chown it to the user of the site.")]
    missing = [ref for ref, digest in chosen if not store.is_there(tx, file_name(digest))]
    looked = f"{total} files" if len(chosen) == total else f"{len(chosen)} of {total} files"
    if not missing:
        return [Finding("files", WELL, f"{looked} looked for, all there.")]
    named = ", ".join(missing[:MOST_NAMED]) + (" ..." if len(missing) > MOST_NAMED else "")
    mend = (
        "Bring the folder files/ back from the newest backup; files have the names of their contents and never change."
        if store.shared is None
        else "On the machine that has them in its folder run `flask share-files`, or bring them back from a backup."
    )
    return [Finding("files", WRONG, f"{looked} looked for, {len(missing)} not there: {named}.", mend)]


def mail_server(settings: Settings) -> list[Finding]:
    """Whether the mail server answers; no mail is sent and no password shown."""
    if settings.smtp_url is None:
        return [Finding("smtp", WELL, "no mail server is set; mails are files in the data directory.")]
    try:
        server = connect(settings.smtp_url, may_be_plain="mail" in settings.unencrypted, signs_in=False)
    except (OSError, ValueError) as error:
        said = ", ".join(str(value) for value in told_of(error).values())
        mend = "Is SMTP_URL right, does the server run, is its certificate good? Mails wait until it can be reached."
        return [Finding("smtp", WRONG, f"the mail server cannot be used: {said}.", mend)]
    server.close()
    return [Finding("smtp", WELL, "the mail server answers.")]


def scanner(settings: Settings) -> list[Finding]:
    """Whether the scanner of files answers, if there is one."""
    if settings.clamd_url is None:
        return []
    try:
        ping(scanner_place(settings.clamd_url), SECONDS)
    except ScannerAway as error:
        mend = "Does clamd run, and is CLAMD_URL right? Until it answers nobody gets the files that are sent."
        return [Finding("clamd", WRONG, f"{error}.", mend)]
    return [Finding("clamd", WELL, "clamd answers.")]


def catalogues(folder: Path = CATALOGUES, languages: Sequence[str] = tuple(LANGUAGES)) -> list[Finding]:
    """Whether the translations are compiled: without that every page is English."""
    lacking = [code for code in languages if code != "en" and not _compiled(folder / code / "LC_MESSAGES")]
    if not lacking:
        return [Finding("catalogues", WELL, f"compiled for {', '.join(languages)}.")]
    seen = f"not compiled, or older than their sentences: {', '.join(lacking)}."
    return [Finding("catalogues", WRONG, seen, "make catalogues")]


def _compiled(folder: Path) -> bool:
    made, source = folder / "messages.mo", folder / "messages.po"
    if not made.is_file() or not made.stat().st_size:
        return False
    return not source.is_file() or made.stat().st_mtime >= source.stat().st_mtime
