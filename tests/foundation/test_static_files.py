"""Style sheets and scripts go out compressed, and the compressed forms are those of today's files."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest

STATIC = Path(__file__).parents[2] / "app" / "static"
FILES = sorted([*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")])

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_compressed_forms_are_those_of_today(path):
    said = "run `make built`"
    assert brotli.decompress(Path(f"{path}.br").read_bytes()) == path.read_bytes(), said
    assert gzip.decompress(Path(f"{path}.gz").read_bytes()) == path.read_bytes(), said


def test_a_browser_that_takes_brotli_gets_it(client):
    answer = client.get("/static/css/counterpart.css", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) < (STATIC / "css" / "counterpart.css").stat().st_size / 3
