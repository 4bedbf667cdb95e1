"""The forms by which a name is found, filed and sorted. The name itself is never changed.

Search forms bring together what a clerk may hear or type for one another: rare and ordinary characters, kana of
either kind and width, small and large kana, ー and the vowel it stands for. They are kept beside the name.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

import jaconv

_KANA_ROWS: Final = (
    ("あ", "アイウエオヴ"), ("か", "カキクケコガギグゲゴ"), ("さ", "サシスセソザジズゼゾ"),
    ("た", "タチツテトダヂヅデド"), ("な", "ナニヌネノ"), ("は", "ハヒフヘホバビブベボパピプペポ"),
    ("ま", "マミムメモ"), ("や", "ヤユヨ"), ("ら", "ラリルレロ"), ("わ", "ワヰヱヲンヷヸヹヺ"),
)  # fmt: skip
_SMALL: Final = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
# sound alike: ぢ and じ, づ and ず, を and お
_ALIKE: Final = str.maketrans("ヂヅヲヰヱ", "ジズオイエ")
_VOWELS: Final = {
    kana: vowel
    for vowel, kanas in (
        ("ア", "アカサタナハマヤラワガザダバパ"),
        ("イ", "イキシチニヒミリギジヂビピヰ"),
        ("ウ", "ウクスツヌフムユルグズヅブプヴ"),
        # the long sounds of エ and オ are written イ and ウ: けいこ, さとう
        ("イ", "エケセテネヘメレゲゼデベペヱ"),
        ("ウ", "オコソトノホモヨロゴゾドボポヲ"),
    )
    for kana in kanas
}
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−-─━˗﹣", "ー"))
_IGNORED: Final = frozenset("・･.,、。'’`´\"")
# A character may be followed by a mark that chooses its shape (邊 with a selector); it says nothing to the ear.
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Whole characters of their own to those who bear them: canonical normalisation would replace them (塚 by 塚).
_COMPATIBILITY: Final = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f])")


def tidy_name(name: str) -> str:
    """A name as it is stored: as given, without white space around it, kana and their marks as one character.

    髙, 﨑, 邉 and the compatibility characters stay as they are, and so does white space inside.
    """
    parts = _COMPATIBILITY.split(name.strip())
    return "".join(
        part if _COMPATIBILITY.fullmatch(part) else unicodedata.normalize("NFC", part) for part in parts
    )


def name_key(name: str) -> str:
    """A name in ordinary characters, without spaces and middle dots, one width, small letters; kana as katakana."""
    folded = _SELECTORS.sub("", unicodedata.normalize("NFKC", _SELECTORS.sub("", name))).casefold()
    # 佐々木 is 佐佐木
    repeated = re.sub(r"(.)々", r"\1\1", folded)
    ordinary = repeated.translate(_ordinary())
    return _folded_kana(_closed_up(ordinary))


def kana_key(kana: str) -> str:
    """Kana as full-width katakana without spaces, whichever kana and width were typed, as they sound."""
    plain = unicodedata.normalize("NFKC", kana).casefold()
    return _folded_kana(_closed_up(plain))


def kana_row(kana: str) -> str:
    """The row of the kana index a reading belongs to: あ か さ た な は ま や ら わ, or 他."""
    # not by the search key: that takes ぢ for じ, and the index files it under た
    first = kana_sort_key(kana).partition(" ")[0][:1]
    return next((row for row, members in _KANA_ROWS if first and first in members), "他")


def kana_sort_key(kana: str) -> str:
    """What readings are sorted by: か and が are one letter, and differ only where all else is the same."""
    wide = jaconv.hira2kata(unicodedata.normalize("NFKC", kana)).translate(_DASHES)
    signs = _closed_up(wide)
    letters = "".join(
        sign for sign in unicodedata.normalize("NFD", _lengthened(signs.translate(_SMALL))) if not _is_mark(sign)
    )
    return f"{letters} {signs}"


@cache
def _ordinary() -> dict[int, str]:
    """Rare form → the ordinary one."""
    lines = files("events.japan").joinpath("variant_kanji.txt").read_text(encoding="utf-8").splitlines()
    forms = [line.split() for line in lines if line and not line.startswith("#")]
    return {ord(rare): ordinary for ordinary, *others in forms for rare in others}


def _closed_up(text: str) -> str:
    """Without spaces and dots; a mark that stood apart from its kana joins it."""
    kept = "".join(sign for sign in text if not sign.isspace() and sign not in _IGNORED)
    return unicodedata.normalize("NFKC", kept)


def _folded_kana(text: str) -> str:
    wide: str = jaconv.hira2kata(text)
    return _lengthened(wide.translate(_SMALL).translate(_DASHES).translate(_ALIKE))


def _lengthened(text: str) -> str:
    """With ー as the vowel it stands for: サトー is サトウ."""
    signs: list[str] = []
    for sign in text:
        signs.append(_VOWELS.get(signs[-1], sign) if sign == "ー" and signs else sign)
    return "".join(signs)


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn"
