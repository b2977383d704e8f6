"""Style sheets and scripts go out compressed, and the compressed forms are those of today's files."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from urllib.parse import unquote

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


def test_the_icon_of_the_front_page_is_that_of_all_pages(client):
    said = re.search(
        r"""<link rel="icon" type="image/svg\+xml" href="data:image[^,]+,([^"]+)">""", client.get("/").text
    )
    assert said
    drawn = unquote(said[1]).replace("'", '"')
    assert drawn == (STATIC / "img" / "favicon.svg").read_text().strip()
    assert "/static/img/favicon.svg" in client.get("/needs").text
