"""Rows under a profile's header as CSV or JSON. UTF-8 with BOM and CRLF; cp932 only where somebody asks for it."""

import csv
import io
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from events.errors import DomainError
from exports.files import ExportFile
from exports.opendata.profiles import Profile, profile
from exports.opendata.publishing import Row
from exports.opendata.validating import ERROR, Validation, private_contacts, unwritable, validate

CSV: Final = "text/csv; charset=utf-8"
CSV_CP932: Final = "text/csv; charset=Shift_JIS"
JSON: Final = "application/json"
UTF8: Final = "utf-8-sig"
CP932: Final = "cp932"


class PrivateContacts(DomainError):
    """Mobile numbers or free-mail addresses stand in what would be published: ``where`` they are, and how many."""

    code = "private_contacts"


class NotPublishable(DomainError):
    """What would be published breaks a rule (``rule``, ``row``, ``column``, ``value``)."""

    code = "not_publishable"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that cannot be published, because its profile requires what it lacks."""

    number: str
    name: str
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LostCharacter:
    """Characters that the encoding does not hold; they are written as 〓 (geta), as printers do."""

    number: str
    header: str
    characters: str


@dataclass(frozen=True, slots=True)
class OpenDataFile:
    """A file that may be published, with what it could not hold."""

    file: ExportFile
    rows: int
    left_out: tuple[LeftOut, ...]
    lost: tuple[LostCharacter, ...]
    validation: Validation


def open_data_file(
    rows: Sequence[Row],
    *,
    profile_id: str,
    name: str,
    today: date,
    contacts: Collection[str] = (),
    encoding: str = UTF8,
) -> OpenDataFile:
    """The rows as CSV. Private numbers and free-mail addresses that nobody ticked stop the whole file.

    Raises UnknownProfile, PrivateContacts, NotPublishable.
    """
    wanted = profile(profile_id)
    refuse_private_contacts(rows, wanted, contacts)
    whole, left_out = _whole(rows, wanted)
    lost = tuple(_lost(whole, wanted, encoding))
    text = _csv(whole, wanted)
    content = text.encode(encoding) if encoding == UTF8 else _geta(text, encoding).encode(encoding)
    media_type = CSV if encoding == UTF8 else CSV_CP932
    checked = validate(content, file_name=name, today=today, profile=profile_id, contacts=contacts)
    for finding in checked.findings:
        if finding.severity == ERROR:
            raise NotPublishable(rule=finding.rule, row=finding.row, column=finding.column, value=finding.value)
    return OpenDataFile(ExportFile(name, media_type, content), len(whole), left_out, lost, checked)


def open_data_json(rows: Sequence[Row], *, profile_id: str, name: str, contacts: Collection[str] = ()) -> ExportFile:
    """The same rows as JSON: a list of objects, headers as keys, empty values left out."""
    wanted = profile(profile_id)
    refuse_private_contacts(rows, wanted, contacts)
    whole, _ = _whole(rows, wanted)
    plain = [{column.header: row[column.field] for column in wanted.columns if row.get(column.field)} for row in whole]
    content = json.dumps(plain, ensure_ascii=False, indent=1).encode()
    return ExportFile(name, JSON, content)


def plain_csv(rows: Sequence[Row], *, profile_id: str) -> bytes:
    """The rows under a profile as they are, for comparing; what leaves goes through ``open_data_file``."""
    return _csv(rows, profile(profile_id)).encode(UTF8)


def refuse_private_contacts(rows: Sequence[Row], wanted: Profile, contacts: Collection[str]) -> None:
    """Raises PrivateContacts; the numbers themselves stand in ``where`` for those who must tick or change them."""
    found = [
        (row.get("number", ""), row.get("name", ""), column.header, contact)
        for row in rows
        for column in wanted.columns
        for contact in private_contacts([row.get(column.field, "")], contacts)
    ]
    if found:
        number, name, header, contact = found[0]
        raise PrivateContacts(
            count=len(found), number=number, name=name, column=header, value=contact, where=tuple(found)
        )


def _whole(rows: Sequence[Row], wanted: Profile) -> tuple[list[Row], tuple[LeftOut, ...]]:
    whole, left_out = [], []
    for row in rows:
        lacking = tuple(column.header for column in wanted.columns if column.required and not row.get(column.field))
        if lacking:
            left_out.append(LeftOut(row.get("number", ""), row.get("name", ""), lacking))
        else:
            whole.append(row)
    return whole, tuple(left_out)


def _csv(rows: Sequence[Row], wanted: Profile) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(wanted.headers)
    writer.writerows([row.get(column.field, "") for column in wanted.columns] for row in rows)
    return out.getvalue()


def _lost(rows: Sequence[Row], wanted: Profile, encoding: str) -> Sequence[LostCharacter]:
    if encoding == UTF8:
        return ()
    return [
        LostCharacter(row.get("number", ""), column.header, lost)
        for row in rows
        for column in wanted.columns
        if (lost := unwritable(row.get(column.field, ""), encoding))
    ]


def _geta(text: str, encoding: str) -> str:
    lost = unwritable(text, encoding)
    return text.translate(dict.fromkeys(map(ord, lost), "〓"))
