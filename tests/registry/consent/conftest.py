"""A persona that shows Carol, and the way to each state of its licence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from portal.access.actor import Actor
from portal.accounts.models import User
from registry.consent import services
from registry.consent.models import Licence
from registry.consent.rules import Terms
from registry.personas.models import Persona
from tests.registry import likenesses
from tests.registry.rows import persona_of

Act = Callable[[User], Actor]
PROPOSED = Terms(
    media=("live", "upload"),
    purposes=("commerce", "entertainment"),
    platforms=("demo-live",),
    territories=("CN", "SG"),
    ends_on=date(2027, 3, 1),
    voice=True,
    computed_driving=True,
    notice_days=30,
)


@dataclass(frozen=True)
class Story:
    """Alice asks Carol; each method goes one step further."""

    alice: Actor
    carol: Actor
    persona: Persona
    now: datetime

    def invited(self, terms: Terms = PROPOSED, email: str = "carol@example.org") -> tuple[Licence, str]:
        return services.invite(actor=self.alice, persona=self.persona, email=email, terms=terms, now=self.now)

    def opened(self, terms: Terms = PROPOSED) -> Licence:
        _, token = self.invited(terms)
        return services.open_invitation(token=token, actor=self.carol, now=self.now)

    def identified(self, terms: Terms = PROPOSED) -> Licence:
        licence = self.opened(terms)
        services.identify(actor=self.carol, licence=licence, now=self.now)
        licence.refresh_from_db()
        return licence

    def granted(self, terms: Terms = PROPOSED) -> Licence:
        return services.grant(actor=self.carol, licence=self.identified(terms), terms=terms, now=self.now)


@pytest.fixture
def story(alice: User, carol: User, act: Act, now: datetime) -> Story:
    """Returns the story before its first step; Carol is verified and the portraits show her."""
    likenesses.platform()
    likenesses.verified(carol, now=now, face_of=likenesses.vector(3))
    persona = persona_of(alice, portrayed="other")
    for place in range(2):
        likenesses.portrait_of(persona, shows=likenesses.vector(3, off=0.1), position=place)
    return Story(act(alice), act(carol), persona, now)
