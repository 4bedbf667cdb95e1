"""The site map: every place has an address, and each role has at most five on its rail."""

from dataclasses import dataclass, replace

from supportapp.identity import Role


@dataclass(frozen=True, slots=True)
class Place:
    """A destination of the rail: its address, the key of its word, its icon, and the addresses that belong to it."""

    path: str
    word: str
    icon: str
    also: tuple[str, ...] = ()


TODAY = Place("/", "place.today", "TODAY_OUTLINED")
CALENDAR = Place(
    "/calendar",
    "place.calendar",
    "CALENDAR_MONTH_OUTLINED",
    ("/workshops", "/draws", "/sessions", "/venues", "/matching"),
)
TELEPHONE = Place("/telephone", "place.telephone", "PHONE_OUTLINED", ("/calls", "/notices", "/postcards"))
PEOPLE = Place("/people", "place.people", "PEOPLE_OUTLINED", ("/loans",))
FIGURES = Place("/figures", "place.figures", "BAR_CHART")
EXPORTS = Place("/exports", "place.exports", "FILE_DOWNLOAD_OUTLINED", ("/files-in",))
USERS = Place("/users", "place.users", "MANAGE_ACCOUNTS_OUTLINED")
LOG = Place("/log", "place.log", "HISTORY")
BACKUPS = Place("/backups", "place.backups", "SAVE_OUTLINED")
ORGANISATIONS = Place("/organisations", "place.organisations", "APARTMENT_OUTLINED")
SETTINGS = Place("/settings", "place.settings", "SETTINGS_OUTLINED")
# Who has no place of their own for them finds bodies and the log among the settings.
ALL_SETTINGS = replace(SETTINGS, also=("/organisations", "/log"))
DESK = Place("/desk", "place.desk", "HOW_TO_REG_OUTLINED")
MINE = Place("/mine", "place.mine", "EVENT_AVAILABLE_OUTLINED")
OPEN = Place("/open", "place.open", "VOLUNTEER_ACTIVISM_OUTLINED")
TIMES = Place("/times", "place.times", "SCHEDULE")
RECORD = Place("/record", "place.record", "WORKSPACE_PREMIUM_OUTLINED")

RAIL: dict[Role, tuple[Place, ...]] = {
    Role.STAFF: (TODAY, CALENDAR, TELEPHONE, PEOPLE, FIGURES),
    Role.ORGANISER: (TODAY, CALENDAR, FIGURES, EXPORTS, ALL_SETTINGS),
    Role.ADMINISTRATOR: (USERS, ORGANISATIONS, LOG, BACKUPS, SETTINGS),
    Role.RECEPTION: (DESK,),
    Role.VOLUNTEER: (MINE, OPEN, TIMES, RECORD),
}


def home(role: Role) -> str:
    """Where a role begins."""
    return RAIL[role][0].path


def place_of(role: Role, path: str) -> int | None:
    """Which entry of the role's rail an address belongs to; "/" is every role's first."""
    if path == "/":
        return 0
    best: tuple[int, int] | None = None
    for index, place in enumerate(RAIL[role]):
        for start in (place.path, *place.also):
            if path == start or (start != "/" and path.startswith(start)):
                best = max(best or (0, 0), (len(start), index))
    return best[1] if best else None
