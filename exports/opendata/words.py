"""What the words of an offering say for certain: its kind, and the sort of telephone it is about."""

import re
import unicodedata
from typing import Final

from events.states import PhoneKind, WorkshopKind

_DIGITAL: Final = re.compile(
    r"スマホ|スマートフォン|スマートホン|デジタル|タブレット|iPhone|Android|アイフォ|アンドロイド|LINE",
    re.IGNORECASE,
)
# the first that fits: a 相談会 held as part of a 教室 is still a consultation
_KINDS: Final = (
    (WorkshopKind.SUPPORTER_TRAINING, re.compile(r"(?:サポーター|支援員|ボランティア).{0,6}(?:養成|研修|講習)")),
    (WorkshopKind.CONSULTATION, re.compile(r"相談")),
    (WorkshopKind.OUTREACH, re.compile(r"出張|訪問")),
    (WorkshopKind.TRIAL, re.compile(r"体験")),
    (WorkshopKind.CLASS, re.compile(r"教室|講座|講習|入門|セミナー|レッスン|使い方|使いこな")),
)
_NOT_MEANT: Final = r"(?!.{0,6}(?:対象外|不可|除く|できません))"
_PHONES: Final = (
    (PhoneKind.IPHONE, re.compile(rf"(?:iPhone|アイフォー?ン){_NOT_MEANT}", re.IGNORECASE)),
    (PhoneKind.ANDROID, re.compile(rf"(?:Android|アンドロイド){_NOT_MEANT}", re.IGNORECASE)),
)


def kind_of(name: str) -> WorkshopKind | None:
    """The kind that a name tells: only where it speaks of telephones or of things digital."""
    plain = unicodedata.normalize("NFKC", name)
    if not _DIGITAL.search(plain):
        return None
    return next((kind for kind, form in _KINDS if form.search(plain)), None)


def phones_of(*texts: str) -> tuple[PhoneKind, ...]:
    """The sorts of telephone that texts name, unless they say that these are not meant."""
    plain = unicodedata.normalize("NFKC", "\n".join(texts))
    return tuple(kind for kind, form in _PHONES if form.search(plain))
