"""The list of helpers: who they are, how to reach them, how far they have come, what was seen of their papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.errors import Conflict, InvalidValue, NotFound
from events.free_text import checked_text
from events.japan.names import kana_key, name_key
from events.japan.telephones import telephone_key
from events.models import ContactPoint, Municipality, Venue
from events.states import ContactKind
from volunteers.errors import AlreadyMember, SupporterMustBeAdult
from volunteers.models import Membership, SeenDocument, Volunteer
from volunteers.situation import is_adult
from volunteers.states import VolunteerKind, VolunteerState

SKILLS = ("iphone", "android", "line", "camera", "cashless", "mynumber_portal", "sign_language", "english")
DOCUMENTS = ("supporter_card", "age", "insurance", "oath", "training")
MOST_COURSES = 99
MOST_KM = 100.0
MOST_IN_A_MONTH = 31
MOST_IN_A_WEEK = 21


@dataclass(frozen=True, slots=True)
class VolunteerDetails:
    """What the form about a helper holds. ``max_km`` in kilometres; ``skills`` are codes of ``SKILLS``."""

    name: str
    kind: VolunteerKind
    kana: str = ""
    telephone: str = ""
    email: str = ""
    birth_date: date | None = None
    residence: str = ""
    town: str = ""
    address: str = ""
    max_km: float | None = None
    skills: tuple[str, ...] = ()
    can_lead: bool = False
    experienced: bool = False
    courses_done: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class MembershipTerms:
    """How somebody helps in a municipality: state, and how many sessions at most (None: no limit)."""

    state: VolunteerState
    cap_per_month: int | None = None
    cap_per_week: int | None = None
    seen_next_door: bool = False


@dataclass(frozen=True, slots=True)
class VolunteerReceipt:
    """A helper who was just written down; ``namesakes`` share the name and the kana here already."""

    volunteer_id: UUID
    version: int
    namesakes: tuple[UUID, ...] = ()


def add_volunteer(
    db: Session,
    *,
    municipality_code: str,
    details: VolunteerDetails,
    terms: MembershipTerms,
    now: datetime,
    today: date,
    new_id: UUID | None = None,
) -> VolunteerReceipt:
    """Write a new helper down, at home in the middle of their 町 until an address says better.

    ``new_id`` is the id that the row shall have, made by whoever calls.

    Raises:
        SupporterMustBeAdult: under 18 today, and of the kind TOKYOスマホサポーター.
        InvalidValue: a value cannot be used; says which.
    """
    if db.get(Municipality, municipality_code) is None:
        raise NotFound(thing="municipality", value=municipality_code)
    checked = checked_details(details, today)
    volunteer = Volunteer(name=checked.name, kind=checked.kind, created_at=now)
    if new_id is not None:
        volunteer.id = new_id
    namesakes = _namesakes(db, municipality_code, checked)
    _fill_in(db, volunteer, checked, municipality_code)
    db.add(volunteer)
    db.flush()
    _keep_contacts(db, volunteer.id, municipality_code, checked)
    _check_terms(terms)
    db.add(
        Membership(
            volunteer_id=volunteer.id,
            municipality_code=municipality_code,
            state=terms.state,
            since=today,
            cap_per_month=terms.cap_per_month,
            cap_per_week=terms.cap_per_week,
            seen_next_door=terms.seen_next_door,
        )
    )
    db.flush()
    return VolunteerReceipt(volunteer.id, volunteer.version, namesakes)


def edit_volunteer(
    db: Session,
    *,
    volunteer_id: UUID,
    municipality_code: str,
    details: VolunteerDetails,
    version: int,
    today: date,
) -> VolunteerReceipt:
    """Change what is written about a helper; ``version`` is the one that was read.

    Raises:
        Conflict: somebody changed it meanwhile. SupporterMustBeAdult, InvalidValue: as when adding.
    """
    volunteer = _locked(db, volunteer_id)
    if volunteer.version != version:
        raise Conflict(thing="volunteer")
    checked = checked_details(details, today)
    _fill_in(db, volunteer, checked, municipality_code)
    volunteer.version += 1
    _keep_contacts(db, volunteer_id, municipality_code, checked)
    db.flush()
    return VolunteerReceipt(volunteer_id, volunteer.version)


def set_membership(
    db: Session, *, volunteer_id: UUID, municipality_code: str, terms: MembershipTerms
) -> VolunteerReceipt:
    """Say how far somebody has come here, and how many sessions they agreed to."""
    volunteer = _locked(db, volunteer_id)
    _check_terms(terms)
    member = _membership(db, volunteer_id, municipality_code)
    member.state, member.seen_next_door = terms.state, terms.seen_next_door
    member.cap_per_month, member.cap_per_week = terms.cap_per_month, terms.cap_per_week
    db.flush()
    return VolunteerReceipt(volunteer_id, volunteer.version)


def set_caps(
    db: Session,
    *,
    volunteer_id: UUID,
    municipality_code: str,
    cap_per_month: int | None,
    cap_per_week: int | None,
) -> VolunteerReceipt:
    """Say to how many sessions a month and a week one agrees; None: no limit."""
    member = _membership(db, volunteer_id, municipality_code)
    terms = MembershipTerms(member.state, cap_per_month, cap_per_week, member.seen_next_door)
    return set_membership(db, volunteer_id=volunteer_id, municipality_code=municipality_code, terms=terms)


def join_municipality(
    db: Session, *, volunteer_id: UUID, municipality_code: str, terms: MembershipTerms, today: date
) -> VolunteerReceipt:
    """Let somebody who helps elsewhere help here too.

    Raises:
        AlreadyMember: they do already.
    """
    volunteer = _locked(db, volunteer_id)
    _check_terms(terms)
    if _membership_or_none(db, volunteer_id, municipality_code) is not None:
        raise AlreadyMember
    db.add(
        Membership(
            volunteer_id=volunteer_id,
            municipality_code=municipality_code,
            state=terms.state,
            since=today,
            cap_per_month=terms.cap_per_month,
            cap_per_week=terms.cap_per_week,
        )
    )
    db.flush()
    return VolunteerReceipt(volunteer_id, volunteer.version)


def note_document_seen(
    db: Session, *, volunteer_id: UUID, kind: str, seen_on: date, today: date, by: str
) -> VolunteerReceipt:
    """Write down that a paper was seen, when and by whom; seeing the age also settles that they are 18.

    Raises:
        InvalidValue: an unknown kind of paper, or a day that has not come yet.
    """
    if kind not in DOCUMENTS:
        raise InvalidValue(field="document", value=kind, problem="unknown")
    if seen_on > today:
        raise InvalidValue(field="seen_on", value=seen_on, problem="in_the_future")
    volunteer = _locked(db, volunteer_id)
    db.add(SeenDocument(volunteer_id=volunteer_id, kind=kind, seen_on=seen_on, seen_by=by))
    if kind == "age":
        volunteer.adult_seen_on, volunteer.adult_seen_by = seen_on, by
        volunteer.version += 1
    db.flush()
    return VolunteerReceipt(volunteer_id, volunteer.version)


def town_centre(db: Session, *, municipality_code: str, town: str) -> tuple[float, float] | None:
    """The middle of a 町 (of the venues in it; of the city where none is), as latitude and longitude."""
    if town:
        middle = db.exec(
            select(func.avg(Venue.latitude), func.avg(Venue.longitude)).where(
                Venue.municipality_code == municipality_code,
                Venue.town == town,
                col(Venue.latitude).is_not(None),
                col(Venue.longitude).is_not(None),
            )
        ).one()
        if middle[0] is not None and middle[1] is not None:
            return float(middle[0]), float(middle[1])
    city = db.get(Municipality, municipality_code)
    if city is None or city.latitude is None or city.longitude is None:
        return None
    return city.latitude, city.longitude


def checked_details(details: VolunteerDetails, today: date) -> VolunteerDetails:
    """The form as it is stored. Raises InvalidValue, SupporterMustBeAdult."""
    born = details.birth_date
    if born is not None and not date(today.year - 120, 1, 1) <= born <= today:
        raise InvalidValue(field="birth_date", value=born, problem="out_of_range", least=today.year - 120, most=today)
    if details.max_km is not None and not 0 < details.max_km <= MOST_KM:
        raise InvalidValue(field="max_km", value=details.max_km, problem="out_of_range", least=0, most=MOST_KM)
    if not 0 <= details.courses_done <= MOST_COURSES:
        raise InvalidValue(
            field="courses_done", value=details.courses_done, problem="out_of_range", least=0, most=MOST_COURSES
        )
    adult = is_adult(Volunteer(name="", kind=details.kind, birth_date=born), today)
    if details.kind is VolunteerKind.TOKYO_SUPPORTER and adult is False:
        raise SupporterMustBeAdult
    email = checked_text(details.email, field="email", longest=200)
    if email and ("@" not in email or " " in email):
        raise InvalidValue(field="email", value=email, problem="not_an_address")
    return VolunteerDetails(
        name=checked_text(details.name, field="name", longest=100, required=True),
        kind=details.kind,
        kana=checked_text(details.kana, field="kana", longest=100),
        telephone=checked_text(details.telephone, field="telephone", longest=40),
        email=email,
        birth_date=born,
        residence=checked_text(details.residence, field="residence", longest=20),
        town=checked_text(details.town, field="town", longest=100),
        address=checked_text(details.address, field="address", longest=300),
        max_km=details.max_km,
        skills=tuple(checked_text(each, field="skills", longest=40, required=True) for each in details.skills),
        can_lead=details.can_lead,
        experienced=details.experienced,
        courses_done=details.courses_done,
        note=checked_text(details.note, field="note", longest=2000, lines=True),
    )


def _fill_in(db: Session, volunteer: Volunteer, details: VolunteerDetails, code: str) -> None:
    moved = volunteer.town != details.town or volunteer.latitude is None
    for name in ("name", "kind", "kana", "birth_date", "residence", "town", "address", "max_km"):
        setattr(volunteer, name, getattr(details, name))
    volunteer.name_key, volunteer.kana_key = name_key(details.name), kana_key(details.kana)
    volunteer.skills = sorted(set(details.skills))
    volunteer.can_lead, volunteer.experienced = details.can_lead, details.experienced
    volunteer.courses_done, volunteer.note = details.courses_done, details.note
    if moved:
        volunteer.latitude, volunteer.longitude = town_centre(db, municipality_code=code, town=details.town) or (
            None,
            None,
        )


def _keep_contacts(db: Session, volunteer_id: UUID, code: str, details: VolunteerDetails) -> None:
    """One telephone number and one mail address from the form; empty takes it away."""
    for kind, value, key in (
        (ContactKind.TELEPHONE, details.telephone, telephone_key(details.telephone)),
        (ContactKind.EMAIL, details.email, details.email.casefold()),
    ):
        found = db.exec(
            select(ContactPoint).where(ContactPoint.volunteer_id == volunteer_id, ContactPoint.kind == kind)
        ).first()
        if not value:
            if found is not None:
                db.delete(found)
            continue
        if found is None:
            found = ContactPoint(
                municipality_code=code, volunteer_id=volunteer_id, kind=kind, value=value, value_key=key
            )
            db.add(found)
        found.value, found.value_key = value, key


def _namesakes(db: Session, code: str, details: VolunteerDetails) -> tuple[UUID, ...]:
    query = (
        select(Volunteer.id)
        .join(Membership, col(Membership.volunteer_id) == col(Volunteer.id))
        .where(
            Membership.municipality_code == code,
            Volunteer.name_key == name_key(details.name),
            Volunteer.kana_key == kana_key(details.kana),
        )
    )
    found: Sequence[UUID] = db.exec(query).all()
    return tuple(found)


def _check_terms(terms: MembershipTerms) -> None:
    for field, value, most in (
        ("cap_per_month", terms.cap_per_month, MOST_IN_A_MONTH),
        ("cap_per_week", terms.cap_per_week, MOST_IN_A_WEEK),
    ):
        if value is not None and not 0 <= value <= most:
            raise InvalidValue(field=field, value=value, problem="out_of_range", least=0, most=most)


def _locked(db: Session, volunteer_id: UUID) -> Volunteer:
    found = db.exec(select(Volunteer).where(Volunteer.id == volunteer_id).with_for_update()).first()
    if found is None or found.forgotten_at is not None:
        raise NotFound(thing="volunteer", value=volunteer_id)
    return found


def _membership_or_none(db: Session, volunteer_id: UUID, code: str) -> Membership | None:
    return db.exec(
        select(Membership).where(Membership.volunteer_id == volunteer_id, Membership.municipality_code == code)
    ).first()


def _membership(db: Session, volunteer_id: UUID, code: str) -> Membership:
    found = _membership_or_none(db, volunteer_id, code)
    if found is None:
        raise NotFound(thing="membership", value=volunteer_id)
    return found
