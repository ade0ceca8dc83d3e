"""A platform's own pages: what each shows, makes and refuses."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from portal.access.actor import Actor
from portal.access.roles import Role
from portal.accounts import keys, services
from portal.accounts.doors import actor_for
from portal.accounts.models import (
    ApiKey,
    Environment,
    LiveRequest,
    OAuthClient,
    Platform,
    PlatformInvitation,
    PlatformMember,
    Scope,
    User,
)
from portal.kit import clock
from portal.platforms import services as platforms
from portal.platforms.tokens import token_of
from tests import cast
from tests.portal.platforms import rows

Act = Callable[[User], Actor]
KEY_FORM = {"name": "ingest", "environment": "test", "scopes": ["gate:check", "registry:read"], "days": "90", "networks": ""}


@pytest.fixture
def now() -> datetime:
    """The present: pages ask the clock themselves."""
    return clock.now()


@pytest.fixture
def platform(alice: User, now: datetime) -> Platform:
    """Alice's live platform."""
    return rows.live(alice, now=now)


@pytest.fixture
def here(client: Client, alice: User) -> Client:
    """Alice's browser, signed in a moment ago."""
    return entered(client, alice)


def entered(client: Client, user: User) -> Client:
    client.post("/accounts/login/", {"login": user.email, "password": cast.PASSWORD})
    return client


def at(platform: Platform, page: str = "") -> str:
    return f"/developers/platforms/{platform.pk}/{page}"


def test_a_newcomer_opens_a_platform_and_makes_a_test_key(here: Client) -> None:
    assert "no platform yet" in here.get("/developers/platforms/").content.decode()
    asked = {"name": "River Video", "code": "", "website": "https://river.example"}
    suggested = here.post("/developers/platforms/new/", asked)
    assert 'value="river-video"' in suggested.content.decode()
    assert Platform.objects.count() == 0
    opened = here.post("/developers/platforms/new/", asked | {"code": "river-video"})
    assert opened["Location"] == at(Platform.objects.get())
    shown = here.post(at(Platform.objects.get(), "keys/new/"), KEY_FORM)
    key = ApiKey.objects.get()
    assert (shown.status_code, key.environment, key.scopes) == (200, "test", ["gate:check", "registry:read"])


def test_a_key_is_in_the_answer_that_makes_it_and_nowhere_else(here: Client, platform: Platform) -> None:
    shown = here.post(at(platform, "keys/new/"), KEY_FORM)
    text = shown.content.decode()
    secret = next(word for word in text.replace('"', " ").split() if keys.well_formed(word))
    assert "no-store" in shown["Cache-Control"]
    for page in ("", "keys/", "keys/new/", "usage/"):
        assert secret not in here.get(at(platform, page)).content.decode()
    assert secret not in str(dict(here.session))
    assert ApiKey.objects.get().hint in here.get(at(platform, "keys/")).content.decode()


def test_what_a_form_does_not_show_it_does_not_take(here: Client, alice: User, now: datetime) -> None:
    sandbox = rows.sandbox(alice, now=now)
    more = {"environment": "live", "platform": "x", "expires_at": "2099-01-01", "life": "9999", "digest": "0" * 64}
    assert here.post(at(sandbox, "keys/new/"), KEY_FORM | more).status_code == 422  # live is not offered
    assert here.post(at(sandbox, "keys/new/"), KEY_FORM | {"scopes": ["gate:check", "everything"]}).status_code == 422
    assert here.post(at(sandbox, "keys/new/"), KEY_FORM | {"days": "3650"}).status_code == 422
    assert ApiKey.objects.count() == 0
    asked = {"name": "Lake", "code": "lake-tv", "website": "https://lake.example", "live_at": "2020-01-01", "created_by": ""}
    here.post("/developers/platforms/new/", asked)
    assert Platform.objects.get(code="lake-tv").live_at is None


def test_whoever_was_away_proves_who_they_are_before_a_secret_is_made(client: Client, alice: User, platform: Platform) -> None:
    client.force_login(alice)  # a session without a fresh proof
    for page in ("keys/new/", "clients/new/"):
        assert client.get(at(platform, page))["Location"].startswith("/accounts/reauthenticate/")
        assert client.post(at(platform, page), KEY_FORM)["Location"] == at(platform, page)
    assert not ApiKey.objects.exists()
    assert not OAuthClient.objects.exists()


def test_a_key_is_replaced_limited_and_ended(here: Client, alice: User, platform: Platform, now: datetime) -> None:
    key, _secret = rows.key(platform, alice, now=now)
    assert here.post(at(platform, f"keys/{key.pk}/addresses/"), {"networks": "203.0.113.7/24"}).status_code == 422
    assert here.post(at(platform, f"keys/{key.pk}/addresses/"), {"networks": "203.0.113.0/24\r\n2001:db8::1"}).status_code == 302
    shown = here.post(at(platform, f"keys/{key.pk}/rotate/"), {"days": "30", "overlap": "day"})
    assert "counts beside it until" in shown.content.decode()
    new = ApiKey.objects.exclude(pk=key.pk).get()
    assert new.networks == ["203.0.113.0/24", "2001:db8::1/128"]
    assert here.post(at(platform, f"keys/{new.pk}/end/"), {"after": "now"}).status_code == 302
    assert ApiKey.objects.get(pk=new.pk).revoked_at is not None
    assert here.post(at(platform, f"keys/{new.pk}/rotate/"), {"days": "30", "overlap": ""}).status_code == 422


def test_a_client_is_made_shown_once_and_revoked(here: Client, platform: Platform) -> None:
    form = {"name": "catalogue", "environment": "live", "scopes": ["registry:read"], "networks": ""}
    assert here.post(at(platform, "clients/new/"), form | {"scopes": ["gate:check"]}).status_code == 422  # the gate takes keys only
    shown = here.post(at(platform, "clients/new/"), form)
    client = OAuthClient.objects.get()
    assert "vhs_" in shown.content.decode()
    listed = here.get(at(platform, "clients/")).content.decode()
    assert client.client_id in listed
    assert here.post(at(platform, f"clients/{client.pk}/revoke/")).status_code == 302
    assert OAuthClient.objects.get().revoked_at is not None


def test_members_are_invited_promoted_and_removed(here: Client, platform: Platform, carol: User, now: datetime) -> None:
    assert here.post(at(platform, "members/"), {"email": "new@example.org", "role": "developer"}).status_code == 302
    [invitation] = PlatformInvitation.objects.all()
    assert "new@example.org" in here.get(at(platform, "members/")).content.decode()
    assert here.post(at(platform, f"invitations/{invitation.pk}/end/")).status_code == 302
    member = rows.developer(platform, carol, now=now)
    assert here.post(at(platform, f"members/{member.pk}/role/"), {"role": "owner"}).status_code == 302
    assert here.post(at(platform, f"members/{member.pk}/remove/")).status_code == 302
    assert PlatformMember.objects.count() == 1
    last = PlatformMember.objects.get()
    assert here.post(at(platform, f"members/{last.pk}/remove/")).status_code == 409


def test_an_invitation_is_joined_from_its_mail(
    client: Client, platform: Platform, alice: User, carol: User, act: Act, now: datetime
) -> None:
    row = platforms.invite(actor=act(alice), platform_id=platform.pk, email=carol.email, role="developer", now=now)
    link = f"/developers/platforms/invitation/{token_of(row.pk)}/"
    assert client.get(link).status_code == 200
    assert client.post(link)["Location"].startswith("/accounts/login/?next=")
    client.force_login(carol)
    client.get(link)
    assert PlatformMember.objects.filter(user=carol).count() == 0  # reading joins nothing
    assert client.post(link)["Location"] == at(platform)
    assert client.get(link).status_code == 404


def test_live_access_is_asked_and_answered_on_pages(here: Client, alice: User, now: datetime) -> None:
    sandbox = rows.sandbox(alice, now=now)
    assert here.post(at(sandbox, "live/"), {"run_by": "River Ltd", "purpose": "uploads"}).status_code == 302
    assert "River Ltd" in here.get(at(sandbox, "live/")).content.decode()
    desk = Client()
    desk.force_login(cast.person("grace", Role.ADMINISTRATOR))
    [asked] = LiveRequest.objects.all()
    assert "River Ltd" in desk.get("/developers/requests/").content.decode()
    answer = f"/developers/requests/{asked.pk}/"
    assert desk.post(answer, {"decision": "refuse", "reason": ""}).status_code == 422
    assert desk.post(answer, {"reason": ""}).status_code == 422  # nothing but a plain yes approves
    assert desk.post(answer, {"decision": "approve", "reason": ""}).status_code == 302
    assert Platform.objects.get().live_at is not None


@pytest.mark.parametrize("page", ["/developers/requests/", "/developers/requests/{}/"])
def test_only_an_administrator_sees_requests(here: Client, alice: User, act: Act, now: datetime, page: str) -> None:
    sandbox = rows.sandbox(alice, now=now)
    asked = platforms.ask_live(actor=act(alice), platform_id=sandbox.pk, run_by="x", purpose="y", now=now)
    assert here.get(page.format(asked.pk)).status_code == 403
    assert here.post(page.format(asked.pk), {"decision": "approve"}).status_code in (403, 405)
    assert LiveRequest.objects.get().decided_at is None


def pages_of(platform: Platform, owner: User, now: datetime) -> dict[str, dict[str, Any]]:
    """Every address under a platform, with a form that would do something."""
    key, _secret = rows.key(platform, owner, now=now)
    live, _secret = rows.key(platform, owner, now=now, environment=Environment.LIVE)
    actor = actor_for(owner)
    client, _secret = services.create_client(
        actor=actor, platform=platform, name="c", scopes=[Scope.READ], environment=Environment.LIVE, now=now
    )
    row = platforms.invite(actor=actor, platform_id=platform.pk, email="x@example.org", role="developer", now=now)
    member = platform.members.get(user=owner)
    each: dict[str, dict[str, Any]] = {page: {} for page in ("", "keys/", "clients/", "usage/", "usage.csv")}
    for one in (key, live):
        each |= {f"keys/{one.pk}/rotate/": {"days": "30"}, f"keys/{one.pk}/end/": {"after": "now"}, f"keys/{one.pk}/addresses/": {}}
    each |= {"keys/new/": KEY_FORM, "clients/new/": KEY_FORM, f"clients/{client.pk}/revoke/": {}, f"invitations/{row.pk}/end/": {}}
    each |= {"members/": {"email": "y@example.org", "role": "owner"}, "live/": {"run_by": "x", "purpose": "y"}}
    return each | {f"members/{member.pk}/role/": {"role": "developer"}, f"members/{member.pk}/remove/": {}}


def test_a_member_of_another_platform_finds_nothing_at_all(
    client: Client, eve: User, alice: User, platform: Platform, now: datetime
) -> None:
    rows.live(eve, "other-tv", now=now)
    entered(client, eve)
    before = list(ApiKey.objects.values())
    for page, form in pages_of(platform, alice, now).items():
        before = before or list(ApiKey.objects.values())
        assert client.get(at(platform, page)).status_code in (404, 405), page
        assert client.post(at(platform, page), form).status_code in (404, 405), page
    assert list(ApiKey.objects.values()) == before
    assert (OAuthClient.objects.get().revoked_at, PlatformMember.objects.filter(platform=platform).count()) == (None, 1)


def test_anothers_key_is_not_there_under_ones_own_platform(
    client: Client, eve: User, alice: User, platform: Platform, now: datetime
) -> None:
    own = rows.live(eve, "other-tv", now=now)
    entered(client, eve)
    for page, form in pages_of(platform, alice, now).items():
        if page.count("/") > 2:
            assert client.post(at(own, page), form).status_code == 404, page
    assert ApiKey.objects.filter(revoked_at__isnull=False).count() == 0


def test_a_developer_reads_but_does_nothing_of_an_owners(
    client: Client, carol: User, alice: User, platform: Platform, now: datetime
) -> None:
    rows.developer(platform, carol, now=now)
    entered(client, carol)
    pages = pages_of(platform, alice, now)
    live = ApiKey.objects.get(environment="live")
    owners = [
        page
        for page in pages
        if str(live.pk) in page or (page.startswith(("clients/", "invitations/", "members/")) and page.count("/") > 2)
    ]
    for page in [*owners, "members/", "live/"]:
        assert client.post(at(platform, page), pages[page]).status_code == 403, page
    assert client.post(at(platform, "keys/new/"), KEY_FORM | {"environment": "live"}).status_code == 422
    for page in ("", "keys/", "clients/", "usage/", "members/", "live/"):
        assert client.get(at(platform, page)).status_code == 200, page


def test_an_unconfirmed_address_asks_for_nothing(here: Client, alice: User, now: datetime) -> None:
    sandbox = rows.sandbox(alice, now=now)
    EmailAddress.objects.update(verified=False)
    assert here.post(at(sandbox, "live/"), {"run_by": "x", "purpose": "y"}).status_code == 422
