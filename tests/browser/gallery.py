"""Pictures of all pages and states: `make gallery` writes PNGs into gallery/, and a sheet of small ones for each kind.

Each page is taken on a desk in English, on a phone in French, and on a desk in Arabic, dark; further states on a desk
in English and on a phone in Arabic, dark. GALLERY=needs takes only those whose name contains that word.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.pairs import Look
from tests.browser.visits import Visits, cases, open_the_scene
from tests.running import ROOT, start_chromium

if TYPE_CHECKING:
    from tests.browser.addresses import Case

FOLDER = ROOT / "gallery"
OF_PAGES = (Look("en", "light", 1280), Look("fr", "light", 390), Look("ar", "dark", 1280))
OF_STATES = (Look("en", "light", 1280), Look("ar", "dark", 390))
HIGHEST = 6000
SHEET = """<!doctype html><meta charset=utf-8><title>{title}</title><style>
body{{font:14px system-ui;margin:16px;background:#ddd}}div{{display:flex;flex-wrap:wrap;gap:16px;align-items:start}}
figure{{margin:0;width:300px}}img{{width:300px;max-height:420px;object-fit:cover;object-position:top;background:#fff}}
</style><h1>{title}</h1><div>{figures}</div>"""


def file_name(case: Case, look: Look) -> str:
    """Kind, page, reader and look, as a name of a file."""
    return re.sub(r"[^a-z0-9]+", "-", f"{case} {look}".lower()).strip("-") + ".png"


def kind_of(case: Case) -> str:
    """On which sheet a picture stands."""
    return "states" if case.is_state else case.name.split(".")[0]


def take(visits: Visits, case: Case, look: Look) -> Path | None:
    """One picture; nothing where the address is no page, or does not come to the state that is meant."""
    path = FOLDER / file_name(case, look)
    try:
        with visits.look(case, look.language, look.scheme, look.width) as (window, _listener):
            page = window.page
            if page.evaluate("document.contentType !== 'text/html' || !document.doctype"):
                return None
            page.wait_for_load_state("networkidle")
            height = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
            page.set_viewport_size({"width": look.width, "height": max(900, height)})
            page.screenshot(path=path)
    except AssertionError as error:
        print(f"no picture of {case}: {error}")
        return None
    return path


def write_sheets(pictures: dict[str, list[Path]], visits: Visits) -> None:
    """A page of small pictures for each kind, and a picture of that page."""
    for kind, paths in pictures.items():
        figures = "".join(
            f"<figure><a href={path.name}><img src={path.name} alt=''></a><figcaption>{path.stem}</figcaption></figure>"
            for path in paths
        )
        sheet = FOLDER / f"sheet-{kind}.html"
        sheet.write_text(SHEET.format(title=kind, figures=figures), encoding="utf-8")
        page = visits.browser.new_page(viewport={"width": 1600, "height": 900})
        page.goto(sheet.as_uri())
        page.screenshot(path=FOLDER / f"sheet-{kind}.png", full_page=True)
        page.close()


def main() -> int:
    """Take them all; 1 if some page could not be taken."""
    wanted = os.environ.get("GALLERY", "")
    chosen = [case for case in cases() if wanted in str(case)]
    if not wanted:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(exist_ok=True)
    pictures: dict[str, list[Path]] = defaultdict(list)
    missed = 0
    with tempfile.TemporaryDirectory() as common:
        cast = open_the_scene(Path(common))
        browser, end = start_chromium()
        try:
            visits = Visits(browser, cast)
            for number, case in enumerate(chosen, start=1):
                taken = [take(visits, case, look) for look in (OF_STATES if case.is_state else OF_PAGES)]
                pictures[kind_of(case)] += [path for path in taken if path]
                missed += taken.count(None)
                print(f"{number} of {len(chosen)}: {case}", flush=True)
            write_sheets(pictures, visits)
        finally:
            end()
            cast.site.stop()
    print(f"{sum(map(len, pictures.values()))} pictures in {FOLDER.name}/, {missed} could not be taken")
    return 0


if __name__ == "__main__":
    sys.exit(main())
