"""What is read back on the telephone, and days, times and places as the booking screens say them."""

from datetime import date, datetime

from events.age_bands import AGE_BANDS
from events.japan.clock import tokyo_time
from events.japan.fiscal_year import fiscal_year
from events.registration_choices import BookableSession
from events.registration_receipts import RegistrationReceipt, SessionTime
from events.registration_rules import is_before_the_draw
from events.states import RegistrationState
from supportapp.messages import Words

_NOON = 12
_AGE_KEYS = {"-59": "under_60", "85-": "over_84", "": "unknown"}


def day_words(say: Words, day: date, today: date, *, spoken: bool = False) -> str:
    """A Tokyo date with its weekday; the year only outside of the fiscal year of ``today``."""
    values = {
        "year": day.year,
        "month": say(f"telephone.month.{day.month}"),
        "day": day.day,
        "weekday": say(f"telephone.weekday.{day.weekday()}"),
    }
    if spoken:
        return say("telephone.day.spoken", **values)
    same_year = fiscal_year(day) == fiscal_year(today)
    return say("telephone.day.short" if same_year else "telephone.day.other_year", **values)


def clock_words(say: Words, moment: datetime) -> str:
    """A moment as it is said aloud in Tokyo: 午後1時30分."""
    clock = tokyo_time(moment)
    if clock.hour == _NOON:
        return say(f"telephone.clock.{'after_noon' if clock.minute else 'noon'}", minute=f"{clock.minute:02}")
    hour = clock.hour if clock.hour < _NOON else clock.hour - _NOON
    key = "minutes" if clock.minute else "whole"
    time = say(f"telephone.clock.{key}", hour=hour, minute=f"{clock.minute:02}")
    return say("telephone.clock.morning" if clock.hour < _NOON else "telephone.clock.afternoon", time=time)


def span_words(time: SessionTime, day: str) -> str:
    """A day and times in figures: 12月2日（水）13:30–15:30."""
    if time.starts_at is None:
        return day
    ends = f"–{tokyo_time(time.ends_at):%H:%M}" if time.ends_at else ""
    return f"{day} {tokyo_time(time.starts_at):%H:%M}{ends}"


def place_words(say: Words, time: SessionTime) -> str:
    """Where a session is, in as many words as are known."""
    if time.online:
        return say("telephone.read.online")
    if not time.venue:
        return say("telephone.read.somewhere")
    return say("telephone.read.place", venue=time.venue, room=time.room).strip()


def age_words(say: Words, band: str) -> str:
    """An age band in words; nothing known is said too."""
    return say(f"person.age.{_AGE_KEYS.get(band, band if band in AGE_BANDS else 'unknown')}")


def question_to_read(
    say: Words, row: BookableSession, *, name: str, today: date, slot_starts_at: datetime | None = None
) -> str:
    """What is read aloud before the booking: what, when, where, and how it stands with seats."""
    first = row.sessions[0]
    values = {"name": name, "title": row.title, "when": spoken_when(say, first), "where": place_words(say, first)}
    is_course = len(row.sessions) > 1
    asked = say(f"telephone.read.ask{'_course' if is_course else ''}", count=len(row.sessions), **values)
    slot = say("telephone.read.slot", time=clock_words(say, slot_starts_at)) if slot_starts_at else ""
    return asked + _standing(say, row, today) + slot + _extras(say, row.bring, row.fee)


def receipt_to_read(say: Words, receipt: RegistrationReceipt, *, today: date) -> str:
    """What is read aloud after the booking."""
    first = receipt.sessions[0]
    state = receipt.state.value
    is_course = receipt.state is RegistrationState.CONFIRMED and len(receipt.sessions) > 1
    done = say(
        f"telephone.read.{state}{'_course' if is_course else ''}",
        name=receipt.attendee_name,
        title=receipt.title,
        when=spoken_when(say, first),
        where=place_words(say, first),
        rank=receipt.rank,
        count=len(receipt.sessions),
    )
    if receipt.state is RegistrationState.WAITING_DRAW:
        done += _draw(say, receipt.result_notice_on, today)
    if receipt.slot_starts_at is not None:
        done += say("telephone.read.slot", time=clock_words(say, receipt.slot_starts_at))
    if receipt.state is RegistrationState.CONFIRMED:
        done += _extras(say, receipt.bring, receipt.fee)
    return done + say("telephone.read.number", number=receipt.receipt_number)


def _standing(say: Words, row: BookableSession, today: date) -> str:
    if is_before_the_draw(row.method, drawn=row.drawn):
        return _draw(say, row.result_notice_on, today)
    if row.seats_left > 0:
        return say("telephone.read.seat")
    return say("telephone.read.wait", rank=row.waiting + 1)


def _draw(say: Words, told_on: date | None, today: date) -> str:
    if told_on is None:
        return say("telephone.read.draw_someday")
    return say("telephone.read.draw", day=day_words(say, told_on, today))


def _extras(say: Words, bring: str, fee: int) -> str:
    things = say("telephone.read.bring", things=bring) if bring else ""
    return things + (say("telephone.read.fee", yen=fee) if fee else "")


def spoken_when(say: Words, time: SessionTime) -> str:
    """Day and times of a session as they are said aloud."""
    day = day_words(say, time.held_on, time.held_on, spoken=True)
    if time.starts_at is None or time.ends_at is None:
        return say("telephone.read.no_time", day=day)
    starts, ends = clock_words(say, time.starts_at), clock_words(say, time.ends_at)
    return say("telephone.read.span", day=day, starts=starts, ends=ends)
