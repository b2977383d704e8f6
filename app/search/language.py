"""Words as the index knows them: folded, without the little words, cut to their stems, in all languages of the site."""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

from app.foundation.text import fold, without_article

STEMMERS = {"en": "english", "fr": "french", "es": "spanish", "pt": "portuguese", "ar": "arabic"}
WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*", re.UNICODE)
PART = re.compile(r"[^\W_]+", re.UNICODE)

# The little words of each language, folded. What stands in all texts tells nothing about any of them.
LITTLE = {
    "en": (
        "a an and are as at be been but by can could do does for from had has have how i if in into is it its "
        "more no not of on or our shall should so such than that the their them then there these they this those "
        "to under up was we were what when where which who will with would you your"
    ),
    "fr": (
        "a ai ainsi au aux avec c ce ces cet cette ceux comme d dans de des du elle elles en entre est et etre "
        "eux il ils j je l la le les leur leurs lui mais me meme mes moi mon n ne nos notre nous on ont ou par "
        "pas plus pour qu que qui s sa sans se ses si son sont sous sur ta te tes toi ton tous tout toute toutes "
        "tu un une vos votre vous y"
    ),
    "es": (
        "a al algo ante como con contra cual cuando de del desde donde e el ella ellas ellos en entre era es esa "
        "ese eso esta estan este esto estos fue ha han hasta hay la las le les lo los mas me mi muy no nos o para "
        "pero por porque que se sea ser si sin sobre son su sus tambien tanto te tiene todo todos tu un una uno "
        "unos y ya"
    ),
    "pt": (
        "a ao aos as ate com como da das de dela dele do dos e ela elas ele eles em entre era essa esse esta este "
        "eu foi ha isso isto ja lhe mais mas me mesmo meu muito na nao nas nem no nos nossa nosso num numa o os "
        "ou para pela pelas pelo pelos por qual quando que quem se sem ser seu seus so sua suas tambem te tem um "
        "uma voce"
    ),
    "ar": (
        "اذا الا التي الذي الذين الي ام ان انه انها او اي ايضا اين بان بعد بعض به بها بين تكون تلك تم ثم حتي حول حيث "
        "خلال دون ذلك ذات سوف ضد عبر علي عليه عليها عن عند عندما غير فان في فيه فيها قبل قد كان كانت كل كما كيف لا لان "
        "لدي لذلك لكن لكي لم له لها لهذا لهم لن ليس ليست ما متي مثل مع مما من منذ منه منها نحن نحو هذا هذه هل هم هنا "
        "هناك هو هي وان والتي والذي والي وذلك وعلي وعن وفي وقد وكذلك ولا ومن ومع وهو وهي يتم يكون"
    ),
}
STOP = {language: frozenset(words.split()) for language, words in LITTLE.items()}
ALL_STOP = frozenset().union(*STOP.values())
LONGEST_WORD = 40
# Shorter ones mostly begin with that letter of their own: واحد, واجب.
LONG_ENOUGH_FOR_AND = 6


def words(text: str) -> list[str]:
    """The words of a text, folded, in order; acetic-anhydride and l'Etat fall into their parts."""
    return [word for word in PART.findall(fold(text)) if len(word) <= LONGEST_WORD]


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word in that language; the word itself in a language without a stemmer."""
    algorithm = STEMMERS.get(language)
    if algorithm is None or word.isdecimal():
        return word
    return str(_stemmer(algorithm).stemWord(_bare(word) if language == "ar" else word))


def _bare(word: str) -> str:
    # What the Arabic stemmer leaves on a word: the article, after which it cuts less, and "and" before an alif.
    bare = without_article(word)
    return bare[1:] if bare.startswith("وا") and len(bare) >= LONG_ENOUGH_FOR_AND else bare


@lru_cache(maxsize=8)
def _stemmer(algorithm: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(algorithm)


def terms(text: str, language: str) -> list[str]:
    """What a text in that language puts into the index."""
    stop = STOP.get(language, ALL_STOP)
    return [stem(word, language) for word in words(text) if word not in stop and (len(word) > 1 or word.isdecimal())]


@lru_cache(maxsize=50_000)
def stems_of(word: str) -> tuple[str, ...]:
    """What a word may stand as in the index, whatever the language of the text: its stem in each of them."""
    return tuple(sorted({stem(word, language) for language in STEMMERS} | {word}))


def query_words(text: str) -> list[str]:
    """The telling words of a question in any of the languages, in order, each once."""
    found = [word for word in words(text) if len(word) > 1 or word.isdecimal()]
    telling = [word for word in found if word not in ALL_STOP] or found
    return list(dict.fromkeys(telling))
