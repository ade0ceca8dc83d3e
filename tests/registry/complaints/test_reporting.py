"""Reports from the public: anybody sends one, nothing is lost, an officer without a part in it closes it."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from portal.access.actor import ANONYMOUS, SYSTEM, Actor
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.keeping import purging
from portal.kit import clock
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from portal.letters.models import Letter
from registry.complaints import pages, queries, services
from registry.complaints.keeping import ANSWERED, RECORDS
from registry.complaints.models import Report, Reporter
from registry.complaints.rules import ANSWERS, OUTCOMES, REASONS
from registry.issuing import registry_id as ids
from registry.issuing import services as issuing
from registry.issuing.models import Party, Registration
from tests.post import deliver
from tests.registry.desk.desk import signed_in
from tests.registry.rows import licence_of, registration_of

Act = Callable[[User], Actor]
TEXT = "It sold medicine for an hour yesterday evening."
TOLD = {"reason": "fraud", "text": TEXT, "link": "live.example/lin", "email": "viewer@elsewhere.example"}


@pytest.fixture
def registration(alice: User) -> Registration:
    """A registered synthetic persona of Alice."""
    return registration_of(alice, now=clock.now())


def path(registration: Registration) -> str:
    """Returns the address of the form."""
    return reverse("home:report", args=[ids.printed(registration.registry_id)])


def report_of(registration: Registration, now: datetime, **told: str) -> Report:
    """Returns a report that was received."""
    fields = {"reason": "fraud", "text": TEXT, "link": "", "email": "", "language": "en", **told}
    return services.receive(actor=ANONYMOUS, registration=registration, now=now, **fields)


def held(registration: Registration, officer: Actor, now: datetime) -> None:
    """Places a hold of the compliance office."""
    told = {"party": Party.OFFICER, "reason": "complaint", "note": ""}
    issuing.place_hold(actor=officer, registration_id=registration.pk, now=now, **told)  # type: ignore[arg-type]


def test_anybody_reports_and_gets_a_reference(client: Client, registration: Registration) -> None:
    assert client.get(path(registration)).status_code == 200
    thanks = client.post(path(registration), TOLD, follow=True)
    report = Report.objects.get()
    assert report.reference in thanks.content.decode()
    assert (report.reason, report.text, report.link, report.reporter.email) == ("fraud", TEXT, "https://live.example/lin", TOLD["email"])
    assert report.registration == registration
    assert (len(mail.outbox), Letter.objects.count()) == (0, 0)
    assert not re.search(re.escape(TEXT), client.get(path(registration)).content.decode())


def test_a_reference_is_shown_to_the_browser_that_sent_it_alone(client: Client, registration: Registration) -> None:
    client.post(path(registration), TOLD)
    sent = reverse("home:reported", args=[ids.printed(registration.registry_id)])
    assert client.get(sent).status_code == 200
    assert Client().get(sent)["Location"] == path(registration)


def test_whoever_is_signed_in_is_not_named_in_the_trail(registration: Registration, eve: User) -> None:
    signed_in(eve).post(path(registration), TOLD)
    entry = Entry.objects.get(event=Event.REPORT_RECEIVED)
    assert (entry.actor_kind, entry.actor_id) == ("anonymous", None)
    assert "viewer" not in str(entry.data) + str(list(Entry.objects.values()))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", ""),
        ("reason", "spite"),
        ("text", "short"),
        ("text", "x" * 4001),
        ("email", "nobody"),
        ("link", "javascript:alert(1)"),
        ("link", "ftp://x.example/"),
        ("link", "https://user@evil.example/"),
        ("link", "https://[bad"),
    ],
)
def test_nothing_that_was_written_is_lost_when_something_is_wrong(
    client: Client, registration: Registration, field: str, value: str
) -> None:
    answer = client.post(path(registration), TOLD | {field: value})
    body = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert not Report.objects.exists()
    kept = {name: text for name, text in TOLD.items() if name not in (field, "reason")}
    assert all(text in body for text in kept.values())


def test_too_many_reports_are_stopped_and_their_words_kept(
    client: Client, registration: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "RATES", {"report": "1/h/ip"})
    client.post(path(registration), TOLD)
    answer = client.post(path(registration), TOLD)
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert TEXT in answer.content.decode()
    assert Report.objects.count() == 1


def test_another_site_cannot_report_in_a_visitors_name(registration: Registration) -> None:
    answer = Client(enforce_csrf_checks=True).post(path(registration), TOLD)
    assert (answer.status_code, Report.objects.count()) == (403, 0)


def test_a_dump_of_the_database_shows_neither_words_nor_address(registration: Registration, now: datetime, bob: User, act: Act) -> None:
    report = report_of(registration, now, email="viewer@elsewhere.example", link="https://live.example/lin")
    services.close(actor=act(bob), report_id=report.pk, outcome="no_action", note="Nothing to see", now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM complaints_report t UNION ALL SELECT t::text FROM complaints_reporter t")
        dump = str(cursor.fetchall())
    hexed = [word.encode().hex() for word in (TEXT, "viewer@", "live.example", "Nothing to see")]
    assert [word for word in (TEXT, "viewer@", "live.example", "Nothing to see", *hexed) if word in dump] == []


def test_an_officer_closes_it_and_whoever_left_an_address_is_answered(
    registration: Registration, bob: User, act: Act, now: datetime
) -> None:
    report = report_of(registration, now, email="viewer@elsewhere.example", language="zh-hans")
    services.close(actor=act(bob), report_id=report.pk, outcome="no_action", note="Looked at the recording.", now=now)
    [letter] = deliver()
    assert letter.to == ["viewer@elsewhere.example"]
    assert report.reference in letter.body
    assert "Looked at the recording" not in letter.body
    entry = Entry.objects.get(event=Event.REPORT_CLOSED)
    assert (entry.actor_id, entry.data) == (bob.pk, {"outcome": "no_action"})
    with pytest.raises(Conflict):
        services.close(actor=act(bob), report_id=report.pk, outcome="referred", note="", now=now)


def test_nobody_is_written_to_without_an_address(registration: Registration, bob: User, act: Act, now: datetime) -> None:
    report = report_of(registration, now)
    services.close(actor=act(bob), report_id=report.pk, outcome="referred", note="", now=now)
    assert not Letter.objects.exists()


def test_a_report_says_there_is_a_hold_only_where_there_is_one(registration: Registration, bob: User, act: Act, now: datetime) -> None:
    report = report_of(registration, now)
    told = {"actor": act(bob), "report_id": report.pk, "outcome": "hold_placed", "note": "", "now": now}
    with pytest.raises(Invalid):
        services.close(**told)  # type: ignore[arg-type]
    held(registration, act(bob), now)
    assert services.close(**told).outcome == "hold_placed"  # type: ignore[arg-type]


def test_officers_have_no_part_in_what_they_look_into(bob: User, dana: User, act: Act, now: datetime) -> None:
    registration = registration_of(bob, now=now, portrayed="other")
    licence_of(registration.persona, dana, now=now)
    report = report_of(registration, now)
    for officer in (act(bob), act(dana)):
        assert list(queries.waiting(officer)) == []
        with pytest.raises(Forbidden) as unseen:
            queries.for_desk(officer, report.pk)
        with pytest.raises(Forbidden) as refused:
            services.close(actor=officer, report_id=report.pk, outcome="no_action", note="", now=now)
        assert unseen.value.code == refused.value.code == "own_persona"
    assert signed_in(bob).get(reverse("desk:report", args=[report.pk])).status_code == 403


def test_others_than_the_desk_see_and_close_nothing(registration: Registration, alice: User, frank: User, act: Act, now: datetime) -> None:
    report = report_of(registration, now)
    told = {"report_id": report.pk, "outcome": "no_action", "note": "", "now": now}
    for actor, refusal in ((act(alice), Forbidden), (act(frank), Forbidden), (SYSTEM, Forbidden), (ANONYMOUS, Unauthenticated)):
        with pytest.raises(refusal):
            services.close(actor=actor, **told)  # type: ignore[arg-type]
    for ask in (queries.waiting, queries.closed, lambda actor: queries.for_desk(actor, report.pk)):
        with pytest.raises(Forbidden):
            ask(act(alice))
    assert list(queries.waiting(act(frank))) == [report]
    with pytest.raises(NotFound):
        queries.for_desk(act(frank), registration.pk)


def test_the_desk_lists_opens_and_closes(registration: Registration, bob: User, act: Act) -> None:
    report, officer = report_of(registration, clock.now()), signed_in(bob)
    assert "1 report waits" in officer.get(reverse("desk:queue")).content.decode()
    assert report.reference in officer.get(reverse("desk:reports")).content.decode()
    page = reverse("desk:report", args=[report.pk])
    assert TEXT in officer.get(page).content.decode()
    wrong = officer.post(page, {"outcome": "hold_placed", "note": "words to keep"})
    assert (wrong.status_code, "words to keep" in wrong.content.decode(), "Place it first" in wrong.content.decode()) == (422, True, True)
    assert officer.post(page, {"outcome": "referred", "note": "to the platform"})["Location"] == reverse("desk:reports")
    assert report.reference in officer.get(reverse("desk:reports") + "?closed").content.decode()
    assert "to the platform" in officer.get(page).content.decode()
    assert officer.post(page, {"outcome": "no_action"}).status_code == 409


def test_an_operator_learns_nothing_of_a_report(registration: Registration, alice: User) -> None:
    report = report_of(registration, clock.now(), email="viewer@elsewhere.example")
    browser = signed_in(alice)
    shown = browser.get(reverse("home:persona", args=[registration.persona_id])).content.decode()
    assert [word for word in (report.reference, TEXT, "viewer@") if word in shown] == []
    assert browser.get(reverse("desk:report", args=[report.pk])).status_code == 403


def test_the_address_goes_before_the_words_and_the_words_go_too(registration: Registration, bob: User, act: Act, now: datetime) -> None:
    report = report_of(registration, now, email="viewer@elsewhere.example")
    waits = report_of(registration, now, email="other@elsewhere.example")
    services.close(actor=act(bob), report_id=report.pk, outcome="no_action", note="Looked.", now=now)
    purging.purge(actor=SYSTEM, now=now + ANSWERED)
    assert [each.report for each in Reporter.objects.all()] == [waits]
    report = Report.objects.get(pk=report.pk)
    assert (report.text, report.note) == (TEXT, "Looked.")
    purging.purge(actor=SYSTEM, now=now + RECORDS)
    report = Report.objects.select_related("data_key").get(pk=report.pk)
    assert (report.text, report.note, report.data_key.wrapped, report.outcome) == (None, None, None, "no_action")
    assert Report.objects.get(pk=waits.pk).text == TEXT


def test_an_answer_is_not_sent_once_the_address_is_erased(registration: Registration, bob: User, act: Act, now: datetime) -> None:
    report = report_of(registration, now, email="viewer@elsewhere.example")
    services.close(actor=act(bob), report_id=report.pk, outcome="no_action", note="", now=now)
    Reporter.objects.all().delete()
    assert (Letter.objects.count(), deliver(), Letter.objects.count()) == (1, [], 0)


def test_the_database_knows_no_closed_report_without_an_outcome(registration: Registration, now: datetime) -> None:
    report = report_of(registration, now)
    for fields in ({"closed_at": now}, {"outcome": "no_action"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**fields)


def test_every_outcome_has_an_answer_and_every_reason_fits_its_column() -> None:
    assert OUTCOMES.keys() == ANSWERS.keys()
    assert all(len(code) <= 20 for code in (*OUTCOMES, *REASONS))
