"""The bundled fonts on paper: which font has a character, how wide text is, and what no font has.

BIZ UDPGothic first; what it lacks (𠮷 槗 …) comes from Supportapp Names, pictures from Supportapp Emoji. These files
are the ones of the app without the packing for browsers, made by ``supportapp/assets/make_fonts.py``.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.fonts import TTFFont

FONTS: Final = Path(__file__).parent / "fonts"
UNKNOWN: Final = "〓"  # the sign that printers set for a character they do not have
_REGULAR, _BOLD = ("biz", ""), ("biz", "B")
_FILES: Final = {
    _REGULAR: "BIZUDPGothic-Regular.ttf",
    _BOLD: "BIZUDPGothic-Bold.ttf",
    ("names", ""): "SupportappNames-Regular.ttf",
    ("emoji", ""): "SupportappEmoji-Regular.ttf",
}
_BEHIND: Final = (("names", ""), ("emoji", ""))

Face = tuple[str, str]


class Letters:
    """The fonts of one document. ``missing`` gathers the characters that none of them has."""

    def __init__(self, pdf: FPDF) -> None:
        self._pdf = pdf
        self._found: dict[tuple[str, bool], tuple[Face, str]] = {}
        self._loaded: dict[Face, TTFFont] = {}
        self.missing: list[str] = []

    def runs(self, text: str, *, bold: bool) -> Iterator[tuple[Face, str]]:
        """The text in pieces of one font each."""
        placed = [self._placed(sign, bold=bold) for sign in text]
        for face, group in groupby(placed, key=lambda each: each[0]):
            yield face, "".join(sign for _, sign in group)

    def width(self, text: str, point: float, *, bold: bool) -> float:
        """How wide text is, in millimetres."""
        return sum(self._run_width(face, run, point) for face, run in self.runs(text, bold=bold))

    def draw(self, text: str, x: float, baseline: float, point: float, *, bold: bool) -> None:
        """Draw one line from ``x`` on ``baseline``."""
        for face, run in self.runs(text, bold=bold):
            self._pdf.set_font(*face, size=point)
            self._pdf.text(x, baseline, run)
            x += self._run_width(face, run, point)

    def close(self) -> None:
        """Let go of the font files; nothing can be drawn afterwards."""
        for font in self._loaded.values():
            font.ttfont.close()

    def _run_width(self, face: Face, run: str, point: float) -> float:
        font = self._font(face)
        units: float = sum(font.cw.get(ord(sign), 0) for sign in run)
        return units * point / 1000 * 25.4 / 72

    def _placed(self, sign: str, *, bold: bool) -> tuple[Face, str]:
        known = self._found.get((sign, bold))
        if known is None:
            known = self._found[sign, bold] = self._looked_up(sign, bold=bold)
        return known

    def _looked_up(self, sign: str, *, bold: bool) -> tuple[Face, str]:
        first = _BOLD if bold else _REGULAR
        for face in (first, *_BEHIND):
            if ord(sign) in self._font(face).cmap:
                return face, sign
        if sign not in self.missing:
            self.missing.append(sign)
        return first, UNKNOWN

    def _font(self, face: Face) -> TTFFont:
        if face not in self._loaded:
            family, style = face
            self._pdf.add_font(family, style, FONTS / _FILES[face])
            font = self._pdf.fonts[family + style]
            if not isinstance(font, TTFFont):
                raise TypeError(font)
            self._loaded[face] = font
        return self._loaded[face]
