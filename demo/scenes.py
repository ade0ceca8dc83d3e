"""What people of the demonstration do, through the same services as everybody; the machine's turn is taken at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from demo.cast import Player
from demo.faces import acting, documents, identities, permits, pictures
from demo.faces.holders import Holder
from portal.access.actor import ANONYMOUS, Actor
from portal.accounts import services as accounts
from portal.accounts.doors import actor_for
from portal.accounts.models import Operator, User
from registry.complaints import services as complaints
from registry.complaints.models import Report
from registry.consent import queries as consent_queries
from registry.consent import services as consent
from registry.consent.models import Licence
from registry.consent.rules import Terms
from registry.issuing import services as issuing
from registry.issuing.models import Registration
from registry.personas import checking
from registry.personas import services as personas
from registry.personas.models import Application, Persona
from registry.personas.rules import Details
from verification import queries as verification_queries
from verification import services as verification
from verification.engines import challenge, reel
from verification.guardians import services as guardians
from verification.guardians.models import Guardianship
from verification.guardians.services import comparing
from verification.models import Case, Challenge
from verification.reasons import Step
from verification.renewals import services as renewals
from verification.renewals.services import machine as renewal_machine
from verification.services import machine
from verification.states import APPLICANT_TURN, CaseState

TRIES = 3  # a rendered face is not always taken for a living one
PLATFORM = "demo-live"
TERMS = Terms(
    media=("live", "upload"),
    purposes=("commerce", "entertainment"),
    platforms=(PLATFORM,),
    territories=("CN",),
    voice=True,
    computed_driving=True,
    notice_days=30,
)


@dataclass(frozen=True, slots=True)
class Actress:
    """One of the cast with their stored account."""

    player: Player
    user: User

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return actor_for(self.user)


def begin_case(who: Actress, now: datetime, purposes: tuple[str, ...] = ("processing", "face")) -> Case:
    """Returns a draft: consents given, document described."""
    player = who.player
    verification.consent(actor=who.actor, purposes=purposes, now=now)
    case = verification.start(actor=who.actor, now=now)
    told = {"document_type": player.document, "full_name": player.printed, "number": player.number, "birth_date": player.born}
    return verification.describe(actor=who.actor, case=case, now=now, **told)  # type: ignore[arg-type]


def verify(who: Actress, now: datetime) -> Case:
    """Returns the case of somebody whom the machine verifies. Raises RuntimeError if it does not."""
    _show_document(who, begin_case(who, now), who.player.name, now)
    for _try in range(TRIES):
        case = _move(who, now)
        if case.state == CaseState.VERIFIED:
            return case
    raise RuntimeError(f"{who.player.name} was not verified: {case.state}, {case.reasons}, {case.risks}")


def verify_still(who: Actress, now: datetime, *, card_of: str, selfie: bytes) -> Case:
    """Returns the judged case of somebody who uploads a selfie instead of moving before a camera."""
    case = begin_case(who, now)
    _show_document(who, case, card_of, now)
    verification.add_picture(actor=who.actor, case=case, slot=Step.SELFIE, upload=selfie, channel="upload", now=now)
    return _judged(who, case, now)


def verify_without_face(who: Actress, now: datetime, *, card_of: str) -> Case:
    """Returns the case of somebody who does not consent to face comparison: an officer's, whatever the document shows."""
    case = begin_case(who, now, purposes=("processing",))
    _show_document(who, case, card_of, now, channel="upload")
    return _judged(who, case, now)


def meet(officer: Actress, case: Case, now: datetime, *, same_person: bool) -> None:
    """An officer arranges a video call for the same day and notes what they saw."""
    about: dict[str, Any] = {"actor": officer.actor, "case_id": case.pk}
    verification.claim(**about, now=now)
    at = now + timedelta(hours=3)
    verification.arrange(**about, kind="video", at=at, where="https://calls.example/room", now=now)
    verification.claim(**about, now=at)
    verification.note(**about, came=True, same_person=same_person, text="The document in the hand, the face beside it.", now=at)


def _show_document(who: Actress, case: Case, face: str, now: datetime, channel: str = "camera") -> None:
    holder = Holder(face, who.player.printed, who.player.number, born=who.player.born)
    sides = dict(zip((Step.DOCUMENT, Step.DOCUMENT_BACK), permits.both_sides(who.player.document, holder), strict=True))
    for step, picture in sides.items():
        if picture is not None:
            upload = pictures.jpeg(picture)
            verification.add_picture(actor=who.actor, case=case, slot=step, upload=upload, channel=channel, now=now)


def _move(who: Actress, now: datetime) -> Case:
    """The selfie, and the movements that the server draws; then the machine's turn."""
    case = Case.objects.select_related("data_key").filter(user=who.user, state__in=APPLICANT_TURN).get()
    own = pictures.jpeg(pictures.portrait(who.player.name, yaw=6, frame=1))
    verification.add_picture(actor=who.actor, case=case, slot=Step.SELFIE, upload=own, channel="camera", now=now)
    drawn = verification.draw(actor=who.actor, case=case, slow=False, now=now)
    film = _film(who, drawn)
    verification.add_recording(actor=who.actor, case=case, nonce=drawn.nonce, upload=film, camera="Front camera", now=now)
    return _judged(who, case, now)


def _film(who: Actress, drawn: Challenge) -> bytes:
    return reel.pack(acting.recorded(acting.Take(identities.face(who.player.name)), challenge.from_json(drawn.script)))


def _judged(who: Actress, case: Case, now: datetime) -> Case:
    case = Case.objects.select_related("data_key").get(pk=case.pk)
    if Step.MEETING in verification_queries.steps_left(case):
        wish = "Weekdays after six in the evening."
        case = verification.ask_for_meeting(actor=who.actor, case=case, kind="video", wish=wish, now=now)
    verification.submit(actor=who.actor, case=case, now=now)
    machine.judge_case(case_id=case.pk, now=now)
    return Case.objects.get(pk=case.pk)


def confirm_by_selfie(who: Actress, now: datetime) -> None:
    """An operator of live commerce confirms the identity again, months after the verification."""
    fresh = pictures.jpeg(pictures.portrait(who.player.name, yaw=-6, frame=2))
    drawn = renewals.draw(actor=who.actor, slow=False, now=now)
    moved = renewals.Moved(drawn.nonce, _film(who, drawn), "Front camera")
    row = renewals.send(actor=who.actor, upload=fresh, channel="camera", moved=moved, now=now)
    renewal_machine.judge(renewal_id=row.pk, now=now)


def ask_guardian(minor: Actress, guardian: Player, now: datetime) -> tuple[Guardianship, str]:
    """Returns the guardianship and its link's token."""
    return guardians.invite(actor=minor.actor, email=guardian.email, now=now)


def consent_as_guardian(guardian: Actress, minor: Actress, now: datetime) -> Guardianship:
    """Returns the guardianship, granted with a proof and compared by the machine."""
    _asked, token = ask_guardian(minor, guardian.player, now)
    row = guardians.open_invitation(token=token, actor=guardian.actor, now=now)
    page = documents.identity_card(guardian.player.name, holder=f"{guardian.player.name} · {minor.player.name}".upper(), number="HOUSEHOLD")
    told = {"relation": "parent", "note": "", "proof": pictures.jpeg(page)}
    guardians.grant(actor=guardian.actor, guardianship_id=row.pk, now=now, **told)  # type: ignore[arg-type]
    comparing.compare(guardianship_id=row.pk, now=now)
    return Guardianship.objects.get(pk=row.pk)


def decide_case(officer: Actress, case: Case, verdict: str, reasons: list[str], note: str, now: datetime) -> None:
    """An officer claims and decides a case."""
    verification.claim(actor=officer.actor, case_id=case.pk, now=now)
    verification.decide(actor=officer.actor, case_id=case.pk, verdict=verdict, reasons=reasons, note=note, now=now)


def describe(who: Actress, now: datetime, *, shows: list[bytes], operator: Operator | None = None, **details: Any) -> Persona:
    """Returns a persona with checked portraits, in the name of `operator` or in one's own."""
    told = {"drive_mode": "computed", "portrayed": "nobody", "platforms": (PLATFORM,), **details}
    operator = operator or accounts.own_operator(actor=who.actor, now=now)
    persona = personas.create(actor=who.actor, operator=operator, details=Details(**told), now=now)
    for picture in shows:
        portrait = personas.add_portrait(actor=who.actor, persona=persona, upload=picture, now=now)
        checking.check_portrait(portrait_id=portrait.pk, now=now)
    return persona


def invite(who: Actress, guest: Player, persona: Persona, now: datetime, terms: Terms = TERMS) -> tuple[Licence, str]:
    """Returns the licence and its link's token."""
    return consent.invite(actor=who.actor, persona=persona, email=guest.email, terms=terms, now=now)


def license_by(guest: Actress, who: Actress, persona: Persona, now: datetime, terms: Terms = TERMS) -> Licence:
    """Returns the licence, granted as proposed."""
    _invited, token = invite(who, guest.player, persona, now, terms)
    licence = consent.open_invitation(token=token, actor=guest.actor, now=now)
    consent.identify(actor=guest.actor, licence=licence, now=now)
    licence.refresh_from_db()
    return consent.grant(actor=guest.actor, licence=licence, terms=terms, now=now)


def submit(who: Actress, persona: Persona, now: datetime) -> Application:
    """Returns the application as sent."""
    return personas.submit(actor=who.actor, persona=persona, evidence=consent_queries.evidence(persona), now=now)


def register(officer: Actress, application: Application, now: datetime) -> Registration:
    """Returns the registration an officer issued."""
    personas.claim(actor=officer.actor, application_id=application.pk, now=now)
    return issuing.register(actor=officer.actor, application_id=application.pk, note="", now=now)


def report_label(registration: Registration, text: str, now: datetime, *, email: str = "") -> Report:
    """Returns what somebody without an account reports of a virtual human: that it bore no label."""
    told = {"reason": "label_missing", "text": text, "link": "https://live.example/nightingale", "email": email, "language": "en"}
    return complaints.receive(actor=ANONYMOUS, registration=registration, now=now, **told)
