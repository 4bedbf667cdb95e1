"""The three catalogues of the settings, as data: their use cases and the fields of their forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from events.catalogue import (
    ORGANISATION_KINDS,
    CatalogueLine,
    DepartmentDraft,
    EntryReceipt,
    OrganisationDraft,
    TopicDraft,
    add_department,
    add_organisation,
    add_topic,
    departments_list,
    edit_department,
    edit_organisation,
    edit_topic,
    organisations_list,
    retire_department,
    retire_organisation,
    retire_topic,
    return_department,
    return_organisation,
    return_topic,
    topics_list,
)

TEXT, NOTE, NUMBER, TICK, CHOICE = "text", "note", "number", "tick", "choice"
UseCase = Callable[..., EntryReceipt]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One catalogue. ``name`` begins its words and its id argument; ``fields`` are pairs of name and sort."""

    name: str
    empty: DepartmentDraft | TopicDraft | OrganisationDraft
    entries: Callable[..., tuple[CatalogueLine, ...]]
    add: UseCase
    edit: UseCase
    retire: UseCase
    bring_back: UseCase
    fields: tuple[tuple[str, str], ...]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def id_name(self) -> str:
        """The name under which its use cases take an entry's id."""
        return f"{self.name}_id"


DEPARTMENTS: Final = Catalogue(
    "department",
    DepartmentDraft(),
    departments_list,
    add_department,
    edit_department,
    retire_department,
    return_department,
    (("name", TEXT),),
)
TOPICS: Final = Catalogue(
    "topic",
    TopicDraft(),
    topics_list,
    add_topic,
    edit_topic,
    retire_topic,
    return_topic,
    (
        ("code", TEXT),
        ("name", TEXT),
        ("part", TEXT),
        ("minutes", NUMBER),
        ("needs_device", TICK),
        ("needs_network", TICK),
        ("materials", NOTE),
    ),
)
ORGANISATIONS: Final = Catalogue(
    "organisation",
    OrganisationDraft(),
    organisations_list,
    add_organisation,
    edit_organisation,
    retire_organisation,
    return_organisation,
    (("name", TEXT), ("kana", TEXT), ("kind", CHOICE), ("code", TEXT), ("contact", NOTE)),
    {"kind": ORGANISATION_KINDS},
)


def edited(draft: Any, name: str, value: object) -> Any:
    """The draft with one field changed."""
    return type(draft)(**{each: getattr(draft, each) for each in draft.__dataclass_fields__} | {name: value})
