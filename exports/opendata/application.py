"""What an 申込方法 says, where it is certain: ways to apply, draw or first come, deadline, notice of the result.

The text itself is always kept whole beside this; what is not certain is left out.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Final

from events.japan.eras import WEEKDAYS, day_in_era, weekday
from events.japan.errors import Unreadable
from events.japan.typed_dates import parse_time
from events.states import Channel, IntakeMethod
from exports.opendata.cells import CellRefused, date_cell


class ApplicationWay(StrEnum):
    """A way to apply that a published text names."""

    TELEPHONE = "telephone"
    COUNTER = "counter"
    POSTCARD = "postcard"
    RETURN_POSTCARD = "return_postcard"
    LETTER = "letter"
    FAX = "fax"
    EMAIL = "email"
    FORM = "form"
    WALK_IN = "walk_in"


# e-mail is no channel of ours: it stays in the text
CHANNELS: Final = {
    ApplicationWay.TELEPHONE: Channel.TELEPHONE,
    ApplicationWay.COUNTER: Channel.COUNTER,
    ApplicationWay.POSTCARD: Channel.POSTCARD,
    ApplicationWay.RETURN_POSTCARD: Channel.POSTCARD,
    ApplicationWay.LETTER: Channel.LETTER,
    ApplicationWay.FAX: Channel.FAX,
    ApplicationWay.FORM: Channel.CITY_FORM,
    ApplicationWay.WALK_IN: Channel.WALK_IN,
}


class ArrivalRule(StrEnum):
    """What must have happened by the deadline: 必着 or 消印有効."""

    ARRIVES = "arrives"
    POSTMARK = "postmark"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day to apply, the time of it where one is named, what counts, and where it stood.

    ``source``: ``column``, ``mark`` (申込期限日: 44596 inside the text) or ``text`` (a sentence).
    """

    day: date
    at: time | None
    rule: ArrivalRule | None
    source: str


@dataclass(frozen=True, slots=True)
class Application:
    """What a text says for certain. ``told_day`` is the day a sentence names, also where the deadline is another."""

    ways: tuple[ApplicationWay, ...] = ()
    method: IntakeMethod | None = None
    deadline: Deadline | None = None
    told_day: date | None = None
    result_notice_on: date | None = None
    desk_hours: str = ""


# what makes a word a way to apply: 電話で, メールまたは, FAXの場合 …
_BY: Final = r"(?:も?可|で|にて|又は|または|もしくは|か[、ら電メFE窓直]|及び|の場合|のみ)"
_TELLS: Final = r"(?:で|にて|により)(?:お?知らせ|お?送り|通知|連絡|送付)"
# 電話 and メール also stand in lists of what an applicant must write: only these neighbours make them a way to apply
_WAYS: Final = (
    (
        ApplicationWay.TELEPHONE,
        rf"電話(?:番号)?[\s:]*\(?(?:電話|TEL)?[\s:]*0\d|電話(?:予約|申込|申し込み|{_BY})",
    ),
    (
        ApplicationWay.COUNTER,
        r"窓口|直接(?!.{0,20}問い?合わ?せ)|来館|来庁|持参|(?:館|課|係|室|所|センター|先)へ[\s、,]*[。(]?電話も?可",
    ),
    (ApplicationWay.RETURN_POSTCARD, r"往復(?:はがき|ハガキ|葉書)"),
    (ApplicationWay.POSTCARD, r"(?<!往復)(?:はがき|ハガキ|葉書)"),
    (ApplicationWay.LETTER, rf"郵送(?!\s*〒|料|{_TELLS})"),
    (ApplicationWay.FAX, r"FAX|ファックス|ファクス|ファクシミリ"),
    (
        ApplicationWay.EMAIL,
        rf"(?<!返信)(?<!結果)(?<!迷惑)メール(?:(?:アドレス)?[\s:]*\(?[\w.+-]+@|{_BY}|\n)",
    ),
    (ApplicationWay.FORM, r"電子申請|フォーム|オンライン申請|(?:インターネット|ウェブ)(?:で|から)"),
    (ApplicationWay.WALK_IN, r"当日(?:先着|直接|会場|受付)|直接(?:会場|当日)"),
)
_WAY_FORMS: Final = tuple((way, re.compile(form)) for way, form in _WAYS)
_NO_BOOKING: Final = re.compile(r"(?:事前)?(?:申し?込み?)?(?:は)?(?:不要|必要ありません)[。.]?")
_DAY: Final = (
    r"(?:(?P<era>令和|平成|R|H)(?P<era_year>\d{1,2}|元)年|(?P<year>\d{4})[年/])?"
    r"(?P<month>\d{1,2})[月/](?P<day>\d{1,2})日?(?:\((?P<weekday>[" + WEEKDAYS + r"])(?:曜日?)?[^()]{0,6}\))?"
)
_CLOCK: Final = r"(?:(?:午前|午後)\d{1,2}時(?:\d{1,2}分|半)?|正午|\d{1,2}:\d{2})"
_UNTIL: Final = r"(?:まで|必着|消印有効|締め?切)"
_DEADLINE: Final = re.compile(_DAY + rf"の?[\s]*(?P<at>{_CLOCK})?{_UNTIL}")
_SPAN: Final = re.compile(
    _DAY + rf"[^\n]{{0,12}}?から[\s]*(?P<last_day>\d{{1,2}})日(?:\((?P<last_weekday>[{WEEKDAYS}])(?:曜日?)?\))?"
    rf"の?[\s]*(?P<at>{_CLOCK})?{_UNTIL}"
)
_MARK: Final = re.compile(r"申込期限日[:\s]+([^\s]+)")
_RESULT: Final = re.compile(_DAY + r"\s*以降")
_DESK_HOURS: Final = re.compile(rf"{_CLOCK}から{_CLOCK}まで(?:\([^()\n]{{0,40}}除く\))?")


def read_application(text: str, *, deadline: date | None, first_session: date) -> Application:
    """What ``text`` says. ``deadline`` is the day of the column, ``first_session`` gives days their years."""
    plain = unicodedata.normalize("NFKC", text)
    told = _told_deadline(plain, first_session)
    told_day, told_time = told or (None, None)
    hours = _DESK_HOURS.search(plain)
    return Application(
        ways=tuple(way for way, form in _WAY_FORMS if form.search(plain)),
        method=_method(plain),
        deadline=_deadline(plain, deadline, told_day, told_time),
        told_day=told_day,
        result_notice_on=_result_notice(plain, first_session),
        desk_hours=hours.group() if hours else "",
    )


def marked_deadline(text: str) -> str:
    """What stands behind 申込期限日 inside a text, or ""."""
    mark = _MARK.search(unicodedata.normalize("NFKC", text))
    return mark.group(1) if mark else ""


def _method(plain: str) -> IntakeMethod | None:
    if _NO_BOOKING.fullmatch(plain.strip()) or re.search(r"申し?込み?(?:は)?不要|当日(?:先着|直接)", plain):
        return IntakeMethod.NO_BOOKING
    draw, first_come = "抽選" in plain, "先着" in plain
    if draw == first_come:
        return None
    return IntakeMethod.DRAW if draw else IntakeMethod.FIRST_COME


def _deadline(plain: str, column: date | None, told_day: date | None, at: time | None) -> Deadline | None:
    found, source = column, "column"
    if found is None:
        try:
            found, source = date_cell(marked_deadline(plain)), "mark"
        except CellRefused:
            found = None
    if found is None:
        found, source = told_day, "text"
    if found is None:
        return None
    return Deadline(found, at if found == told_day else None, _arrival_rule(plain), source)


def _arrival_rule(plain: str) -> ArrivalRule | None:
    arrives, postmark = "必着" in plain, "消印有効" in plain
    if arrives == postmark:
        return None
    return ArrivalRule.ARRIVES if arrives else ArrivalRule.POSTMARK


def _told_deadline(plain: str, first_session: date) -> tuple[date, time | None] | None:
    """The one day that sentences name as the last; None where they name none or several."""
    found = {each for each in _told_days(plain, first_session) if each[0] <= first_session}
    return found.pop() if len(found) == 1 else None


def _told_days(plain: str, first_session: date) -> Iterator[tuple[date, time | None]]:
    for match in _DEADLINE.finditer(plain):
        day = _day(match.groupdict(), first_session)
        if day is not None:
            yield day, _clock(match["at"])
    for match in _SPAN.finditer(plain):
        parts = match.groupdict()
        day = _day({**parts, "day": parts["last_day"], "weekday": parts["last_weekday"]}, first_session)
        if day is not None:
            yield day, _clock(match["at"])


def _clock(text: str | None) -> time | None:
    try:
        return parse_time(text) if text else None
    except Unreadable:
        return None


def _result_notice(plain: str, first_session: date) -> date | None:
    """The one day from which on the result is told; None where none or several are named."""
    if "結果" not in plain:
        return None
    found = {_day(match.groupdict(), first_session) for match in _RESULT.finditer(plain)}
    return found.pop() if len(found) == 1 else None


def _day(parts: dict[str, str | None], first_session: date) -> date | None:
    """The day of a match; a year that does not stand is that of the last such day up to the first session.

    A weekday beside it must agree, or the day is not certain.
    """
    month, day, told = int(parts["month"] or 0), int(parts["day"] or 0), parts.get("weekday")
    try:
        if parts.get("era"):
            year = parts["era_year"]
            found = day_in_era(parts["era"] or "", 1 if year == "元" else int(year or 0), month, day)
        elif parts.get("year"):
            found = date(int(parts["year"] or 0), month, day)
        else:
            found = date(first_session.year, month, day)
            if found > first_session:
                found = date(first_session.year - 1, month, day)
    except (ValueError, Unreadable):
        return None
    return found if told is None or told == weekday(found) else None
