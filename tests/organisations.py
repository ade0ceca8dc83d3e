"""Organisations at any point of their way, through the services; the identities of those who act are written past them."""

from datetime import datetime
from functools import cache
from io import BytesIO

from PIL import Image

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from tests.registry.rows import verified
from verification.organisations import services
from verification.organisations.models import Mandate, Organisation
from verification.organisations.tokens import token_of

CODE, OTHER_CODE = "91110000600037341L", "91110114MACY9KQ17M"
FACTS = {"name": "星河文化有限公司", "uscc": CODE, "licence_until": None, "represents": False, "representative": "林样本"}


@cache
def picture(colour: str = "grey") -> bytes:
    """Returns a small picture of one colour, as it is uploaded."""
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return out.getvalue()


def drafted(user: User, now: datetime, **told: object) -> Organisation:
    """Returns a filing with everything in it, not sent; whoever files is verified."""
    actor = actor_for(user)
    if not hasattr(user, "identity"):
        verified(user, now=now)
    organisation = services.start(actor=actor, now=now)
    services.describe(actor=actor, organisation=organisation, now=now, **(FACTS | told))  # type: ignore[arg-type]
    for slot in ("licence", "letter"):
        given = {"slot": slot, "upload": picture(), "channel": "camera"}
        organisation = services.add_picture(actor=actor, organisation=organisation, now=now, **given)  # type: ignore[arg-type]
    return organisation


def submitted(user: User, now: datetime, **told: object) -> Organisation:
    """Returns a filing that was sent."""
    return services.submit(actor=actor_for(user), organisation=drafted(user, now, **told), now=now)


def decided(organisation: Organisation, officer: User, now: datetime, verdict: str = "verified", *reasons: str) -> Organisation:
    """Returns the organisation as the officer claimed and decided it."""
    services.claim(actor=actor_for(officer), organisation_id=organisation.pk, now=now)
    given = {"verdict": verdict, "reasons": reasons, "note": "Look here."}
    return services.decide(actor=actor_for(officer), organisation_id=organisation.pk, now=now, **given)  # type: ignore[arg-type]


def agent(organisation: Organisation, owner: User, user: User, now: datetime, **terms: object) -> Mandate:
    """Returns the mandate that the owner gave and the user accepted."""
    if not hasattr(user, "identity"):
        verified(user, now=now)
    asked = {"email": user.email, "role": "agent", "until": None, **terms}
    mandate = services.invite(actor=actor_for(owner), organisation=organisation, now=now, **asked)  # type: ignore[arg-type]
    return services.accept(token=token_of(mandate.pk), actor=actor_for(user), now=now)
