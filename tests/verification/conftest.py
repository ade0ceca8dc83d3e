"""A case at any point of its way, with rendered faces."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

import pytest

from demo.faces import documents, pictures
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from verification import services
from verification.models import Case
from verification.reasons import Step

NUMBERS = {"alice": "360426199101010071", "carol": "11010519491231002X", "eve": "360426199101010071"}
BOTH = ("processing", "face")
Apply = Callable[..., Case]


@cache
def card(name: str) -> bytes:
    """Returns a specimen card with the face of one of the cast."""
    return pictures.jpeg(documents.identity_card(name, holder=name.title(), number=NUMBERS.get(name, "")))


@cache
def selfie(name: str) -> bytes:
    """Returns a selfie of one of the cast, of `doubtful` (0.55 from Alice's card), or of nobody."""
    if name == "nobody":
        return pictures.jpeg(pictures.portrait("alice", size=96).resize((2, 2)).resize((480, 480)))
    if name == "doubtful":
        return pictures.jpeg(pictures.stranger(7, size=320))
    return pictures.jpeg(pictures.portrait(name, size=480, frame=3))


def describe(user: User, case: Case, now: datetime, **other: object) -> Case:
    """Returns the case with details that are right, but for what is given."""
    typed = {"document_type": "resident_id", "full_name": "Li Xiaoming", "number": NUMBERS["alice"], "birth_date": None, **other}
    return services.describe(actor=actor_for(user), case=case, now=now, **typed)  # type: ignore[arg-type]


@pytest.fixture
def draft(now: datetime) -> Apply:
    """Starts a case and gives the consents."""

    def begin(user: User, consents: tuple[str, ...] = BOTH) -> Case:
        services.consent(actor=actor_for(user), purposes=consents, now=now)
        return services.start(actor=actor_for(user), now=now)

    return begin


@pytest.fixture
def submitted(now: datetime, draft: Apply) -> Apply:
    """Goes all the way and submits."""

    def go(user: User, document: str = "alice", face: str = "alice", consents: tuple[str, ...] = BOTH, **typed: object) -> Case:
        actor, case = actor_for(user), describe(user, draft(user, consents), now, **typed)
        services.add_picture(actor=actor, case=case, slot=Step.DOCUMENT, upload=card(document), channel="camera", now=now)
        if "face" in consents:
            services.add_picture(actor=actor, case=case, slot=Step.SELFIE, upload=selfie(face), channel="camera", now=now)
        return services.submit(actor=actor, case=case, now=now)

    return go
