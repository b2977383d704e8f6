"""Where an activity works and on what it works: countries, regions, sectors and our own themes, with their shares."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lxml import etree

from app.exchange.iati.own import VOCABULARY, own
from app.exchange.iati_out import rules
from app.exchange.iati_out.elements import added, number, put, say, say_plainly
from app.exchange.iati_out.told import Place, Shares, Told
from app.foundation.languages import LANGUAGES, name_of
from app.foundation.languages import say as in_language
from app.foundation.messages import msg

OWN_LIST = "99"
DAC, DAC_3 = "1", "2"

ODA_HINT = msg(
    "Narcotics control. What a donor does to interdict supplies or destroy crops, and the training or financing of "
    "the military against drugs, cannot be reported as official development assistance."
)


def put_places(parent: etree._Element, told: Told, lists: str) -> None:
    """Countries and regions; where the record names none, all developing countries, marked as ours."""
    regions = [*told.regions, *(Place(code, OWN_LIST) for code in told.groupings)]
    if not told.countries and not regions:
        added(put(parent, "recipient-region", code=rules.UNSPECIFIED_REGION, vocabulary=DAC))
        return
    of_countries = _of_countries([share for _code, share in told.countries], has_regions=bool(regions))
    for (code, stated), share in zip(told.countries, of_countries, strict=True):
        _put_share(parent, "recipient-country", stated, share, code=code)
    left = rules.WHOLE - sum((share or Decimal(0) for share in of_countries), Decimal(0))
    for vocabulary in dict.fromkeys(place.vocabulary for place in regions):
        its = [place.code for place in regions if place.vocabulary == vocabulary]
        _put_regions(parent, its, vocabulary, left if told.countries else rules.WHOLE, lists)
        if vocabulary == OWN_LIST and not told.regions:
            _put_regions_of_groupings(parent, its, left if told.countries else rules.WHOLE)


def _of_countries(stated: Sequence[Decimal | None], *, has_regions: bool) -> list[Decimal | None]:
    """The shares of countries. Beside a region they have what they say, or all where they say nothing."""
    if len(stated) == 1 and not has_regions and stated[0] is None:
        return [None]
    total = sum((share for share in stated if share is not None), Decimal(0))
    if has_regions and None not in stated and total <= rules.WHOLE:
        return list(stated)
    return list(rules.completed(stated)) if stated else []


def _put_regions(parent: etree._Element, codes: list[str], vocabulary: str, whole: Decimal, lists: str) -> None:
    shares = [share * whole / rules.WHOLE for share in rules.completed([None] * len(codes))]
    shares = _to_the_cent(shares, whole)
    is_alone = len(codes) == 1 and whole == rules.WHOLE
    for code, share in zip(codes, shares, strict=True):
        uri = f"{lists}#groupings" if vocabulary == OWN_LIST else ""
        element = _put_share(
            parent, "recipient-region", None, None if is_alone else share,
            code=code, vocabulary=vocabulary, vocabulary_uri=uri,
        )  # fmt: skip
        if vocabulary == OWN_LIST:
            element.set(VOCABULARY, "grouping")
            say_plainly(element, name_of("grouping", code, "en"), "en")


def _to_the_cent(shares: list[Decimal], whole: Decimal) -> list[Decimal]:
    cut = [share.quantize(rules.CENT) for share in shares]
    cut[0] += whole - sum(cut, Decimal(0))
    return cut


def _put_regions_of_groupings(parent: etree._Element, codes: list[str], whole: Decimal) -> None:
    """The regions that come nearest to groupings, for whoever does not know these; only if every one has such."""
    known = [rules.DAC_REGION_OF_GROUPING.get(code, "") for code in codes]
    if "" in known:
        return
    before = len(parent)
    _put_regions(parent, known, DAC, whole, "")
    for element in list(parent)[before:]:
        added(element)


def put_sectors(parent: etree._Element, told: Told, lists: str) -> None:
    """Sectors by vocabulary, then our own themes: as sectors of list 99 or, where a publisher uses it, as tags."""
    for vocabulary, shares in told.sectors.items():
        _put_sectors(parent, vocabulary, shares, told)
    if not told.sectors and not told.themes:
        added(put(parent, "sector", vocabulary=DAC, code=rules.UNSPECIFIED_SECTOR))
    is_free = OWN_LIST not in told.sectors
    if is_free:
        several = len(told.themes) > 1
        for code, share in zip(
            told.themes, rules.completed([None] * len(told.themes)) if several else [None], strict=False
        ):
            element = put(
                parent, "sector", vocabulary=OWN_LIST, vocabulary_uri=f"{lists}#themes", code=code,
                percentage=number(share) if share is not None else "",
            )  # fmt: skip
            _name_theme(element, code)
        return
    for code in told.themes:
        _name_theme(put(parent, "tag", vocabulary=OWN_LIST, vocabulary_uri=f"{lists}#themes", code=code), code)


def _name_theme(element: etree._Element, code: str) -> None:
    element.set(VOCABULARY, "theme")
    if not say(element, {language: name_of("theme", code, language) for language in LANGUAGES}):
        say_plainly(element, code)


def _put_sectors(parent: etree._Element, vocabulary: str, shares: Shares, told: Told) -> None:
    stated = [share for _code, share in shares]
    is_alone = len(stated) == 1 and stated[0] is None
    whole: list[Decimal | None] = [None] if is_alone else list(rules.completed(stated))
    for (code, its), share in zip(shares, whole, strict=True):
        element = _put_share(parent, "sector", its, share, vocabulary=vocabulary, code=code)
        if vocabulary in {"98", OWN_LIST}:
            say_plainly(element, code)
        verdict = rules.oda(code, told.themes) if vocabulary == DAC else ""
        if verdict:
            element.set(own("oda"), verdict)
            say(element, {language: in_language(ODA_HINT, language) for language in dict.fromkeys(("en", _main(told)))})


def _main(told: Told) -> str:
    return told.language if told.language in LANGUAGES else "en"


def _put_share(
    parent: etree._Element, tag: str, stated: Decimal | None, share: Decimal | None, **attributes: str
) -> etree._Element:
    """A code with its share, and what the record says where it says another, or none."""
    said = {}
    if share is not None and share != stated:
        said = {"percentage": number(stated) if stated is not None else ""}
    return put(parent, tag, own_said=said, percentage=number(share) if share is not None else "", **attributes)
