"""設定: the rules of a municipality that screens, matching and letters go by, read and changed as a whole."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlmodel import Session

from events.errors import Conflict, NotFound
from events.free_text import checked_text
from events.models import Municipality
from events.planning.checks import checked_number
from events.public_programme import PUBLIC_PAGES
from events.surveys import INDICATOR, LONGEST_INDICATOR
from events.waiting_list import REPLY_DAYS
from volunteers.matching.problem import Policy
from volunteers.signup import LEAVE_LIMIT_HOURS

_COLUMNS: Final = (
    "people_per_helper",
    "staff_need_insurance",
    "instructors_need_insurance",
    "contact_name",
    "contact_telephone",
)
_NUMBERS: Final[Mapping[str, tuple[int, int]]] = {
    "people_per_helper": (1, 50),
    "travel_kmh": (1, 100),
    "offer_reply_days": (1, 30),
    "leave_limit_hours": (0, 336),
}
_TEXTS: Final = {
    "contact_name": 200, "contact_telephone": 40, "office_postal_code": 10, "office_address": 300,
    INDICATOR: LONGEST_INDICATOR,
}  # fmt: skip
_ASKS, _TAKES = "applied", "confirmed"


@dataclass(frozen=True, slots=True)
class CitySettings:
    """The rules.

    ``people_per_helper``: one helper for so many people. ``travel_kmh``: how fast helpers get from hall to hall.
    ``offer_reply_days``: how long a freed seat is held for an answer. ``leave_limit_hours``: until when before a
    session a volunteer may leave it by themselves. ``volunteers_ask``: a volunteer who takes a session waits for
    staff. ``staff_need_insurance`` and ``instructors_need_insurance``: no exemption for 職員 and 事業者講師.
    The office's address stands as sender on postcards. ``public_pages``: workshops, applications and offers to help
    are shown to anybody. ``survey_indicator``: the words of the city's own indicator in questionnaires.
    """

    people_per_helper: int
    travel_kmh: int
    offer_reply_days: int
    leave_limit_hours: int
    volunteers_ask: bool
    staff_need_insurance: bool
    instructors_need_insurance: bool
    contact_name: str
    contact_telephone: str
    office_postal_code: str
    office_address: str
    public_pages: bool
    survey_indicator: str


def city_settings(db: Session, *, municipality_code: str) -> CitySettings:
    """The rules as they stand; what nobody decided has the usual value. Raises NotFound."""
    return _settings_of(_city(db, municipality_code))


def change_city_settings(
    db: Session, *, municipality_code: str, values: CitySettings, seen: CitySettings, now: datetime, by: str
) -> CitySettings:
    """Change the rules. ``seen`` is what the person had before their eyes.

    Raises Conflict (somebody changed them meanwhile), InvalidValue, NotFound.
    """
    city = _city(db, municipality_code, lock=True)
    if _settings_of(city) != seen:
        raise Conflict(thing="municipality_code")
    wanted = _checked(values)
    for name in _COLUMNS:
        if getattr(city, name) != wanted[name]:
            setattr(city, name, wanted[name])
    kept = {
        **city.settings,
        "offer_reply_days": wanted["offer_reply_days"],
        "leave_limit_hours": wanted["leave_limit_hours"],
        "volunteers_take": _ASKS if wanted["volunteers_ask"] else _TAKES,
        "matching": {**_matching(city), "travel_kmh": wanted["travel_kmh"]},
        "office_postal_code": wanted["office_postal_code"],
        "office_address": wanted["office_address"],
        PUBLIC_PAGES: wanted[PUBLIC_PAGES],
        INDICATOR: wanted[INDICATOR],
    }
    if values != seen:
        city.settings = kept
    db.flush()
    del now, by  # the log names who and when
    return _settings_of(city)


def _city(db: Session, municipality_code: str, *, lock: bool = False) -> Municipality:
    city = db.get(Municipality, municipality_code, with_for_update=lock, populate_existing=True)
    if city is None:
        raise NotFound(thing="municipality_code")
    return city


def _settings_of(city: Municipality) -> CitySettings:
    said = cast("Mapping[str, Any]", city.settings)
    return CitySettings(
        travel_kmh=round(float(_matching(city).get("travel_kmh", Policy().travel_kmh))),
        offer_reply_days=int(said.get("offer_reply_days", REPLY_DAYS)),
        leave_limit_hours=int(said.get("leave_limit_hours", LEAVE_LIMIT_HOURS)),
        volunteers_ask=said.get("volunteers_take") == _ASKS,
        office_postal_code=str(said.get("office_postal_code", "")),
        office_address=str(said.get("office_address", "")),
        public_pages=said.get(PUBLIC_PAGES) is not False,
        survey_indicator=str(said.get(INDICATOR, "")),
        **{name: getattr(city, name) for name in _COLUMNS},
    )


def _matching(city: Municipality) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", city.settings.get("matching") or {})


def _checked(values: CitySettings) -> dict[str, Any]:
    wanted = asdict(values)
    for name, (least, most) in _NUMBERS.items():
        checked_number(name, wanted[name], least=least, most=most)
    for name, longest in _TEXTS.items():
        wanted[name] = checked_text(wanted[name], field=name, longest=longest)
    return wanted
