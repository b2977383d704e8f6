"""Whatever happens to a backup until the day it is needed is found, before anything is done with it."""

from __future__ import annotations

import gzip
import io
import secrets
import tarfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.backups import archive, checking, manifest, sealing
from app.backups.errors import BackupRefused
from tests.backups.rows_of_all_kinds import everything
from tests.backups.sites import KEY, NOW

pytestmark = pytest.mark.one_engine
REFUSED = r"damaged|cut off|no backup of Counterpart"


@pytest.fixture(scope="module")
def kept(filled):
    """The same backup as it is without a key and with one."""
    return {key: filled.back_up(f"damage-{bool(key)}.backup", key).read_bytes() for key in (None, KEY)}


def check(content: bytes, key=None):
    return checking.check(io.BytesIO(content), key, "site.backup", lambda _bytes: None)


@pytest.mark.parametrize("key", [None, KEY])
def test_what_was_not_touched_is_whole(kept, filled, key):
    told = check(kept[key], key)
    assert told.rows == sum(map(len, everything(filled.database).values()))


def test_no_word_of_a_sealed_backup_can_be_read(kept):
    assert b"counterpart-backup.json" in gzip.decompress(kept[None])
    assert b"counterpart-backup.json" not in kept[KEY]
    assert kept[KEY][len(sealing.MAGIC) : len(sealing.MAGIC) + 16] != kept[None][:16]


@pytest.mark.parametrize("key", [None, KEY])
@settings(max_examples=80)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@example(place=0.0, bit=0)
@example(place=0.9999999, bit=7)
def test_one_changed_bit_is_found_wherever_it_is(kept, key, place, bit):
    content = bytearray(kept[key])
    content[int(place * len(content))] ^= 1 << bit
    with pytest.raises(BackupRefused, match=REFUSED):
        check(bytes(content), key)


@pytest.mark.parametrize("where", [0, 3, 4, 8, 9, -1, -2, -10, -11, -12, -40, -44, -45, -46, -47, -58, -59, -60, -66])
def test_a_changed_byte_of_the_wrapping_is_found_even_where_it_means_nothing(kept, where):
    content = bytearray(kept[None])
    content[where] ^= 0x01
    with pytest.raises(BackupRefused, match=REFUSED):
        check(bytes(content))


@pytest.mark.parametrize("key", [None, KEY])
@settings(max_examples=40)
@given(place=st.floats(0, 1, exclude_max=True))
@example(place=0.99999999)
def test_a_backup_that_is_cut_off_anywhere_is_found(kept, key, place):
    with pytest.raises(BackupRefused, match=REFUSED):
        check(kept[key][: int(place * len(kept[key]))], key)


@pytest.mark.parametrize("key", [None, KEY])
def test_what_was_added_at_the_end_is_found(kept, key):
    for more in (b"\0", kept[key], bytes(100_000)):
        with pytest.raises(BackupRefused, match=REFUSED):
            check(kept[key] + more, key)


def test_every_cut_at_the_border_of_a_piece_is_found():
    whole = sealed(secrets.token_bytes(4 * sealing.PIECE))
    for pieces in range(4):
        with pytest.raises(BackupRefused, match="damaged or cut off"):
            opened(whole[: sealing.HEAD + pieces * (sealing.PIECE + sealing.TAG)])


@pytest.mark.parametrize("order", [[1, 0, 2, 3], [0, 0, 2, 3], [0, 1, 3], [0, 1, 2, 2, 3], [0, 1, 2, 3, 3], [3]])
def test_pieces_in_another_order_are_found(order):
    whole = sealed(secrets.token_bytes(4 * sealing.PIECE - 5))
    size = sealing.PIECE + sealing.TAG
    pieces = [whole[sealing.HEAD + n * size : sealing.HEAD + (n + 1) * size] for n in range(4)]
    assert len(opened(whole)) == 4 * sealing.PIECE - 5
    with pytest.raises(BackupRefused, match="damaged or cut off"):
        opened(whole[: sealing.HEAD] + b"".join(pieces[n] for n in order))


def test_a_piece_of_another_backup_with_the_same_key_is_found():
    one, two = sealed(bytes(2 * sealing.PIECE)), sealed(bytes(2 * sealing.PIECE))
    assert one[sealing.HEAD :] != two[sealing.HEAD :]
    with pytest.raises(BackupRefused, match="damaged or cut off"):
        opened(one[: sealing.HEAD] + two[sealing.HEAD :])


@pytest.mark.parametrize("size", [1, sealing.PIECE - 1, sealing.PIECE, sealing.PIECE + 1, 3 * sealing.PIECE])
def test_what_is_sealed_comes_back_at_every_length(size):
    content = secrets.token_bytes(size)
    assert opened(sealed(content)) == content


def sealed(content: bytes) -> bytes:
    out = io.BytesIO()
    sealer = sealing.Sealer(out, KEY)
    for start in range(0, len(content), 10_000):
        sealer.write(content[start : start + 10_000])
    sealer.close()
    return out.getvalue()


def opened(content: bytes) -> bytes:
    opener, found = sealing.Opener(io.BytesIO(content), KEY, "site.backup"), []
    while data := opener.read(7_777):
        found.append(data)
    return b"".join(found)


# --- keys, and files of something else ---


def test_the_wrong_key_is_said_to_be_wrong(kept):
    with pytest.raises(BackupRefused, match=r"The key does not open site\.backup: it is another key"):
        check(kept[KEY], KEY + "!")


def test_a_sealed_backup_asks_for_its_key(kept):
    with pytest.raises(BackupRefused, match=r"is encrypted: give its key with --key-file"):
        check(kept[KEY])


def test_an_open_backup_is_not_taken_for_a_sealed_one(kept):
    """Whoever can put a file in the place of the backups could otherwise choose what is restored."""
    with pytest.raises(BackupRefused, match="is not encrypted although there is a key"):
        check(kept[None], KEY)


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + bytes(5000), b"\x1f\x8b\x08\x00"])
def test_something_else_is_said_to_be_no_backup(content):
    with pytest.raises(BackupRefused, match=REFUSED):
        check(content)


def test_an_archive_of_something_else_is_said_to_be_no_backup():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("readme"))
    for content in (out.getvalue(), b"a letter of many words, and no archive" * 30):
        with pytest.raises(BackupRefused, match="is no backup of Counterpart"):
            check(gzip.compress(content))


def test_a_later_format_is_said_to_need_a_later_site(kept, monkeypatch):
    monkeypatch.setattr(manifest, "FORMAT", 2)
    with pytest.raises(BackupRefused, match="is a backup of format 1, and this version of the site reads format 2"):
        check(kept[None])


def test_any_program_that_knows_tar_and_gzip_reads_an_open_backup(kept):
    with tarfile.open(fileobj=io.BytesIO(kept[None]), mode="r:gz") as tar:
        names = tar.getnames()
    assert names[0] == "counterpart-backup.json"
    assert names[-1] == "manifest.json"
    assert "tables/organisations/000001.jsonl" in names


# --- whoever made a backup by hand, with every checksum right ---


def test_a_name_that_leads_out_of_the_folder_is_refused(kept, filled):
    for name in (
        "../evil",
        "/etc/passwd",
        "files/ab/../../evil",
        "files/ab/" + "cd" * 32,
        ".env",
        "workbooks/../a.xlsx",
    ):
        out = io.BytesIO()
        writer = archive.ArchiveWriter(out, None, NOW)
        writer.file(name, 4, io.BytesIO(b"evil"))
        writer.close(filled.taken.manifest)
        with pytest.raises(BackupRefused, match="has no place in it"):
            check(out.getvalue())


def test_a_manifest_that_does_not_fit_is_refused(kept, filled):
    out = io.BytesIO()
    writer = archive.ArchiveWriter(out, None, NOW)
    writer.close(filled.taken.manifest)
    with pytest.raises(BackupRefused, match="the rows of table accounts are not those"):
        check(out.getvalue())


@pytest.mark.parametrize("place", [0.1, 0.5, 0.999])
def test_a_damaged_backup_changes_nothing(kept, new_copy, tmp_path, place):
    content = bytearray(kept[None])
    content[int(place * len(content))] ^= 0x10
    backup = tmp_path / "damaged.backup"
    backup.write_bytes(bytes(content))
    there = new_copy()
    before = everything(there.database)
    for replaces in (False, True):
        with pytest.raises(BackupRefused, match=REFUSED):
            there.restore(backup, replaces=replaces)
        assert everything(there.database) == before
        assert there.files() == {}
