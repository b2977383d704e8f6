"""Files with hostile names and contents are refused, or kept under their hash and handed out as downloads alone."""

from __future__ import annotations

import csv
import gzip
import io
import re
import resource
import zipfile
from email.message import Message
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.filing.files import Attachment
from tests.architecture.reading import modules
from tests.documents import docx, pdf, png
from tests.effort import effort
from tests.security.ground import rules_of
from tests.security.test_forms_attacked import in_order, script_in

pytestmark = pytest.mark.one_engine

PDF = pdf()
EDGE = b"edge-of-the-parts"
MULTIPART = f"multipart/form-data; boundary={EDGE.decode()}"
HASHED = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{64}")


def part(name: str, value: bytes, filename: bytes | None = None) -> bytes:
    """One part, written by hand: no library of an honest browser stands between."""
    more = b'; filename="' + filename + b'"\r\nContent-Type: text/html' if filename is not None else b""
    return b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (EDGE, name.encode(), more, value)


@pytest.fixture
def upload(ground, browsers, tx):
    """Attaches a file to the State's need; the answer, and what is attached now beside the first one."""
    path = f"/needs/{ground.need.ref}/amend"

    def send(filename: bytes, content: bytes) -> tuple[Any, list[Attachment]]:
        fields = browsers["state"].form(path, "need-form")
        fields |= {"lines-0-description": ["Two scanners"], "indicators-0-target": ["25"], "files": []}
        parts = [
            part(name, str(value).encode()) for name, many in fields.items() for value in many if value is not None
        ]
        body = b"".join(parts) + part("files", content, filename) + b"--%s--\r\n" % EDGE
        answer = browsers["state"].post(path, data=body, content_type=MULTIPART, check=False)
        tx.expire_all()
        query = select(Attachment).where(Attachment.record_ref == ground.need.ref, Attachment.id != ground.file.id)
        return answer, list(tx.scalars(query))

    return send


def download(browser: Any, ground: Any, file: Attachment) -> Any:
    """The file as a browser gets it; fails where it would be shown instead of kept."""
    answer = browser.get(f"/needs/{ground.need.ref}/files/{file.ref}", check=False)
    assert answer.status_code == 200
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers.getlist("Content-Security-Policy") == ["sandbox; default-src 'none'"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(answer.headers.getlist("Content-Disposition")) == 1
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert not [value for _name, value in answer.headers if "\n" in value or "\r" in value]
    return answer


def name_of(answer: Any) -> str:
    """The name under which a browser keeps it."""
    header = Message()
    header["Content-Disposition"] = answer.headers["Content-Disposition"]
    return str(header.get_filename() or "")


# --- names ---

NAMES = (
    b"../../../../tmp/x.pdf", b"/etc/passwd.pdf", b"..\\..\\x.pdf", b"C:\\Windows\\x.pdf", b"....//....//x.pdf",
    b"%2e%2e%2fx.pdf",
    b"\\\\evil.example\\share\\x.pdf", b"a\x00.html.pdf", b"a\rX-Evil: 1.pdf", b"a%0d%0aX-Evil: 1.pdf",
    b'a\\"; filename=evil.html; x=.pdf',
    b"<img src=x onerror=probe()>.pdf", b"<x-probe>.pdf", b"'-alert(1)-'.pdf",
    b"{{7*7}}.pdf", b"\xe2\x80\xaefdp.pdf", b".pdf", b"..pdf",
    b"CON.pdf", b"=cmd.pdf", b"a" * 5_000 + b".pdf", b"\xff\xfe.pdf", "é.pdf".encode(), b"a;b=c.pdf", b" .pdf",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[2:22])
def test_no_name_leads_out_of_its_folder_or_into_a_header(upload, ground, browsers, settings, name):
    before = {path for path in settings.data_dir.parent.rglob("*") if path.is_file()}
    answer, files = upload(name, PDF + name)
    assert answer.status_code in {303, 422}
    assert not script_in(answer)
    new = {path for path in settings.data_dir.parent.rglob("*") if path.is_file()} - before
    new = {path for path in new if settings.search_dir not in path.parents}
    assert all(HASHED.fullmatch(str(path.relative_to(settings.data_dir))) for path in new)
    # A part whose head is broken is no file: then the need is amended without one.
    assert (len(files), answer.status_code) in {(1, 303), (0, 422), (0, 303)}
    for file in files:
        assert not re.search(r"[/\\\x00-\x1f]", file.name)
        assert len(file.name) <= 140
        got = download(browsers["state"], ground, file)
        assert got.data == PDF + name
        assert not re.search(r"[/\\\x00-\x1f]|\.html?$", name_of(got))
        assert "X-Evil" not in got.headers
        for page in (
            f"/needs/{ground.need.ref}",
            f"/needs/{ground.need.ref}/amend",
            f"/needs/{ground.need.ref}/history",
        ):
            shown = browsers["state"].get(page, check=False)
            assert not script_in(shown)
            assert "49.pdf" not in shown.text


def test_the_names_are_taken(upload):
    """Otherwise those above would prove nothing."""
    assert [len(upload(name, PDF + name)[1]) for name in (b"../../x.pdf", b"<x-probe>.pdf")] == [1, 2]


# --- contents ---

SCRIPT = b"<html><script>probe()</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="probe()"/>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (b"a.html", SCRIPT), (b"a.htm", SCRIPT), (b"a.svg", SVG), (b"a.pdf.svg", SVG), (b"a.xhtml", SCRIPT),
        (b"a.xml", SVG), (b"a.js", b"probe()"), (b"a.pdf", SCRIPT), (b"a.png", SVG), (b"a.jpg", b"GIF89a" + SCRIPT),
        (b"a.docx", b"\xd0\xcf\x11\xe0"), (b"a.png", b"\x89PNG\r\n\x1a\n" + SCRIPT),
        (b"a.jpg", b"\xff\xd8\xff" + SVG), (b"a.docx", b"PK\x03\x04" + SCRIPT), (b"a.pdf", b"%PDF-1.7" + SCRIPT),
        (b"a.docm", b"PK\x03\x04"), (b"a.zip", b"PK\x03\x04"), (b"a.PDF.", PDF),
        (b"a.pdf ", SCRIPT), (b"a.html\x00.pdf", SCRIPT),
    ],
)  # fmt: skip
def test_what_a_browser_would_run_is_not_taken(upload, name, content):
    answer, files = upload(name, content)
    assert (answer.status_code, files) == (422, [])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (b"a.pdf", PDF + SCRIPT), (b"a.txt", SCRIPT), (b"a.csv", b"=1+1," + SCRIPT),
        (b"a.png", png() + SCRIPT), (b"a.docx", docx(SCRIPT.decode().replace("<", "&lt;"))), (b"a.txt", SVG),
    ],
)  # fmt: skip
def test_two_kinds_in_one_file_are_a_download_all_the_same(upload, ground, browsers, name, content):
    answer, (file,) = upload(name, content)
    assert answer.status_code == 303
    assert download(browsers["state"], ground, file).data == content
    asked = {"Accept": "text/html", "Range": "bytes=0-9", "Sec-Fetch-Dest": "iframe"}
    shown = browsers["state"].get(f"/needs/{ground.need.ref}/files/{file.ref}", headers=asked, check=False)
    assert shown.mimetype == "application/octet-stream"
    assert shown.headers["Content-Disposition"].startswith("attachment;")


# --- archives ---

OPENS_ARCHIVES = frozenset({
    "zipfile", "tarfile", "gzip", "bz2", "lzma", "zlib", "zipimport", "openpyxl", "docx", "odf", "PIL", "pypdf",
    "py7zr", "brotli",
})  # fmt: skip


def bomb(megabytes: int) -> bytes:
    """An office file of some kilobytes that would unpack to so many megabytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../etc/cron.d/x", "* * * * * root probe")
        archive.writestr("word/document.xml", bytes(megabytes * 1024 * 1024))
    return file.getvalue()


def test_an_archive_that_would_explode_is_not_taken_and_not_unpacked(upload):
    content = bomb(200)
    assert len(content) < 1_000_000
    # What the form itself costs the first time in this process is not the archive's doing.
    upload(b"plan.docx", b"no archive")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with effort() as spent:
        answer, files = upload(b"plan.docx", content)
    assert (answer.status_code, files) == (422, [])
    assert "plan.docx" in answer.text, "it is named in the form, with what to do"
    assert spent.seconds < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 50_000


def test_a_body_that_is_packed_is_not_unpacked(browsers):
    packed = gzip.compress(b"email=" + bytes(200 * 1024 * 1024), 9)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    how = {"content_type": "application/x-www-form-urlencoded", "headers": {"Content-Encoding": "gzip"}}
    assert browsers["nobody"].post("/sign-in", data=packed, check=False, **how).status_code in {400, 422}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 50_000


READS_SHEETS = "foundation.spreadsheets.workbooks"
"""The one door for workbooks that people send; tests/nominations/test_sheet_views.py attacks it with bombs and lies."""
WRITES_ALONE = {"reports.images", "reports.sheets", "reports.word"}
"""What draws papers from what the site itself has written down, and is given no file of anybody's."""
LOOKS_INTO_FILES = {"foundation.filing.archives", "foundation.filing.looking.office", "foundation.filing.looking.child"}
"""What looks over files that are attached, and the program that reads them: tests/foundation/filing/looking."""

READS_BACKUPS = {"backups.members", "backups.packing"}
"""What reads the backups of whoever runs the site, piece by piece; nothing is unpacked by name (tests/backups)."""
DOORS = {READS_SHEETS, *READS_BACKUPS, *LOOKS_INTO_FILES, *WRITES_ALONE}


def test_nothing_of_the_site_opens_archives_or_documents():
    others = [module for module in modules() if module.name not in DOORS]
    found = {(m.name, name) for m in others for name, _line in m.imported() if name.split(".")[0] in OPENS_ARCHIVES}
    assert not found
    calls = {getattr(call.func, "attr", "") for module in others for call in module.calls()}
    assert not calls & {"unpack_archive", "extractall", "ZipFile"}


# --- tables ---

FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "＝1+1",
    '=HYPERLINK("//evil.example","a")',
)
BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def test_no_cell_of_any_table_is_a_formula(app, ground, browsers, forms):
    for number, (browser, action, form) in enumerate(in_order(forms)):
        text = FORMULAS[number % len(FORMULAS)]
        assert browser.post(action, data=form.with_words(text, text[:28]), check=False).status_code < 500
    answers = [browsers["office"].post("/record/export.csv", check=False)]
    answers += [browsers["office"].get(ground.address(app, rule), check=False) for rule in rules_of(app, "GET")]
    tables = [answer for answer in answers if "csv" in answer.mimetype or "sheet" in answer.mimetype]
    assert tables
    disarmed = []
    for table in tables:
        cells = [cell for row in csv.reader(io.StringIO(table.data.decode("utf-8-sig"), newline="")) for cell in row]
        assert not [cell for cell in cells if cell.startswith(BEGINS)]
        disarmed += [cell for cell in cells if cell.startswith("'") and cell[1:].startswith(BEGINS)]
    assert disarmed


def test_every_table_is_written_in_one_place():
    """A second place would have to disarm formulas too."""
    writing = {
        m.name for m in modules() for name, _line in m.imported() if name in {"csv", "openpyxl", "xlsxwriter", "odf"}
    }
    places = {"codelists", "countries", "groupings", "places", "rates.reader", "rates.parities"}
    reading = {f"reference.{name}" for name in places} | {READS_SHEETS, "foundation.spreadsheets.sent"}
    assert writing - reading == {"foundation.spreadsheets.sheets"}
