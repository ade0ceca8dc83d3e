"""The filer's turn and the officer's."""

from datetime import datetime, timedelta

import pytest

from portal.accounts.doors import actor_for
from portal.accounts.models import Member, Operator, User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.outbox.models import Message
from portal.vault.models import SealedFile
from tests.organisations import CODE, FACTS, OTHER_CODE, picture
from tests.registry.rows import verified
from tests.verification.organisations.conftest import File
from verification.engines.pictures import BadPicture
from verification.models import Identity
from verification.organisations import queries, rules, services
from verification.organisations.models import Mandate, Organisation
from verification.organisations.services.owning import Unverified
from verification.organisations.states import OrganisationState


def test_only_a_verified_adult_files(alice: User, carol: User, eve: User, now: datetime) -> None:
    for user, fields in ((carol, {"is_minor": True}), (eve, {"revoked_at": now}), (alice, {"valid_until": now})):
        verified(user, now=now - timedelta(days=1), **fields)
        with pytest.raises(Unverified):
            services.start(actor=actor_for(user), now=now)
    assert not Organisation.objects.exists()


def test_what_is_missing_keeps_it_from_the_officers(alice: User, now: datetime, drafted: File) -> None:
    verified(alice, now=now)
    organisation = services.start(actor=actor_for(alice), now=now)
    with pytest.raises(Invalid) as refused:
        services.submit(actor=actor_for(alice), organisation=organisation, now=now)
    assert set(refused.value.errors) == {"details", "licence", "letter"}


def test_every_wrong_detail_is_told_beside_its_field(alice: User, now: datetime, drafted: File) -> None:
    organisation = drafted(alice)
    told = {
        "name": "7",
        "uscc": CODE[:-1] + "2",
        "licence_until": rules.today(now) - timedelta(days=2),
        "represents": False,
        "representative": "",
    }
    with pytest.raises(Invalid) as refused:
        services.describe(actor=actor_for(alice), organisation=organisation, now=now, **told)  # type: ignore[arg-type]
    assert set(refused.value.errors) == {"name", "uscc", "licence_until", "representative"}
    assert Organisation.objects.get().uscc == CODE


def test_a_legal_representative_is_named_as_verified_and_needs_no_letter(alice: User, now: datetime) -> None:
    identity = verified(alice, now=now)
    organisation = services.start(actor=actor_for(alice), now=now)
    told = FACTS | {"represents": True, "representative": "Somebody Else"}
    organisation = services.describe(actor=actor_for(alice), organisation=organisation, now=now, **told)  # type: ignore[arg-type]
    assert organisation.representative == identity.full_name
    assert queries.steps_left(organisation) == ["licence"]


def test_the_representatives_name_is_sealed(alice: User, drafted: File) -> None:
    organisation = drafted(alice)
    stored = Organisation.objects.filter(pk=organisation.pk).values_list("representative", flat=True).get()
    assert "林样本".encode() not in bytes(stored)  # type: ignore[arg-type]
    assert Organisation.objects.get().representative == "林样本"


def test_a_replaced_picture_is_erased_and_a_bad_one_keeps_nothing(alice: User, now: datetime, drafted: File) -> None:
    organisation = drafted(alice)
    old, files = organisation.licence_image, SealedFile.objects.count()
    given = {"slot": "licence", "channel": "upload"}
    with pytest.raises(BadPicture):
        services.add_picture(actor=actor_for(alice), organisation=organisation, upload=b"<svg/>", now=now, **given)
    assert SealedFile.objects.count() == files
    services.add_picture(actor=actor_for(alice), organisation=organisation, upload=picture("red"), now=now, **given)
    assert old is not None
    assert SealedFile.objects.get(pk=old.pk).data_key.destroyed_at is not None


def test_a_verified_organisation_is_an_operator_and_its_filer_owns_it(alice: User, star: Organisation, now: datetime) -> None:
    assert star.state == OrganisationState.VERIFIED
    assert star.operator is not None
    assert star.operator.kind == "organisation"
    member = Member.objects.get(operator=star.operator)
    assert (member.user, member.role, member.until) == (alice, "owner", None)
    assert star.mandates.get().state == "standing"
    message = Message.objects.get(topic="operator.changed")
    assert message.payload == {"operator": str(star.operator_id)}
    assert queries.answers_until(star.operator.pk) == min(star.valid_until, Identity.objects.get(user=alice).valid_until)  # type: ignore[type-var]
    told = set(Entry.objects.values_list("event", flat=True))
    assert {Event.ORGANISATION_SUBMITTED, Event.ORGANISATION_CLAIMED, Event.ORGANISATION_VERIFIED, Event.OPERATOR_CREATED} <= told


def test_no_receipt_names_the_representative(star: Organisation) -> None:
    assert not [entry for entry in Entry.objects.all() if "林样本" in str(entry.data)]


@pytest.mark.parametrize(
    ("verdict", "reasons"),
    [("changes_requested", []), ("rejected", []), ("rejected", ["letter_missing"]), ("verified", ["letter_missing"]), ("expired", [])],
)
def test_a_decision_needs_reasons_that_belong_to_it(alice: User, submitted: File, decided: File, verdict: str, reasons: list[str]) -> None:
    with pytest.raises(Invalid):
        decided(submitted(alice), verdict, *reasons)
    assert Organisation.objects.get().state == "review"


def test_an_officer_decides_what_they_claimed_and_nothing_else(alice: User, bob: User, dana: User, submitted: File, now: datetime) -> None:
    organisation = submitted(alice)
    given = {"organisation_id": organisation.pk, "verdict": "verified", "reasons": [], "note": "", "now": now}
    with pytest.raises(Conflict):
        services.decide(actor=actor_for(bob), **given)  # type: ignore[arg-type]
    services.claim(actor=actor_for(bob), organisation_id=organisation.pk, now=now)
    with pytest.raises(Conflict):
        services.claim(actor=actor_for(dana), organisation_id=organisation.pk, now=now)
    with pytest.raises(Conflict):
        services.decide(actor=actor_for(dana), **given)  # type: ignore[arg-type]
    services.release(actor=actor_for(bob), organisation_id=organisation.pk, now=now)
    services.claim(actor=actor_for(dana), organisation_id=organisation.pk, now=now)
    assert services.decide(actor=actor_for(dana), **given).state == "verified"  # type: ignore[arg-type]


def test_nobody_decides_about_their_own_organisation(bob: User, dana: User, frank: User, submitted: File, now: datetime) -> None:
    organisation = submitted(bob)
    for verb in (services.claim, services.release):
        with pytest.raises(Forbidden):
            verb(actor=actor_for(bob), organisation_id=organisation.pk, now=now)
    with pytest.raises(NotFound):
        queries.organisation_for_desk(actor_for(bob), organisation.pk)
    assert not queries.waiting_organisations(actor_for(bob)).exists()
    assert queries.waiting_organisations(actor_for(dana)).exists()
    with pytest.raises(Forbidden):
        services.claim(actor=actor_for(frank), organisation_id=organisation.pk, now=now)


def test_a_draft_is_not_on_the_desk(alice: User, bob: User, drafted: File, now: datetime) -> None:
    organisation = drafted(alice)
    with pytest.raises(NotFound):
        services.claim(actor=actor_for(bob), organisation_id=organisation.pk, now=now)


def test_an_appeal_goes_to_another_officer(alice: User, bob: User, dana: User, submitted: File, decided: File, now: datetime) -> None:
    organisation = decided(submitted(alice), "rejected", "not_an_agent")
    organisation = services.again(actor=actor_for(alice), organisation=organisation, now=now)
    services.submit(actor=actor_for(alice), organisation=organisation, now=now)
    with pytest.raises(Forbidden):
        decided(organisation, "verified", officer=bob)
    assert decided(organisation, "verified", officer=dana).state == "verified"


def test_the_code_of_a_verified_organisation_is_not_filed_again(eve: User, star: Organisation, drafted: File, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        drafted(eve)
    assert set(refused.value.errors) == {"uscc"}
    assert drafted(eve, uscc=OTHER_CODE).uscc == OTHER_CODE


def test_of_two_filings_with_one_code_one_is_verified(alice: User, eve: User, submitted: File, decided: File, now: datetime) -> None:
    first, second = submitted(alice), submitted(eve)
    decided(first, "verified")
    with pytest.raises(services.CodeInUse):
        decided(second, "verified")
    assert Organisation.objects.get(pk=second.pk).state == "review"
    assert Operator.objects.filter(kind="organisation").count() == 1


def test_a_renewal_takes_nothing_away_until_it_is_decided(alice: User, star: Organisation, decided: File, now: datetime) -> None:
    actor, later = actor_for(alice), now + timedelta(days=310)
    Identity.objects.update(valid_until=now + timedelta(days=1000))
    with pytest.raises(Conflict):
        services.again(actor=actor, organisation=star, now=now)
    renewed = services.again(actor=actor, organisation=star, now=later)
    with pytest.raises(Invalid) as refused:
        services.describe(actor=actor, organisation=renewed, now=later, **(FACTS | {"uscc": OTHER_CODE}))  # type: ignore[arg-type]
    assert set(refused.value.errors) == {"uscc"}
    services.describe(actor=actor, organisation=renewed, now=later, **(FACTS | {"name": "星河集团"}))  # type: ignore[arg-type]
    renewed = services.submit(actor=actor, organisation=renewed, now=later)
    assert str(renewed) == "星河文化有限公司"
    assert queries.is_verified(renewed, later)
    renewed = decided(renewed, "rejected", "not_an_agent")
    assert queries.is_verified(renewed, later)
    assert queries.answers_until(star.operator_id) == star.valid_until  # type: ignore[arg-type]


def test_a_licence_that_ran_out_on_the_desk_is_not_verified(alice: User, bob: User, submitted: File, now: datetime) -> None:
    organisation = submitted(alice, licence_until=rules.today(now))
    later = now + timedelta(days=2)
    services.claim(actor=actor_for(bob), organisation_id=organisation.pk, now=later)
    given = {"organisation_id": organisation.pk, "verdict": "verified", "reasons": [], "note": "", "now": later}
    with pytest.raises(Invalid):
        services.decide(actor=actor_for(bob), **given)  # type: ignore[arg-type]
    assert not Mandate.objects.exists()


def test_a_revocation_ends_it_at_once_whatever_is_under_way(alice: User, bob: User, star: Organisation, now: datetime) -> None:
    with pytest.raises(Forbidden):
        services.revoke(actor=actor_for(alice), organisation_id=star.pk, reason="not_an_agent", now=now)
    with pytest.raises(Invalid):
        services.revoke(actor=actor_for(bob), organisation_id=star.pk, reason="because", now=now)
    services.revoke(actor=actor_for(bob), organisation_id=star.pk, reason="not_an_agent", now=now)
    assert queries.answers_until(star.operator_id) is None  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        services.revoke(actor=actor_for(bob), organisation_id=star.pk, reason="not_an_agent", now=now)
    assert Message.objects.filter(topic="operator.changed").count() == 2


def test_three_filings_under_way_are_enough(alice: User, now: datetime, drafted: File) -> None:
    for _ in range(3):
        drafted(alice)
    with pytest.raises(Conflict):
        services.start(actor=actor_for(alice), now=now)


def test_a_stranger_files_nothing_for_another(alice: User, eve: User, now: datetime, drafted: File) -> None:
    organisation = drafted(alice)
    verified(eve, now=now)
    actor = actor_for(eve)
    for act in (
        lambda: services.describe(actor=actor, organisation=organisation, now=now, **FACTS),  # type: ignore[arg-type]
        lambda: services.add_picture(actor=actor, organisation=organisation, slot="licence", upload=picture(), channel="", now=now),
        lambda: services.submit(actor=actor, organisation=organisation, now=now),
        lambda: services.again(actor=actor, organisation=organisation, now=now),
        lambda: services.view_picture(actor=actor, file_id=organisation.licence_image_id, now=now),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotFound):
            act()
