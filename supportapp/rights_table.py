"""The table of rights on paper, for the security officer: what each role may do, and how far it reaches."""

from datetime import datetime
from typing import Final

from exports.files import ExportFile
from exports.workbook import Column, PrintSetup, Sheet, write_workbook
from supportapp.identity import Role
from supportapp.messages import catalogue, words
from supportapp.rights import RIGHTS

PRINTED_ROLES: Final = (Role.STAFF, Role.ORGANISER, Role.ADMINISTRATOR, Role.RECEPTION, Role.VOLUNTEER)


def rights_rows(language: str) -> list[list[str]]:
    """One row for each right: the deed in words (as the log writes it), its name, and the reach of each role."""
    say, sentences = words(language), catalogue(language)
    rows = []
    for name, reaches in RIGHTS.items():
        deed = name.rpartition(".")[2]
        told = sentences.get(f"log.deed.{deed}", say("rights.reads"))
        cells = [say(f"rights.reach.{reaches[role].value}") if role in reaches else "" for role in PRINTED_ROLES]
        rows.append([told, name, *cells, "" if reaches else say("rights.nobody")])
    return rows


def rights_workbook(*, language: str, made_at: datetime) -> ExportFile:
    """The table as an xlsx file that prints on A4 across. ``made_at`` is aware."""
    say = words(language)
    columns = (
        Column(say("rights.deed"), width=34),
        Column(say("rights.name"), width=52),
        *(Column(say(f"role.{role.value}"), width=14) for role in PRINTED_ROLES),
        Column(say("rights.note"), width=22),
    )
    title = say("rights.title")
    sheet = Sheet(title, columns, rights_rows(language), PrintSetup(title=title, landscape=True))
    return write_workbook(say("rights.file"), [sheet], made_at=made_at, title=title)
