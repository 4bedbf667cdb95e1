"""A published file held against ten rules: each finding names the cell, the rule and what to do.

V1 dates and times are ISO, of a plausible year · V2 no remains of format codes · V3 numbers are unique · V4 no private
numbers and free-mail addresses · V5 no line breaks in cells · V6 no lost leading zeros · V7 places lie in Tokyo ·
V8 ends are not before starts · V9 what is required is there · V10 only characters of JIS X 0213.
(Rules of the product after what was found in published municipal files.)
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from events.japan.fiscal_year import fiscal_year
from events.japan.telephones import is_mobile, telephone_key
from exports.opendata.application import marked_deadline
from exports.opendata.cells import (
    CellRefused,
    code_cell,
    date_cell,
    degrees_cell,
    has_format_debris,
    time_cell,
    was_serial,
)
from exports.opendata.profiles import ProfileColumn
from exports.opendata.reading import Table, TableRow, read_table

R = TypeVar("R")

ERROR: Final = "error"
WARNING: Final = "warning"
_YEARS_BACK, _YEARS_AHEAD = 20, 5
_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_TIME: Final = re.compile(r"\d{2}:\d{2}")
# 090-1234-5678 in a text; a digit or a dash on either side makes it part of something longer
_MOBILE: Final = re.compile(r"(?<![\d-])\(?0[6789]0\)?[-‐‑–—―−ー－ ]?\d{4}[-‐‑–—―−ー－ ]?\d{4}(?![\d-])")
_MAIL: Final = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
FREE_MAIL: Final = frozenset(
    {
        "gmail.com", "googlemail.com", "yahoo.co.jp", "yahoo.ne.jp", "ymail.ne.jp", "yahoo.com", "outlook.jp",
        "outlook.com", "hotmail.com", "hotmail.co.jp", "live.jp", "msn.com", "icloud.com", "me.com", "mac.com",
        "aol.com", "excite.co.jp", "goo.jp", "mail.goo.ne.jp", "docomo.ne.jp", "ezweb.ne.jp", "au.com",
        "softbank.ne.jp", "i.softbank.jp", "ymobile.ne.jp", "nifty.com", "biglobe.ne.jp", "protonmail.com", "proton.me",
    }
)  # fmt: skip
_TOKYO: Final = ((20.0, 36.0), (136.0, 154.0))  # the islands and Minamitorishima included
_DIGITS: Final = re.compile(r"\d{9,10}")
_SHORT_CODE: Final = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One cell that breaks a rule. ``code`` says how; ``better`` is the value that would hold, if it is certain."""

    row: int
    column: str
    value: str
    rule: str
    code: str
    severity: str
    better: str = ""


@dataclass(frozen=True, slots=True)
class Validation:
    """What a file holds against the rules."""

    file: str
    profile: str
    read: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many findings keep the file from being published."""
        return sum(finding.severity == ERROR for finding in self.findings)


def validate(
    content: bytes, *, file_name: str, today: date, profile: str | None = None, contacts: Collection[str] = ()
) -> Validation:
    """Hold a file against the rules. Without a profile it is the one whose header fits best, of either kind.

    ``contacts`` are numbers and addresses of bodies, which may stand there. Raises UnknownProfile and the kinds of
    UnreadableFile.
    """
    table = read_table(content, file_name=file_name, kind=None, profile_id=profile, lenient=True)
    return Validation(file_name, table.profile.id, len(table.rows), tuple(findings(table, today, contacts)))


def findings(table: Table, today: date, contacts: Collection[str] = ()) -> Iterator[Finding]:
    """All findings, row by row."""
    yield from _missing_columns(table)
    allowed = frozenset(contact_key(each) for each in contacts)
    numbers: dict[tuple[str, str], int] = {}
    for row in table.rows:
        checker = _Row(table, row, today, allowed)
        yield from checker.findings()
        number = (checker.code, row.texts.get("number", ""))
        if number[1] and number in numbers:
            yield checker.told("number", "V3", "number_twice", ERROR)
        numbers.setdefault(number, row.row)


def contact_key(value: str) -> str:
    """A number or address as two are compared."""
    return value.casefold().strip() if "@" in value else telephone_key(value)


def private_contacts(texts: Sequence[str], allowed: Collection[str] = ()) -> list[str]:
    """Mobile numbers and free-mail addresses in texts that nobody ticked as those of a body."""
    found = []
    for text in texts:
        plain = unicodedata.normalize("NFKC", text)
        found += [match[0] for match in _MOBILE.finditer(plain) if is_mobile(match[0])]
        found += [match[0] for match in _MAIL.finditer(plain) if match[1].casefold() in FREE_MAIL]
    keys = {contact_key(each) for each in allowed}
    return [each for each in dict.fromkeys(found) if contact_key(each) not in keys]


def unwritable(text: str, encoding: str) -> str:
    """The characters of a text that an encoding does not hold, each once."""
    lost = []
    for character in dict.fromkeys(text):
        try:
            character.encode(encoding)
        except UnicodeEncodeError:
            lost.append(character)
    return "".join(lost)


def _missing_columns(table: Table) -> Iterator[Finding]:
    for column in table.profile.columns:
        if column.required and column.field not in table.headers:
            yield Finding(1, column.header, "", "V9", "column_missing", ERROR)


class _Row:
    """One row against the rules."""

    def __init__(self, table: Table, row: TableRow, today: date, allowed: Collection[str]) -> None:
        self._table, self._row, self._today, self._allowed = table, row, today, allowed

    def told(self, field: str, rule: str, code: str, severity: str, better: str = "") -> Finding:
        """A finding at one of our fields."""
        return Finding(self._row.row, self._table.header(field), self._text(field), rule, code, severity, better)

    @property
    def code(self) -> str:
        """The municipality, a lost zero or check digit given back where that is certain."""
        try:
            return code_cell(self._text("code")) or ""
        except CellRefused:
            return self._text("code")

    def findings(self) -> Iterator[Finding]:
        """Everything about this row."""
        for column in self._table.profile.columns:
            text = self._text(column.field)
            if not text:
                if column.required and column.field in self._table.headers:
                    yield self.told(column.field, "V9", "value_missing", ERROR)
                continue
            yield from self._typed(column, text)
            yield from self._anywhere(column, text)
        mark = marked_deadline(self._text("application"))
        if mark and was_serial(mark) and (day := self._read_text(mark)):
            header = self._table.header("application")
            yield Finding(self._row.row, header, mark, "V1", "serial_date", ERROR, day.isoformat())
        yield from self._order()

    def _text(self, field: str) -> str:
        return self._row.texts.get(field, "")

    def _typed(self, column: ProfileColumn, text: str) -> Iterator[Finding]:
        kind = column.type
        if kind == "date":
            yield from self._date(column.field, text)
        elif kind == "time":
            yield from self._time(column.field, text)
        elif kind == "municipality":
            yield from self._code(column.field, text)
        elif kind == "degrees":
            yield from self._degrees(column.field, text)
        elif kind == "telephone" and _DIGITS.fullmatch(text) and not text.startswith("0"):
            yield self.told(column.field, "V6", "zero_lost", ERROR, f"0{text}")

    def _date(self, field: str, text: str) -> Iterator[Finding]:
        if has_format_debris(text):
            yield self.told(field, "V2", "format_code", ERROR)
        try:
            day = date_cell(text)
        except CellRefused:
            yield self.told(field, "V1", "not_a_date", ERROR)
            return
        if day is None:
            return
        if was_serial(text):
            yield self.told(field, "V1", "serial_date", ERROR, day.isoformat())
        elif not _ISO_DATE.fullmatch(text):
            yield self.told(field, "V1", "not_iso", ERROR, day.isoformat())
        year = fiscal_year(self._today)
        if not year - _YEARS_BACK <= fiscal_year(day) <= year + _YEARS_AHEAD:
            yield self.told(field, "V1", "implausible_year", WARNING)

    def _time(self, field: str, text: str) -> Iterator[Finding]:
        try:
            clock = time_cell(text)
        except CellRefused:
            yield self.told(field, "V1", "not_a_time", ERROR)
            return
        if clock is not None and not _ISO_TIME.fullmatch(text):
            yield self.told(field, "V1", "not_iso_time", ERROR, f"{clock:%H:%M}")

    def _code(self, field: str, text: str) -> Iterator[Finding]:
        try:
            code = code_cell(text)
        except CellRefused:
            yield self.told(field, "V6", "code_wrong", ERROR)
            return
        if code and code != text:
            lost = "zero_lost" if _SHORT_CODE.fullmatch(text) else "code_wrong"
            yield self.told(field, "V6", lost, ERROR, code)

    def _degrees(self, field: str, text: str) -> Iterator[Finding]:
        least, most = _TOKYO[0] if field == "latitude" else _TOKYO[1]
        try:
            degrees = degrees_cell(text, least=-180, most=180)
        except CellRefused:
            yield self.told(field, "V7", "not_degrees", ERROR)
            return
        in_tokyo = self._text("code").startswith("13") or not self._text("code")
        if degrees is None or (in_tokyo and not least <= degrees <= most):
            yield self.told(field, "V7", "outside_tokyo", WARNING)

    def _anywhere(self, column: ProfileColumn, text: str) -> Iterator[Finding]:
        if private_contacts([text], self._allowed):
            yield self.told(column.field, "V4", "private_contact", ERROR)
        if "\n" in text or "\r" in text:
            yield self.told(column.field, "V5", "line_break", WARNING)
        if strange := unwritable(text.replace("\n", "").replace("\r", "").replace("\t", ""), "euc_jis_2004"):
            yield Finding(self._row.row, self._table.header(column.field), strange, "V10", "outside_jis", WARNING)

    def _order(self) -> Iterator[Finding]:
        first, last = self._read("first_day", date_cell), self._read("last_day", date_cell)
        if first and last and last < first:
            yield self.told("last_day", "V8", "last_day_before_first", ERROR)
        starts, ends = self._read("starts", time_cell), self._read("ends", time_cell)
        if starts and ends and ends < starts and (last is None or first == last):
            yield self.told("ends", "V8", "ends_before_start", ERROR)
        deadline = self._read("deadline_day", date_cell)
        end = last or first
        if deadline and end and deadline > end:
            yield self.told("deadline_day", "V8", "deadline_after_end", WARNING)

    def _read_text(self, text: str) -> date | None:
        try:
            return date_cell(text)
        except CellRefused:
            return None

    def _read(self, field: str, reader: Callable[[str], R | None]) -> R | None:
        try:
            return reader(self._text(field))
        except CellRefused:
            return None
