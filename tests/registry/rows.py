"""Rows that several tests of the registry need, written past the services: the services have their own tests."""

from datetime import datetime, timedelta
from typing import Any

from portal.accounts.models import Member, Operator, User
from portal.vault.cipher import blind_index
from portal.vault.files import store
from portal.vault.models import Retention
from registry.consent.models import Licence
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration, Version
from registry.personas.models import Application, Persona, Portrait
from tests import cast
from tests.cast import EPOCH
from verification.guardians.models import Guardianship
from verification.models import Case, Identity
from verification.states import CaseState

NUMBERS = iter(range(10_000))


def verified(user: User, *, now: datetime, **fields: Any) -> Identity:
    """Returns a standing identity of the account, with an invented passport."""
    number = f"E{next(NUMBERS):08d}"
    case = Case.objects.create(user=user, state=CaseState.VERIFIED, created_at=EPOCH, decided_at=now)
    defaults: dict[str, Any] = {
        "document_type": "passport",
        "number_index": blind_index("test", number),
        "full_name": f"Person {number}",
        "document_number": number,
        "birth_date": "1990-01-01",
        "verified_at": now,
        "valid_until": now + timedelta(days=700),
    }
    return Identity.objects.create(user=user, case=case, **(defaults | fields))


def operator_of(user: User) -> Operator:
    """Returns the account's own operator record."""
    found = Operator.objects.filter(members__user=user).first()
    if found is None:
        found = Operator.objects.create(created_at=EPOCH)
        Member.objects.create(operator=found, user=user, since=EPOCH)
    return found


def persona_of(user: User, **fields: Any) -> Persona:
    """Returns a synthetic persona of the account, driven by a computer on the demo platform."""
    defaults: dict[str, Any] = {
        "name_en": "Lin",
        "name_zh": "小林",
        "description": "Sells tea.",
        "drive_mode": "computed",
        "portrayed": "nobody",
        "platforms": ["demo-live"],
        "created_by": user,
        "created_at": EPOCH,
        "changed_at": EPOCH,
    }
    return Persona.objects.create(operator=operator_of(user), **(defaults | fields))


def registration_of(user: User, *, now: datetime, **fields: Any) -> Registration:
    """Returns a registration of a new persona of the account, whose identity stands."""
    if not Identity.objects.filter(user=user).exists():
        verified(user, now=now)
    persona = persona_of(user, **fields)
    facts = {name: getattr(persona, name) for name in ("name_zh", "name_en", "description", "drive_mode", "portrayed", "platforms")}
    registration = Registration.objects.create(
        registry_id=ids.draw(),
        persona=persona,
        operator=persona.operator,
        facts=facts | {"handles": {"demo-live": "@lin"}, "portraits": []},
        issued_at=now,
        expires_at=now + timedelta(days=365),
        changed_at=now,
    )
    sent = {"facts": registration.facts, "submitted_by": user, "submitted_at": now, "decided_at": now}
    application = Application.objects.create(persona=persona, state="approved", **sent)
    Version.objects.create(registration=registration, number=1, facts=registration.facts, application=application, since=now)
    return registration


def licence_of(persona: Persona, person: User, *, now: datetime, **fields: Any) -> Licence:
    """Returns the granted licence, for live commerce on the demo platform in China, of whom the persona was approved with."""
    Application.objects.filter(persona=persona, portrayed_user=None).update(portrayed_user=person)
    defaults: dict[str, Any] = {
        "email": person.email,
        "media": ["live"],
        "purposes": ["commerce"],
        "platforms": ["demo-live"],
        "territories": ["CN"],
        "computed_driving": True,
        "starts_on": now.date(),
        "invited_at": now,
        "invitation_ends": now + timedelta(days=7),
        "granted_at": now,
    }
    return Licence.objects.create(persona=persona, portrayed=person, state="granted", **(defaults | fields))


def portrait_of(persona: Persona, position: int, *, now: datetime) -> Portrait:
    """Returns a checked portrait of the persona, without a flag; nobody opens its file."""
    file = store(b"picture", media_type="image/jpeg", kind=Retention.PORTRAIT)
    return Portrait.objects.create(persona=persona, file=file, position=position, added_at=now, checked_at=now)


def guardian_of(minor: User, *, now: datetime, guardian: User | None = None, **fields: Any) -> Guardianship:
    """Returns the guardianship of a verified adult, confirmed by an officer; by somebody new where nobody is named."""
    guardian = guardian or cast.person(f"guardian-of-{minor.email.split('@')[0]}")
    if not Identity.objects.filter(user=guardian).exists():
        verified(guardian, now=now)
    officer = User.objects.filter(role_grants__role="officer").first() or cast.officer(f"officer-for-{minor.email.split('@')[0]}")
    defaults: dict[str, Any] = {
        "state": "confirmed",
        "email": guardian.email,
        "invited_at": now,
        "invitation_ends": now + timedelta(days=7),
        "relation": "parent",
        "granted_at": now,
        "compared_at": now,
        "decided_by": officer,
        "decided_at": now,
    }
    return Guardianship.objects.create(minor=minor, guardian=guardian, **(defaults | fields))
