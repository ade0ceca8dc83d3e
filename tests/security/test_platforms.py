"""Attacks on platforms' accounts by many at once: the third key, the last owner, the second answer."""

import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from portal.access.actor import Actor
from portal.access.roles import Role
from portal.accounts import services as accounts
from portal.accounts.models import ApiKey, LiveRequest, Platform, PlatformMember, PlatformRole, User
from portal.kit.errors import PortalError
from portal.platforms import services
from portal.platforms.services.inviting import InvitationUnknown
from portal.platforms.tokens import token_of
from tests import cast
from tests.portal.platforms import rows

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[User], Actor]


def race(*works: Callable[[], object]) -> list[str]:
    """Returns what became of works that begin at one moment: the code of the refusal, or ""."""
    gate, told = threading.Barrier(len(works)), [""] * len(works)

    def run(place: int) -> None:
        try:
            gate.wait(10)
            works[place]()
        except PortalError as error:
            told[place] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(told)


def test_of_many_who_make_the_second_key_one_does(alice: User, act: Act, now: datetime) -> None:
    platform = rows.live(alice, now=now)
    rows.key(platform, alice, now=now)
    assert race(*[lambda: rows.key(platform, alice, now=now)] * 4) == ["", "keys_taken", "keys_taken", "keys_taken"]
    assert ApiKey.objects.count() == 2


def test_of_two_rotations_of_one_key_one_makes_a_key(alice: User, act: Act, now: datetime) -> None:
    key, _secret = rows.key(rows.live(alice, now=now), alice, now=now)
    again = lambda: accounts.rotate_key(actor=act(alice), key_id=key.pk, life=timedelta(days=30), now=now)  # noqa: E731
    assert race(again, again) == ["", "keys_taken"]


def test_of_two_owners_who_leave_at_once_one_stays(alice: User, carol: User, act: Act, now: datetime) -> None:
    platform = rows.sandbox(alice, now=now)
    PlatformMember.objects.create(platform=platform, user=carol, role=PlatformRole.OWNER, since=now)

    def leaves(who: User) -> Callable[[], object]:
        mine: uuid.UUID = platform.members.get(user=who).pk
        return lambda: services.remove_member(actor=act(who), platform_id=platform.pk, member_id=mine, now=now)

    assert race(leaves(alice), leaves(carol)) == ["", "last_owner"]
    assert PlatformMember.objects.get().role == "owner"


def test_an_account_in_many_windows_opens_three_platforms(alice: User, act: Act, now: datetime) -> None:
    def opens(code: str) -> Callable[[], object]:
        return lambda: rows.sandbox(alice, code, now=now)

    told = race(*[opens(code) for code in ("river", "lake-tv", "sea-cast", "pond-tv", "rlver")])
    assert "platforms_taken" in told
    assert Platform.objects.count() == told.count("") <= 3


def test_an_invitation_makes_one_member_and_a_request_has_one_answer(alice: User, carol: User, act: Act, now: datetime) -> None:
    platform = rows.sandbox(alice, now=now)
    row = services.invite(actor=act(alice), platform_id=platform.pk, email=carol.email, role="developer", now=now)
    joins = lambda: services.accept(token=token_of(row.pk), actor=act(carol), now=now)  # noqa: E731
    assert race(joins, joins) == ["", "invitation_unknown"]
    asked = services.ask_live(actor=act(alice), platform_id=platform.pk, run_by="x", purpose="y", now=now)
    grace = act(cast.person("grace", Role.ADMINISTRATOR))
    answers = [
        lambda: services.approve_live(actor=grace, request_id=asked.pk, now=now),
        lambda: services.refuse_live(actor=grace, request_id=asked.pk, reason="no", now=now),
    ]
    assert race(*answers) == ["", "request_decided"]
    live = Platform.objects.get().live_at is not None
    assert live == (LiveRequest.objects.get().decision == "approved")


@pytest.mark.parametrize("way", ["removed", "demoted"])
def test_an_owner_who_was_stopped_comes_back_by_no_link_sent_before(alice: User, eve: User, act: Act, now: datetime, way: str) -> None:
    platform, second = rows.sandbox(alice, now=now), cast.person("eve2")
    mallory = PlatformMember.objects.create(platform=platform, user=eve, role=PlatformRole.OWNER, since=now)
    row = services.invite(actor=act(eve), platform_id=platform.pk, email=second.email, role="owner", now=now)
    assert services.invitation(token_of(row.pk), now) == row
    where: dict[str, Any] = {"actor": act(alice), "platform_id": platform.pk, "member_id": mallory.pk, "now": now}
    if way == "removed":
        services.remove_member(**where)
    else:
        services.change_role(role="developer", **where)
    with pytest.raises(InvitationUnknown):
        services.accept(token=token_of(row.pk), actor=act(second), now=now)
    assert not platform.members.filter(user=second).exists()
