"""The table of rights: use case or query → role → how far it reaches. What does not stand here is refused.

Printed for the security officer by the administrator's screen. One section for each part of the office's work.
"""

from collections.abc import Mapping
from enum import StrEnum

from supportapp.identity import Role


class Reach(StrEnum):
    """How far a right goes."""

    MUNICIPALITY = "municipality"
    OWN = "own"  # a volunteer: only what names their own volunteer_id
    SESSION = "session"  # a receptionist of one session: only that session


Rights = Mapping[Role, Reach]

OFFICE: Rights = {
    Role.STAFF: Reach.MUNICIPALITY,
    Role.ORGANISER: Reach.MUNICIPALITY,
    Role.ADMINISTRATOR: Reach.MUNICIPALITY,
}
BOOKING: Rights = {Role.STAFF: Reach.MUNICIPALITY, Role.ORGANISER: Reach.MUNICIPALITY}
DESK: Rights = {**BOOKING, Role.RECEPTION: Reach.MUNICIPALITY}
EVERYONE_INSIDE: Rights = {**OFFICE, Role.RECEPTION: Reach.MUNICIPALITY, Role.VOLUNTEER: Reach.MUNICIPALITY}
OWN: Rights = {Role.VOLUNTEER: Reach.OWN}
ADMINISTRATION: Rights = {Role.ADMINISTRATOR: Reach.MUNICIPALITY}

PLANNING: Mapping[str, Rights] = {
    "events.planning.workshops.create_workshop": BOOKING,
    "events.planning.unfinished.unfinished_plan": BOOKING,
    "events.planning.unfinished.keep_plan": BOOKING,
    "events.planning.unfinished.drop_plan": BOOKING,
    "events.planning.windows.set_intake_times": BOOKING,
    "events.planning.publishing.publish_workshop": BOOKING,
    "events.planning.publishing.withdraw_workshop": BOOKING,
    "events.planning.editing.edit_workshop": BOOKING,
    "events.planning.editing.edit_session": BOOKING,
    "events.planning.editing.add_sessions": BOOKING,
    "events.planning.stopping.cancel_session": BOOKING,
    "events.planning.stopping.cancel_workshop": BOOKING,
    "events.planning.stopping.postpone_session": BOOKING,
    "events.planning.stopping.reopen_session": BOOKING,
    "events.planning.again.plan_again": BOOKING,
    "events.planning.again.proposed_days": BOOKING,
    "events.planning.clashes.check_sessions": BOOKING,
    "events.cautions.cautions_of": OFFICE,
    "events.venues.add_venue": OFFICE,
    "events.venues.edit_venue": OFFICE,
    "events.venues.retire_venue": OFFICE,
    "events.venues.return_venue": OFFICE,
    "events.importing.offerings.import_offerings": OFFICE,
    "events.importing.facilities.import_venues": OFFICE,
    "supportapp.importing.rehearse_offerings": OFFICE,
    "supportapp.importing.rehearse_venues": OFFICE,
    "events.programme_queries.sessions_between": {**OFFICE, Role.RECEPTION: Reach.MUNICIPALITY},
    "events.programme_queries.sessions_on_venue": OFFICE,
    "events.programme_queries.week_by_room": OFFICE,
    "events.programme_session.session_page": {**OFFICE, Role.RECEPTION: Reach.MUNICIPALITY},
    "events.programme_workshop.workshop_page": OFFICE,
    "events.programme_workshop.workshops_list": OFFICE,
    "events.programme_workshop.workshop_choices": OFFICE,
    "events.programme_venues.venues_list": OFFICE,
    "events.programme_venues.venue_page": OFFICE,
    "events.programme_venues.find_everywhere": OFFICE,
    "events.programme_venues.day_notices": OFFICE,
    "supportapp.attention.attention": OFFICE,
    "supportapp.attention.staffed_sessions": OFFICE,
    "supportapp.history.session_history": OFFICE,
}

BOOKINGS: Mapping[str, Rights] = {
    "events.attendees.add_attendee": BOOKING,
    "events.attendees.edit_attendee": BOOKING,
    "events.attendee_search.find_people": BOOKING,
    "events.attendee_search.possible_duplicates": BOOKING,
    "events.attendee_page.attendee_page": BOOKING,
    "events.attendee_page.caller": BOOKING,
    "events.attendee_merge.merged_records": BOOKING,
    "events.attendee_merge.merge_preview": BOOKING,
    "events.attendee_merge.merge_attendees": BOOKING,
    "events.attendee_merge.unmerge_attendee": BOOKING,
    "events.registration.register_attendee": BOOKING,
    "events.registration_changes.cancel_registration": BOOKING,
    "events.registration_changes.restore_registration": BOOKING,
    "events.registration_changes.move_registration": BOOKING,
    "events.registration_offers.offer_next": BOOKING,
    "events.registration_offers.accept_offer": BOOKING,
    "events.registration_offers.decline_offer": BOOKING,
    "events.registration_offers.expire_offers": BOOKING,
    "events.registration_offers.offer_freed_seats": {},
    "events.registration_choices.bookable_sessions": BOOKING,
    "events.registration_queries.session_people": BOOKING,
    "events.registration_queries.registration_receipt": BOOKING,
    "events.overdue_loans.overdue_loans": BOOKING,
    "events.calls.start_call": BOOKING,
    "events.calls.save_call": BOOKING,
    "events.calls.hold_call": BOOKING,
    "events.calls.resume_call": BOOKING,
    "events.calls.drop_call": BOOKING,
    "events.calls.close_call": BOOKING,
    "events.calls.open_calls": BOOKING,
    "events.calls.book_call": BOOKING,
}

DRAWS: Mapping[str, Rights] = {
    "events.draw.page.draw_page": BOOKING,
    "events.draw.page.draw_preview": BOOKING,
    "events.draw.page.draw_record": BOOKING,
    "events.draw.page.draws_of_workshop": OFFICE,
    "events.draw.rules.set_draw_rules": BOOKING,
    "events.draw.decisions.decide_draw_part": BOOKING,
    "events.draw.decisions.undo_draw_decision": BOOKING,
    "events.draw.holding.hold_draw": BOOKING,
    "events.parties.link_party": BOOKING,
    "events.parties.unlink_party": BOOKING,
}

UNDOING: Mapping[str, Rights] = {"supportapp.undoing.undo_entry": BOOKING}

# What stands here with nobody is done by the server itself: reminders, and mails on their way.
TELLING: Mapping[str, Rights] = {
    **dict.fromkeys(
        (
            "events.notices.queries.people_to_tell",
            "events.notices.queries.ways_to_tell",
            "events.notices.queries.who_is_concerned",
            "events.notices.queries.told_about",
            "events.notices.calling.record_call",
            "events.notices.calling.take_back_told",
            "events.notices.calling.change_way",
            "events.notices.results.begin_telling",
            "events.notices.results.draws_to_tell",
            "events.notices.mail_queue.send_again",
            "supportapp.mailing.sender_of",
        ),
        BOOKING,
    ),
    "events.notices.mail_queue.take_mails": {},
    "events.notices.mail_queue.note_mail_sent": {},
    "events.notices.mail_queue.note_mail_failed": {},
    "events.notices.reminders.make_reminders": {},
}

THE_DAY: Mapping[str, Rights] = {
    "events.attendance_queries.reception_list": DESK,
    "events.attendance_queries.receptions_today": DESK,
    "events.attendance.check_in": DESK,
    "events.attendance.change_attendance": DESK,
    "events.attendance.undo_check_in": DESK,
    "events.attendance.leave_early": DESK,
    "events.attendance.undo_leaving": DESK,
    "events.attendance_corrections.mark_rest_absent": DESK,
    "events.attendance_corrections.correct_attendance": BOOKING,
    "events.walk_in_people.known_people": DESK,
    "events.walk_ins.walk_in": DESK,
    "events.walk_ins.undo_walk_in": DESK,
}

_BOOKING_OR_OWN: Rights = {**BOOKING, **OWN}

VOLUNTEERS: Mapping[str, Rights] = {
    **dict.fromkeys(
        (
            "volunteers.roster.add_volunteer",
            "volunteers.roster.edit_volunteer",
            "volunteers.roster.set_membership",
            "volunteers.roster.note_document_seen",
            "volunteers.insurance.record_insurance",
            "volunteers.insurance.plan_renewal",
            "volunteers.signup.assign_volunteer",
            "volunteers.signup.ask_volunteer",
            "volunteers.signup.confirm_assignment",
            "volunteers.signup.release_volunteer",
            "volunteers.signup.change_role",
            "volunteers.cover.cover_plan",
            "volunteers.cover.cover_absence",
            "volunteers.hours.note_no_show",
            "volunteers.hours.forget_hours",
            "volunteers.placement_notes.pin",
            "volunteers.placement_notes.forbid",
            "volunteers.placement_notes.leave_open",
            "volunteers.matching.question.matching_problem",
            "volunteers.matching.proposals.store_proposal",
            "volunteers.matching.proposals.accept_proposal",
            "volunteers.matching.proposals.discard_proposal",
            "volunteers.matching.month.matching_month",
            "volunteers.matching.who_else.who_else",
            "volunteers.queries.volunteers_list",
            "volunteers.queries.volunteer_page",
            "volunteers.queries.helpers_at",
            "volunteers.need.staffing",
            "volunteers.need.staffing_of",
        ),
        BOOKING,
    ),
    **dict.fromkeys(
        (
            "volunteers.roster.set_caps",
            "volunteers.availability.set_weekly_times",
            "volunteers.availability.add_exception",
            "volunteers.availability.remove_exception",
            "volunteers.availability.times_of",
            "volunteers.signup.take_session",
            "volunteers.signup.ask_for",
            "volunteers.signup.leave_session",
            "volunteers.signup.undo_last_step",
            "volunteers.hours.record_hours",
            "volunteers.hours.record_of",
            "volunteers.own_queries.my_sessions",
            "volunteers.own_queries.my_limits",
            "volunteers.own_queries.open_sessions_for",
            "volunteers.own_queries.assignments_for_calendar",
        ),
        _BOOKING_OR_OWN,
    ),
}

# What stands here with nobody is done by the server itself, for whoever holds the secret address.
FILES: Mapping[str, Rights] = {
    "events.day_lists.roster": DESK,
    "events.day_lists.attendance_lines": BOOKING,
    "events.calendar_queries.municipality_of_session": DESK,
    "events.calendar_queries.calendar_of_municipality": BOOKING,
    "events.calendar_queries.calendar_of_venue": BOOKING,
    "events.calendar_queries.calendar_of_session": BOOKING,
    "events.calendar_queries.numbers_of_sessions": BOOKING,
    "supportapp.files_left.record_file_left": {**DESK, **OWN},
    "supportapp.files_left.files_left": OFFICE,
    "supportapp.waiting_files.leave_file": {**DESK, Role.VOLUNTEER: Reach.MUNICIPALITY},
    "supportapp.waiting_files.fetch_file": {},
    "supportapp.waiting_files.expect_upload": BOOKING,
    "supportapp.waiting_files.upload_place": {},
    "supportapp.waiting_files.bring_file": {},
    "supportapp.waiting_files.take_upload": BOOKING,
    "supportapp.feed_addresses.make_staff_feed": BOOKING,
    "supportapp.feed_addresses.revoke_staff_feed": BOOKING,
    "supportapp.feed_addresses.staff_feed_of": BOOKING,
    "supportapp.feed_addresses.make_volunteer_feed": {**BOOKING, **OWN},
    "supportapp.feed_addresses.revoke_volunteer_feed": {**BOOKING, **OWN},
    "supportapp.feed_addresses.volunteer_feed_of": {**BOOKING, **OWN},
    "supportapp.feed_addresses.feed_reader": {},
    "supportapp.people_in.runs.unfinished_runs": {},
}

LISTS_IN: Mapping[str, Rights] = dict.fromkeys(
    (
        "supportapp.people_in.rehearsing.rehearse_rows",
        "supportapp.people_in.runs.begin_run",
        "supportapp.people_in.runs.take_slice",
        "supportapp.people_in.runs.finish_run",
        "supportapp.people_in.runs.take_slice_back",
        "supportapp.people_in.mappings.keep_mapping",
        "supportapp.people_in.mappings.mapping_named",
        "supportapp.people_in.mappings.mapping_for",
        "supportapp.people_in.mappings.mapping_names",
    ),
    BOOKING,
)

ACCOUNTS: Mapping[str, Rights] = {
    "supportapp.account_lists.accounts_of": ADMINISTRATION,
    "supportapp.account_lists.sessions_to_bind": ADMINISTRATION,
    "supportapp.account_lists.volunteers_without_account": ADMINISTRATION,
    "supportapp.user_admin.add_account": ADMINISTRATION,
    "supportapp.user_admin.close_account": ADMINISTRATION,
    "supportapp.user_admin.open_account": ADMINISTRATION,
    "supportapp.user_admin.give_role": ADMINISTRATION,
    "supportapp.user_admin.take_role": ADMINISTRATION,
    "supportapp.user_admin.sign_out_devices": ADMINISTRATION,
    "supportapp.user_admin.set_first_password": ADMINISTRATION,
}

_ACCOUNTABLE: Rights = {Role.ORGANISER: Reach.MUNICIPALITY, Role.ADMINISTRATOR: Reach.MUNICIPALITY}

SETTINGS: Mapping[str, Rights] = {
    **dict.fromkeys(
        (
            "events.catalogue.departments_list",
            "events.catalogue.add_department",
            "events.catalogue.edit_department",
            "events.catalogue.retire_department",
            "events.catalogue.return_department",
            "events.catalogue.topics_list",
            "events.catalogue.add_topic",
            "events.catalogue.edit_topic",
            "events.catalogue.retire_topic",
            "events.catalogue.return_topic",
            "events.catalogue.organisations_list",
            "events.catalogue.add_organisation",
            "events.catalogue.edit_organisation",
            "events.catalogue.retire_organisation",
            "events.catalogue.return_organisation",
            "supportapp.city_settings.city_settings",
            "supportapp.city_settings.change_city_settings",
        ),
        _ACCOUNTABLE,
    ),
}

FIGURES: Mapping[str, Rights] = {
    "supportapp.figures.year_figures": BOOKING,
    "supportapp.year_report.year_report": BOOKING,
    "volunteers.year_lists.activity_lines": BOOKING,
    "volunteers.year_lists.insured_lines": BOOKING,
    "supportapp.log_queries.log_page": _ACCOUNTABLE,
}

BACKUPS: Mapping[str, Rights] = {
    "supportapp.backups.daily.backup_state": ADMINISTRATION,
    "supportapp.backups.daily.ask_for_backup": ADMINISTRATION,
    "supportapp.backups.daily.begin_backup": {},
    "supportapp.backups.daily.note_backup": {},
}

OPEN_DATA: Mapping[str, Rights] = {
    "events.open_data.public_data": BOOKING,
    "supportapp.command_queries.municipality_names": {},
    "events.open_data.public_contacts": BOOKING,
    "events.open_data.tick_public_contact": _ACCOUNTABLE,
}

FORGETTING: Mapping[str, Rights] = {
    "events.forgetting.people_due": _ACCOUNTABLE,
    "events.forgetting.forget_due": _ACCOUNTABLE,
    "events.forgetting.set_retention": _ACCOUNTABLE,
    "events.forgetting.forget_attendee": _ACCOUNTABLE,
    "events.forgetting.hold_attendee": _ACCOUNTABLE,
    "events.forgetting.release_attendee": _ACCOUNTABLE,
}

PAPERS: Mapping[str, Rights] = {
    "events.announcing.announced": OFFICE,
    "events.announcing.note_edition": BOOKING,
    "events.consents.give_consent": BOOKING,
    "events.consents.withdraw_consent": BOOKING,
    "events.consents.consent_of": BOOKING,
    "events.segments.segment": BOOKING,
    "events.postcards.card_rules": BOOKING,
    "events.postcards.register_card": BOOKING,
    "events.tickets.tickets": BOOKING,
    "events.tickets.confirmation": BOOKING,
    "events.completions.completions": BOOKING,
    "volunteers.certificates.certified_year": {**BOOKING, **OWN},
    "volunteers.certificates.hall_helpers": DESK,
}

# Public pages: the server itself, for whoever looks or sends a form.
PUBLIC: Mapping[str, Rights] = {
    "events.public_programme.public_city": {},
    "events.public_programme.public_cities": {},
    "events.public_programme.public_sessions": {},
    "events.public_programme.public_workshop": {},
    "events.public_application.apply_over_web": {},
    "events.public_receipt.cancel_by_receipt": {},
    "volunteers.interest.offer_to_help": {},
    "supportapp.public.receipts.look_up": {},
    "supportapp.public.seals.office_secret": {},
    "events.surveys.answer_survey": {},
    "events.surveys.survey_sheet": DESK,
    "events.surveys.key_in_sheet": DESK,
    "events.surveys.survey_result": BOOKING,
    "supportapp.public.survey_links.survey_path": DESK,
}

RIGHTS: Mapping[str, Rights] = {
    **PLANNING,
    **BOOKINGS,
    **DRAWS,
    **TELLING,
    **UNDOING,
    **THE_DAY,
    **VOLUNTEERS,
    **FILES,
    **LISTS_IN,
    **ACCOUNTS,
    **FIGURES,
    **BACKUPS,
    **FORGETTING,
    **PAPERS,
    **SETTINGS,
    **PUBLIC,
    **OPEN_DATA,
}
