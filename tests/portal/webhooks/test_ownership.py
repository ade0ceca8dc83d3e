"""An endpoint is its platform's: nobody else manages it, adds to it or sends by it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.access.actor import ANONYMOUS, CONSOLE, Actor, Kind
from portal.access.roles import Role
from portal.accounts.doors import actor_for
from portal.kit.errors import Forbidden, NotFound, Unauthenticated
from portal.webhooks import queries, services
from portal.webhooks.models import Delivery, Endpoint, Secret
from tests import cast
from tests.portal.webhooks.rows import platform, proven, relay
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A platform's server that works."""
    with Receiver() as server:
        yield server


def added(url: str, now: datetime, **more: Any) -> tuple[Endpoint, list[Secret]]:
    """Returns a new endpoint and its secrets."""
    return services.add(actor=CONSOLE, platform=platform(), url=url, contact="ops@example.org", now=now, **more)


def platform_actor(code: str) -> Actor:
    """Returns a platform that acts for itself."""
    return Actor(Kind.PLATFORM, platform(code).pk, frozenset({Role.PLATFORM}))


def test_an_endpoint_is_managed_by_its_platform_and_by_administrators(receiver: Receiver, now: datetime) -> None:
    endpoint, _secrets = added(receiver.url, now)
    eve, grace = actor_for(cast.person("eve")), actor_for(cast.person("grace", Role.ADMINISTRATOR))
    frank = actor_for(cast.auditor("frank"))
    for verb in (services.rotate, services.disable, services.prove, services.send_test, services.change, services.remove):
        for stranger in (eve, platform_actor("other")):
            with pytest.raises(NotFound):
                verb(actor=stranger, endpoint_id=endpoint.pk, now=now)
        with pytest.raises(Forbidden):
            verb(actor=frank, endpoint_id=endpoint.pk, now=now)
        with pytest.raises(Unauthenticated):
            verb(actor=ANONYMOUS, endpoint_id=endpoint.pk, now=now)
    with pytest.raises(Forbidden):
        services.deliver_next(actor=eve, endpoint_id=endpoint.pk, now=now)
    for owner in (grace, platform_actor("live")):
        assert services.rotate(actor=owner, endpoint_id=endpoint.pk, now=now)
        assert list(queries.visible_to(owner)) == [endpoint]
    assert list(queries.visible_to(eve)) == []


def test_a_platform_adds_an_endpoint_for_itself_only(now: datetime) -> None:
    given: dict[str, Any] = {"url": "https://h.example.com/", "contact": "ops@example.org", "now": now}
    added_to, _secrets = services.add(actor=platform_actor("live"), platform=platform("live"), **given)
    assert added_to.platform.code == "live"
    with pytest.raises(NotFound):
        services.add(actor=platform_actor("other"), platform=platform("live"), **given)


def test_another_platform_sends_nothing_again(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    services.send_test(actor=platform_actor("live"), endpoint_id=endpoint.pk, now=now)
    relay(endpoint, now)
    delivery = Delivery.objects.get()
    with pytest.raises(NotFound):
        services.resend(actor=platform_actor("other"), delivery_id=delivery.pk, now=now)
    assert services.resend(actor=platform_actor("live"), delivery_id=delivery.pk, now=now).event == delivery.event
