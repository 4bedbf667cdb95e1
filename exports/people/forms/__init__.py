"""The documented header rows of people's lists, one data file each, and the words that stand in their cells."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

KINDS: Final = ("registrations", "attendees", "volunteers")


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column: its header, our name for what it holds, and other headers it is known by.

    ``extra``: taken when it is there, but no part of the documented row.
    """

    header: str
    field: str
    required: bool = False
    extra: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One header row; ``sheet`` is the name of the sheet that we write."""

    id: str
    sheet: str
    columns: tuple[FormColumn, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """The documented header row."""
        return tuple(column.header for column in self.columns if not column.extra)

    def header(self, field: str) -> str:
        """The documented header of a field; the field itself where it has none."""
        return next((column.header for column in self.columns if column.field == field), field)


@cache
def form(kind: str) -> Form:
    """The form of ``registrations``, ``attendees`` or ``volunteers``."""
    values = _loaded(kind)
    columns = (FormColumn(**{**each, "aliases": tuple(each.get("aliases", ()))}) for each in values["column"])
    return Form(values["id"], values["sheet"], tuple(columns))


def code_of(subject: str, word: str) -> str | None:
    """What a word in a cell stands for; None where it says nothing that we know."""
    return _codes(subject).get(_plain(word))


def word_of(subject: str, code: str) -> str:
    """The word that we write for a code; the code itself where there is none."""
    words = _words().get(subject, {}).get(code)
    return words[0] if words else code


def words_for(subject: str) -> tuple[str, ...]:
    """The words that we write for a subject, in order."""
    return tuple(words[0] for words in _words()[subject].values())


@cache
def _codes(subject: str) -> Mapping[str, str]:
    return {_plain(word): code for code, words in _words()[subject].items() for word in (*words, code)}


@cache
def _words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    loaded = _loaded("words")
    return {name: {code: tuple(words) for code, words in table.items()} for name, table in loaded.items()}


@cache
def _loaded(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _plain(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).casefold().split()).replace("〜", "~")
