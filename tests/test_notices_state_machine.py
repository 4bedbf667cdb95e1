"""Whatever happens in whatever order: everybody knows how they stand, or is on exactly one list to be told."""

import random
from datetime import time, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import invariant, rule
from sqlmodel import select

from events.models import ContactPoint, Notice, Registration
from events.notices.calling import Outcome, Said, record_call
from events.notices.kinds import TO_TELL, is_reminder
from events.notices.mail_queue import note_mail_failed, note_mail_sent, take_mails
from events.notices.queries import people_to_tell
from events.notices.reminders import make_reminders
from events.notices.situation import marks_of
from events.planning.drafts import SessionEdit
from events.planning.editing import edit_session
from events.planning.stopping import cancel_session, postpone_session, reopen_session
from events.states import RegistrationState
from tests import builders
from tests.test_registration_state_machine import BookingMachine


class TellingMachine(BookingMachine):
    """The same office, where sessions stop, move and go on, and people are called and written to."""

    @rule(number=st.integers(0, 3))
    def cancel_a_session(self, number):
        self.attempt(cancel_session, session_id=self.sessions[number].id, reason="台風", by="佐藤")

    @rule(number=st.integers(0, 3))
    def postpone_a_session(self, number):
        self.attempt(postpone_session, session_id=self.sessions[number].id, reason="病気", by="佐藤")

    @rule(number=st.integers(0, 3))
    def go_on(self, number):
        self.attempt(reopen_session, session_id=self.sessions[number].id, reason="回復", by="佐藤")

    @rule(number=st.integers(0, 3), hour=st.sampled_from([10, 13]))
    def move_a_session(self, number, hour):
        session = self.sessions[number]
        self.db.refresh(session)
        edit = SessionEdit(starts=time(hour), confirmed=True)
        self.attempt(edit_session, session_id=session.id, version=session.version, edit=edit, reason="会場", by="佐藤")

    @rule(outcome=st.sampled_from(Outcome), which=st.integers(0, 20))
    def call_somebody(self, outcome, which):
        people = people_to_tell(self.db, municipality_code=builders.CITY, now=self.now)
        if people:
            person = people[which % len(people)]
            said = [Said(item.notice_id, item.kind, item.about) for item in person.items]
            self.attempt(record_call, attendee_id=person.attendee_id, said=said, outcome=outcome, by="佐藤")

    @rule(number=st.integers(0, 8), way=st.sampled_from(["email", ""]))
    def somebody_prefers_mail(self, number, way):
        person = self.people[number]
        person.notice_by = way
        if way and not getattr(self, f"mail_{number}", False):
            self.db.add(
                ContactPoint(
                    municipality_code=builders.CITY,
                    attendee_id=person.id,
                    kind="email",
                    value=f"p{number}@example.jp",
                    value_key=f"p{number}@example.jp",
                )
            )
            setattr(self, f"mail_{number}", True)
        self.db.commit()

    @rule(leaves=st.booleans(), for_good=st.booleans())
    def send_mails(self, leaves, for_good):
        self.now += timedelta(minutes=20)
        for mail in self.attempt(take_mails, municipality_code=builders.CITY) or ():
            values = {"municipality_code": builders.CITY, "said": mail.said}
            if leaves:
                self.attempt(note_mail_sent, by="supportapp", **values)
            else:
                self.attempt(note_mail_failed, failure="550", for_good=for_good, **values)

    @rule()
    def remind(self):
        self.attempt(make_reminders, municipality_code=builders.CITY)

    @invariant()
    def everybody_knows_or_is_on_exactly_one_list(self):
        if not hasattr(self, "sessions"):
            return
        registrations = self.db.exec(select(Registration)).all()
        marks = marks_of(self.db, registrations)
        standing = {each.id: [] for each in registrations}
        for notice in self.db.exec(select(Notice).where(Notice.state.in_(TO_TELL))):
            standing[notice.registration_id].append(notice)
        for each in registrations:
            news = [notice.about for notice in standing[each.id] if not is_reminder(notice.kind)]
            assert news == ([] if each.told_of == marks[each.id] else [marks[each.id]])
            assert len(standing[each.id]) <= 1


_STEPS = 45
_DEEDS = (
    *["book"] * 4,
    *["cancel", "restore", "accept", "decline", "move", "offer", "time_goes_by", "cancel_a_session"],
    *["postpone_a_session", "go_on", "go_on", "move_a_session", "call_somebody", "call_somebody"],
    *["somebody_prefers_mail", "send_mails", "remind"],
)


def values_for(dice, machine, deed, registrations):
    """What one deed is done to."""
    one = dice.choice(registrations) if registrations else None
    offered = machine.db.exec(select(Registration.id).where(Registration.state == RegistrationState.OFFERED)).all()
    return {
        "book": (dice.randint(0, 2), dice.randint(0, 8), dice.randint(0, 1), dice.randint(2, 3)),
        "accept": (dice.choice(offered or [one]),),
        "decline": (dice.choice(offered or [one]),),
        "cancel": (one,),
        "restore": (one,),
        "move": (one, dice.randint(0, 3)),
        "offer": (dice.randint(0, 2),),
        "time_goes_by": (dice.choice((0, 0, 1, 4)),),
        "move_a_session": (dice.randint(0, 3), dice.choice((10, 13))),
        "call_somebody": (dice.choice(list(Outcome)), dice.randint(0, 20)),
        "somebody_prefers_mail": (dice.randint(0, 8), dice.choice(("email", ""))),
        "send_mails": (dice.random() < 0.5, dice.random() < 0.3),
        "remind": (),
    }.get(deed, (dice.randint(0, 3),))


@pytest.mark.parametrize("seed", range(8))
def test_after_any_history_everybody_knows_or_is_on_exactly_one_list(seed):
    dice = random.Random(seed)
    machine = TellingMachine()
    machine.open_office([dice.randint(0, 3) for _ in range(4)], dice.random() < 0.5)
    registrations = []
    for _ in range(_STEPS):
        deed = dice.choice(_DEEDS)
        answer = getattr(machine, deed)(*values_for(dice, machine, deed, registrations))
        if deed == "book" and answer:
            registrations.append(answer)
        machine.nothing_contradicts_itself()
        machine.everybody_knows_or_is_on_exactly_one_list()
    machine.teardown()
