"""A platform's people: opening, invitations, roles, the last owner, live access and mails."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from portal.access.actor import Actor
from portal.access.roles import Role
from portal.accounts import rules as credentials
from portal.accounts import services as accounts
from portal.accounts.membership import OwnerNeeded, platform_for
from portal.accounts.models import ApiKey, LiveRequest, Platform, PlatformInvitation, PlatformMember, User
from portal.audit.models import Entry
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.platforms import services, tasks
from portal.platforms.services import reminding
from portal.platforms.services.inviting import InvitationForAnother, InvitationOver, InvitationUnknown
from portal.platforms.services.live import AddressUnconfirmed, OwnPlatform
from portal.platforms.services.members import LastOwner
from portal.platforms.services.opening import PlatformsTaken
from portal.platforms.tokens import token_of
from portal.vault.models import Erased
from registry.personas.queries import platform_names
from tests import cast, post
from tests.portal.platforms import rows

Act = Callable[[User], Actor]
DAY = timedelta(days=1)


@pytest.fixture
def platform(alice: User, now: datetime) -> Platform:
    """Alice's platform, in the sandbox."""
    return rows.sandbox(alice, now=now)


def invited(
    platform: Platform, actor: Actor, now: datetime, email: str = "carol@example.org", role: str = "developer"
) -> PlatformInvitation:
    return services.invite(actor=actor, platform_id=platform.pk, email=email, role=role, now=now)


def test_an_account_opens_three_platforms_and_owns_them(alice: User, act: Act, now: datetime) -> None:
    for code in ("river", "lake-tv", "sea-cast"):
        opened = rows.sandbox(alice, code, now=now)
        assert (opened.live_at, opened.members.get().role) == (None, "owner")
    with pytest.raises(PlatformsTaken):
        rows.sandbox(alice, "pond-tv", now=now)


def test_a_code_like_anothers_is_refused(platform: Platform, eve: User, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        rows.sandbox(eve, "r1ver-vide0", now=now)
    assert list(refused.value.errors) == ["code"]


@pytest.mark.parametrize("website", ["javascript:alert(1)", "ftp://x.example", "river", "https://"])
def test_a_website_is_an_address_of_the_web(alice: User, act: Act, now: datetime, website: str) -> None:
    with pytest.raises(Invalid):
        services.open_platform(actor=act(alice), name="River", code="river", website=website, now=now)


def test_an_auditor_opens_nothing(frank: User, act: Act, now: datetime) -> None:
    with pytest.raises(Forbidden):
        services.open_platform(actor=act(frank), name="River", code="river", website="https://river.example", now=now)


def test_a_platform_of_the_sandbox_is_not_offered_to_operators(platform: Platform, eve: User, now: datetime) -> None:
    rows.live(eve, now=now)
    assert list(platform_names()) == ["demo-live"]


def test_whoever_is_invited_joins_once_under_that_address(
    platform: Platform, alice: User, carol: User, eve: User, act: Act, now: datetime
) -> None:
    row = invited(platform, act(alice), now)
    [letter] = post.deliver()
    token = token_of(row.pk)
    assert letter.to == ["carol@example.org"]
    assert token in str(letter.body)
    with pytest.raises(InvitationForAnother):
        services.accept(token=token, actor=act(eve), now=now)
    assert services.accept(token=token, actor=act(carol), now=now).role == "developer"
    with pytest.raises(InvitationUnknown):
        services.accept(token=token, actor=act(carol), now=now)
    row = PlatformInvitation.objects.get()
    assert (row.email, row.token_digest, row.end) == (None, "", "accepted")
    with pytest.raises(Erased):
        row.data_key.open()


def test_an_invitation_ends_by_time_or_by_its_owner(platform: Platform, alice: User, carol: User, act: Act, now: datetime) -> None:
    row = invited(platform, act(alice), now)
    with pytest.raises(InvitationOver):
        services.accept(token=token_of(row.pk), actor=act(carol), now=now + 7 * DAY)
    tasks.invitation(str(row.pk))
    assert PlatformInvitation.objects.get().end == "lapsed"
    again = invited(platform, act(alice), now)
    services.take_back(actor=act(alice), platform_id=platform.pk, invitation_id=again.pk, now=now)
    with pytest.raises(InvitationUnknown):
        services.invitation(token_of(again.pk), now)
    assert [letter for letter in post.deliver() if "works once" in str(letter.body)] == []


@pytest.mark.parametrize(("email", "role"), [("alice@example.org", "owner"), ("x", "owner"), ("new@example.org", "admin")])
def test_an_invitation_that_makes_no_sense_is_refused(
    platform: Platform, alice: User, act: Act, now: datetime, email: str, role: str
) -> None:
    with pytest.raises(Invalid):
        invited(platform, act(alice), now, email, role)


def test_a_developer_does_nothing_of_an_owners(platform: Platform, alice: User, carol: User, act: Act, now: datetime) -> None:
    member, owner = rows.developer(platform, carol, now=now), platform.members.get(user=alice)
    attempts: list[tuple[Any, dict[str, Any]]] = [
        (services.invite, {"email": "x@example.org", "role": "owner"}),
        (services.change_role, {"member_id": member.pk, "role": "owner"}),
        (services.remove_member, {"member_id": owner.pk}),
        (services.ask_live, {"run_by": "x", "purpose": "y"}),
    ]
    for service, more in attempts:
        with pytest.raises(OwnerNeeded):
            service(actor=act(carol), platform_id=platform.pk, now=now, **more)
    services.remove_member(actor=act(carol), platform_id=platform.pk, member_id=member.pk, now=now)  # leaving is theirs
    with pytest.raises(NotFound):
        platform_for(act(carol), platform.pk)


def test_the_last_owner_stays(platform: Platform, alice: User, carol: User, act: Act, now: datetime) -> None:
    owner, other = platform.members.get(user=alice), rows.developer(platform, carol, now=now)
    where: dict[str, Any] = {"actor": act(alice), "platform_id": platform.pk, "now": now}
    with pytest.raises(LastOwner):
        services.remove_member(member_id=owner.pk, **where)
    with pytest.raises(LastOwner):
        services.change_role(member_id=owner.pk, role="developer", **where)
    services.change_role(member_id=other.pk, role="owner", **where)
    services.remove_member(member_id=owner.pk, **where)
    assert PlatformMember.objects.get().user == carol


def test_live_access_is_asked_answered_and_told(platform: Platform, alice: User, act: Act, now: datetime) -> None:
    grace = cast.person("grace", Role.ADMINISTRATOR)
    ask = {"actor": act(alice), "platform_id": platform.pk, "run_by": "River Ltd", "purpose": "uploads", "now": now}
    first = services.ask_live(**ask)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        services.ask_live(**ask)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        services.refuse_live(actor=act(grace), request_id=first.pk, reason=" ", now=now)
    services.refuse_live(actor=act(grace), request_id=first.pk, reason="Who is River Ltd?", now=now)
    with pytest.raises(Conflict):
        services.approve_live(actor=act(grace), request_id=first.pk, now=now)
    second = services.ask_live(**ask)  # type: ignore[arg-type]
    assert services.approve_live(actor=act(grace), request_id=second.pk, now=now).live_at == now
    with pytest.raises(Conflict):
        services.ask_live(**ask)  # type: ignore[arg-type]
    mails = post.read(post.deliver())
    assert "Who is River Ltd?" in mails
    assert "has live access" in mails
    told = list(Entry.objects.filter(subject_id=platform.pk).order_by("sequence").values_list("event", flat=True))
    assert told[1:] == ["platform.live_asked", "platform.live_refused", "platform.live_asked", "platform.live_approved"]


def test_nobody_answers_their_own_request(alice: User, eve: User, act: Act, now: datetime) -> None:
    grace = cast.person("grace", Role.ADMINISTRATOR)
    asked = services.ask_live(actor=act(grace), platform_id=rows.sandbox(grace, now=now).pk, run_by="x", purpose="y", now=now)
    with pytest.raises(OwnPlatform):
        services.approve_live(actor=act(grace), request_id=asked.pk, now=now)
    with pytest.raises(Forbidden):
        services.approve_live(actor=act(eve), request_id=asked.pk, now=now)
    assert LiveRequest.objects.get().decided_at is None


def test_whoever_cannot_be_reached_asks_for_nothing(platform: Platform, alice: User, act: Act, now: datetime) -> None:
    EmailAddress.objects.update(verified=False)
    with pytest.raises(AddressUnconfirmed):
        services.ask_live(actor=act(alice), platform_id=platform.pk, run_by="x", purpose="y", now=now)


def test_owners_are_reminded_twice_before_a_key_expires(platform: Platform, alice: User, act: Act, now: datetime) -> None:
    key, _secret = rows.key(platform, alice, now=now)
    expires = key.expires_at
    assert expires is not None
    for before, mails in ((15, 0), (14, 1), (10, 1), (3, 2), (1, 2)):
        at = expires - before * DAY
        for each in reminding.expiring(at):
            services.remind(key_id=each.pk, now=at)
            services.remind(key_id=each.pk, now=at)
        assert len(post.deliver()) == mails, before
    assert key.hint in str(mail.outbox[0].body)
    assert ApiKey.objects.get().reminders == len(credentials.REMIND_BEFORE)


def test_nobody_is_reminded_of_an_end_they_set(platform: Platform, alice: User, act: Act, now: datetime) -> None:
    key, _secret = rows.key(platform, alice, now=now)
    accounts.end_key(actor=act(alice), key_id=key.pk, after=7 * DAY, now=now)
    assert list(reminding.expiring(now + 6 * DAY)) == []
