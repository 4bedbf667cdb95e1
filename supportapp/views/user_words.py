"""How an account's role reads on the screen."""

from events.japan.clock import tokyo_date, tokyo_time
from supportapp.account_lists import RoleLine
from supportapp.days import day_words
from supportapp.hooks import Office
from supportapp.identity import Role


def role_words(office: Office, role: Role) -> str:
    """The name of a role."""
    return office.words(f"role.{role.value}")


def held_role_words(office: Office, held: RoleLine) -> str:
    """The name of a role, with the one session it is for."""
    name = role_words(office, held.role)
    if held.session_starts_at is None:
        return name
    day = day_words(office.words, office.language, tokyo_date(held.session_starts_at), office.today)
    when = f"{day} {tokyo_time(held.session_starts_at):%H:%M}"
    return office.words("users.role_for_session", role=name, day=when, title=held.session)
