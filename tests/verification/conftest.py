"""A case at any point of its way, with rendered faces."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache

import pytest

from demo.faces import permits, pictures
from demo.faces.holders import Holder
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from tests import remembering
from verification import services
from verification.models import Case
from verification.reasons import Step

NAME = "LI XIAOMING"
NUMBERS = {"alice": "360426199101010071", "carol": "11010519491231002X", "eve": "360426199101010071"}
BOTH = ("processing", "face")
Apply = Callable[..., Case]


@pytest.fixture(autouse=True)
def _remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    remembering.remember(monkeypatch)


@cache
def sides(face: str, name: str = NAME, number: str = NUMBERS["alice"], expires: date = date(2035, 12, 31)) -> tuple[bytes, bytes]:
    """Returns front and back of a specimen card with the face of one of the cast."""
    front, back = permits.both_sides("resident_id", Holder(face, name, number, expires=expires))
    assert back is not None
    return pictures.jpeg(front), pictures.jpeg(back)


def card(name: str) -> bytes:
    """Returns the front of a specimen card with the face of one of the cast."""
    return sides(name)[0]


@cache
def selfie(name: str) -> bytes:
    """Returns a selfie of one of the cast, of `doubtful` (0.57 from Alice's card), or of nobody."""
    if name == "nobody":
        return pictures.jpeg(pictures.portrait("alice", size=96).resize((2, 2)).resize((480, 480)))
    return remembering.selfie(DOUBTFUL if name == "doubtful" else name)


DOUBTFUL = "18"


def describe(user: User, case: Case, now: datetime, **other: object) -> Case:
    """Returns the case with details that are right, but for what is given."""
    typed = {"document_type": "resident_id", "full_name": NAME.title(), "number": NUMBERS["alice"], "birth_date": None, **other}
    return services.describe(actor=actor_for(user), case=case, now=now, **typed)  # type: ignore[arg-type]


def add(user: User, case: Case, step: Step, upload: bytes, now: datetime, channel: str = "camera") -> Case:
    """Returns the case with a picture."""
    return services.add_picture(actor=actor_for(user), case=case, slot=step, upload=upload, channel=channel, now=now)


def move(user: User, case: Case, face: str, now: datetime) -> Case:
    """Returns the case with the recording of somebody who does what they are asked."""
    drawn = services.draw(actor=actor_for(user), case=case, slow=False, now=now)
    sent = remembering.performed(DOUBTFUL if face == "doubtful" else face)
    return services.add_recording(actor=actor_for(user), case=case, nonce=drawn.nonce, upload=sent, camera="Front camera", now=now)


@pytest.fixture
def draft(now: datetime) -> Apply:
    """Starts a case and gives the consents."""

    def begin(user: User, consents: tuple[str, ...] = BOTH) -> Case:
        services.consent(actor=actor_for(user), purposes=consents, now=now)
        return services.start(actor=actor_for(user), now=now)

    return begin


@pytest.fixture
def filled(now: datetime, draft: Apply) -> Apply:
    """Goes all the way up to the submission. `number` is typed and printed on the card."""

    def go(user: User, document: str = "alice", face: str = "alice", consents: tuple[str, ...] = BOTH, **typed: str) -> Case:
        case = describe(user, draft(user, consents), now, **typed)
        front, back = sides(document, number=typed.get("number", NUMBERS["alice"]))
        case = add(user, case, Step.DOCUMENT, front, now)
        case = add(user, case, Step.DOCUMENT_BACK, back, now)
        if "face" not in consents:
            return services.ask_for_meeting(actor=actor_for(user), case=case, kind="video", wish="", now=now)
        case = add(user, case, Step.SELFIE, selfie(face), now)
        return case if face == "nobody" else move(user, case, face, now)

    return go


@pytest.fixture
def submitted(now: datetime, filled: Apply) -> Apply:
    """Goes all the way and submits."""

    def go(user: User, *given: str, **more: object) -> Case:
        return services.submit(actor=actor_for(user), case=filled(user, *given, **more), now=now)

    return go
