"""The names by which feeds call what stands in them."""

from __future__ import annotations

from app.exchange.feeds.rules import tag_of


def test_a_name_has_neither_port_nor_path():
    assert tag_of("https://site.example:8443/x", "N-1") == "tag:site.example,2026:N-1"
