"""QR codes as squares, so that they print sharply at any size. Error correction M: a fold or a stain is forgiven."""

from collections.abc import Sequence
from typing import Final

QUIET_ZONE: Final = 4  # light squares around a code, as ISO/IEC 18004 asks


def squares(text: str) -> Sequence[Sequence[bool]]:
    """The dark (True) and light squares of a QR code, row by row, without the quiet zone."""
    import segno  # noqa: PLC0415 -- only a document with a code needs it

    code = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
