"""What lies on the desk in these tests: cases and applications as their rooms leave them to the officers."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Protocol

from django.test import Client
from PIL import Image

from portal.access.actor import Actor
from portal.accounts import services as accounts
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.services import record
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from registry.personas import queries
from registry.personas.models import Application, DriveMode, Persona, Portrait, Portrayed
from verification.models import Case, Channel, DocumentType
from verification.states import CaseState

NUMBER = "110101199003074274"


class Answer(Protocol):
    """What the test client returns."""

    content: bytes
    status_code: int


def text_of(answer: Answer) -> str:
    """Returns the page as text."""
    return answer.content.decode()


def signed_in(user: User) -> Client:
    """Returns a browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client


def picture(kind: Retention = Retention.PICTURE, colour: str = "grey") -> SealedFile:
    """Returns a stored picture of one colour."""
    plain = BytesIO()
    Image.new("RGB", (600, 400), colour).save(plain, "JPEG")
    return files.store(plain.getvalue(), media_type="image/jpeg", kind=kind)


def waiting_case(user: User, now: datetime, *, waits: timedelta = timedelta(hours=2), risks: tuple[str, ...] = ("face_doubtful",)) -> Case:
    """Returns a case that the machine passed on to an officer."""
    case = Case(
        user=user,
        state=CaseState.REVIEW,
        document_type=DocumentType.RESIDENT_ID,
        full_name="林晓梅",
        document_number=NUMBER,
        birth_date="1990-03-07",
        document_image=picture(),
        document_channel=Channel.UPLOAD,
        selfie_image=picture(),
        selfie_channel=Channel.CAMERA,
        distance=0.55,
        liveness="passed",
        risks=list(risks),
        created_at=now - waits,
        submitted_at=now - waits,
    )
    case.save()
    record(Event.CASE_SUBMITTED, actor=actor_for(user), subject=case, now=now - waits)
    return case


def waiting_application(user: User, now: datetime, *, waits: timedelta = timedelta(hours=1), persona: Persona | None = None) -> Application:
    """Returns an application to register a persona with a synthetic face."""
    actor: Actor = actor_for(user)
    persona = persona or _persona(actor, now)
    application = Application.objects.create(persona=persona, facts=queries.snapshot(persona), submitted_by=user, submitted_at=now - waits)
    record(Event.APPLICATION_SUBMITTED, actor=actor, subject=application, now=now - waits)
    return application


def _persona(actor: Actor, now: datetime) -> Persona:
    persona = Persona.objects.create(
        operator=accounts.own_operator(actor=actor, now=now),
        created_by_id=actor.id,
        name_zh="星禾",
        name_en="Xinghe",
        description="Explains the night sky.",
        drive_mode=DriveMode.HUMAN,
        portrayed=Portrayed.NOBODY,
        created_at=now,
        changed_at=now,
    )
    for position, flags in enumerate(([], ["resembles_verified_person"])):
        file = picture(Retention.PORTRAIT)
        Portrait.objects.create(persona=persona, file=file, position=position, added_at=now, checked_at=now, flags=flags)
    return persona
