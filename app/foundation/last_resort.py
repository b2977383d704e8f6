"""What is sent when even the page about a fault cannot be made: no template, database or catalogue has a part in it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "en": (
        "Something went wrong on our side",
        "It is not your doing. The fault was recorded and will be looked at.",
        "Please try again in a few minutes. If it goes on, write to the secretariat and give this reference:",
        "Go to the front page",
    ),
    "fr": (
        "Une erreur s’est produite de notre côté",
        "Vous n’y êtes pour rien. L’erreur a été enregistrée et sera examinée.",
        "Réessayez dans quelques minutes. Si cela continue, écrivez au secrétariat en indiquant cette référence :",
        "Aller à la page d’accueil",
    ),
    "es": (
        "Algo falló de nuestro lado",
        "No es culpa suya. La falla quedó registrada y se examinará.",
        "Inténtelo de nuevo dentro de unos minutos. Si continúa, escriba a la secretaría e indique esta referencia:",
        "Ir a la portada",
    ),
    "pt": (
        "Algo correu mal do nosso lado",
        "A culpa não é sua. A falha foi registada e será analisada.",
        "Tente de novo dentro de alguns minutos. Se continuar, escreva ao secretariado e indique esta referência:",
        "Ir para a página inicial",
    ),
    "ar": (
        "حدث خطأ من جانبنا",
        "لا يد لك في ذلك. وقد سُجّل الخطأ وسيُنظر فيه.",
        "يُرجى إعادة المحاولة بعد بضع دقائق. وإذا استمر الأمر فاكتب إلى الأمانة واذكر هذا الرقم المرجعي:",
        "الانتقال إلى الصفحة الرئيسية",
    ),
}
"""What happened, whose doing it is not, what to do, and the way out, by language (ISO 639-1)."""
RIGHT_TO_LEFT = frozenset({"ar"})
FRAME = (
    '<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} – Counterpart</title></head>'
    '<body><main><h1>{title}</h1><p>{whose}</p><p>{what} <code dir="ltr">{reference}</code></p>'
    '<p><a href="/">{way}</a></p></main></body></html>'
)


def page(reference: str, language: str) -> str:
    """The page in that language, English where it is none of ours."""
    spoken = language if language in WORDS else "en"
    title, whose, what, way = WORDS[spoken]
    direction = "rtl" if spoken in RIGHT_TO_LEFT else "ltr"
    words = {"title": title, "whose": whose, "what": what, "way": way, "reference": escape(reference)}
    return FRAME.format(language=spoken, direction=direction, **words)
