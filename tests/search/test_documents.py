from __future__ import annotations

from app.needs.models import NeedText
from app.search.documents import documents
from app.search.language import terms


def test_a_need_is_found_in_each_language_that_its_author_gave(tx, world):
    need = world.need(world.organisation(), title="Deux scanners", language="fr")
    need.other_texts = [NeedText(language="pt", title="Dois scanners móveis", problem="Contentores nunca abertos")]
    tx.flush()
    (document,) = documents(tx, "need", [need.id])
    assert set(terms("Contentores abertos", "pt")) <= set(document.body)
    assert set(terms("Deux scanners", "fr")) == set(document.title)
