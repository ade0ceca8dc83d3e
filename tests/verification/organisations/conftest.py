"""Organisations at any point of their way; the identities of those who act are written past the services."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from io import BytesIO

import pytest
from PIL import Image

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.kit import clock
from tests.registry.rows import verified
from verification.organisations import services
from verification.organisations.models import Mandate, Organisation
from verification.organisations.tokens import token_of

CODE, OTHER_CODE = "91110000600037341L", "91110114MACY9KQ17M"  # regulation: GB 32100 vectors
FACTS = {"name": "星河文化有限公司", "uscc": CODE, "licence_until": None, "represents": False, "representative": "林样本"}
File = Callable[..., Organisation]


@pytest.fixture
def now() -> datetime:
    """The present: pages and the database ask the clock themselves."""
    return clock.now()


@cache
def picture(colour: str = "grey") -> bytes:
    """Returns a small picture of one colour, as it is uploaded."""
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def drafted(now: datetime) -> File:
    """Files everything and sends nothing; whoever files is verified."""

    def filed(user: User, **told: object) -> Organisation:
        actor = actor_for(user)
        if not hasattr(user, "identity"):
            verified(user, now=now)
        organisation = services.start(actor=actor, now=now)
        services.describe(actor=actor, organisation=organisation, now=now, **(FACTS | told))  # type: ignore[arg-type]
        for slot in ("licence", "letter"):
            given = {"slot": slot, "upload": picture(), "channel": "camera"}
            organisation = services.add_picture(actor=actor, organisation=organisation, now=now, **given)
        return organisation

    return filed


@pytest.fixture
def submitted(now: datetime, drafted: File) -> File:
    """Goes on and submits."""

    def sent(user: User, **told: object) -> Organisation:
        return services.submit(actor=actor_for(user), organisation=drafted(user, **told), now=now)

    return sent


@pytest.fixture
def decided(bob: User, now: datetime) -> File:
    """Bob claims and decides."""

    def done(organisation: Organisation, verdict: str, *reasons: str, officer: User = bob) -> Organisation:
        services.claim(actor=actor_for(officer), organisation_id=organisation.pk, now=now)
        given = {"verdict": verdict, "reasons": reasons, "note": "Look here."}
        return services.decide(actor=actor_for(officer), organisation_id=organisation.pk, now=now, **given)

    return done


@pytest.fixture
def star(alice: User, submitted: File, decided: File) -> Organisation:
    """Star River Culture, verified; Alice owns it."""
    return decided(submitted(alice), "verified")


@pytest.fixture
def agent(star: Organisation, alice: User, now: datetime) -> Callable[..., Mandate]:
    """Alice invites somebody, who accepts."""

    def accepted(user: User, **terms: object) -> Mandate:
        if not hasattr(user, "identity"):
            verified(user, now=now)
        asked = {"email": user.email, "role": "agent", "until": None, **terms}
        mandate = services.invite(actor=actor_for(alice), organisation=star, now=now, **asked)  # type: ignore[arg-type]
        return services.accept(token=token_of(mandate.pk), actor=actor_for(user), now=now)

    return accepted
