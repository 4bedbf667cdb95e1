# ruff: noqa: INP001 -- a script that lies beside what it makes, no part of a package
"""Make the font files that travel with the app from their published sources: WOFF2 for browsers, TrueType for paper.

    python supportapp/assets/make_fonts.py BIZ_FOLDER NOTO_FOLDER EMOJI_FOLDER

The folders are unpacked packages `@expo-google-fonts/biz-udpgothic` (0.4.2),
`@expo-google-fonts/noto-sans-jp` (0.4.3) and `@expo-google-fonts/noto-emoji` (0.4.7).

* BIZ UDPGothic, regular and bold: every character kept; only the hints for very coarse screens and
  the metrics for vertical setting go, which the browser engine never reads.
* Supportapp Names: what Noto Sans JP has and BIZ UDPGothic lacks (𠮷 槗 and 5,000 more). Noto's licence
  reserves the name "Source"; the subset carries neither that name nor Noto's own.
* Supportapp Emoji: what a telephone puts into a name or a note, in one colour. Fetched only when needed.

The same four are written as TrueType for ``exports/printing``: unpacking WOFF2 would take seconds before each paper.

Needs fonttools and brotli; neither is needed to run the app.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parent / "fonts"
PAPER = Path(__file__).parents[2] / "exports" / "printing" / "fonts"
VERTICAL_TABLES = ["DSIG", "VORG", "vhea", "vmtx", "meta"]
FAMILY, STYLE, UNIQUE, FULL, POSTSCRIPT, TYPO_FAMILY, TYPO_STYLE = 1, 2, 3, 4, 6, 16, 17


def main(biz: Path, noto: Path, emoji: Path) -> None:
    """Write four fonts in two forms and say how large they are."""
    regular = TTFont(_only(biz, "400Regular"))
    names = TTFont(_only(noto, "400Regular"))
    faces = TTFont(_only(emoji, "400Regular"))
    in_biz = set(regular.getBestCmap())
    in_names = set(names.getBestCmap()) - in_biz

    _write(regular, in_biz, "BIZUDPGothic-Regular.woff2")
    _write(TTFont(_only(biz, "700Bold")), in_biz, "BIZUDPGothic-Bold.woff2")
    _rename(names, "Supportapp Names")
    _write(names, in_names, "SupportappNames-Regular.woff2")
    _rename(faces, "Supportapp Emoji")
    _write(faces, set(faces.getBestCmap()) - in_biz - in_names, "SupportappEmoji-Regular.woff2")


def _only(folder: Path, weight: str) -> Path:
    """The one TrueType file of a weight inside an unpacked package."""
    (found,) = (folder / weight).glob("*.ttf")
    return found


def _rename(font: TTFont, family: str) -> None:
    """Give a changed font its own name, as the Open Font License asks."""
    table = font["name"]
    table.names = [record for record in table.names if record.nameID not in {TYPO_FAMILY, TYPO_STYLE}]
    postscript = family.replace(" ", "") + "-Regular"
    new = {FAMILY: family, STYLE: "Regular", UNIQUE: f"{family} 1.0", FULL: family, POSTSCRIPT: postscript}
    for record in table.names:
        if record.nameID in new:
            record.string = new[record.nameID]


def _write(font: TTFont, characters: Iterable[int], name: str) -> None:
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["*"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    options.drop_tables += VERTICAL_TABLES
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.flavor = None
    font.save(PAPER / Path(name).with_suffix(".ttf"))
    font.flavor = "woff2"
    font.save(TARGET / name)
    sys.stdout.write(f"{name}: {(TARGET / name).stat().st_size} bytes, {len(font.getGlyphOrder())} glyphs\n")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
