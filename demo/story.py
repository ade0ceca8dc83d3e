"""The demonstration's story: the cast, a real-name case in every state, a persona in every state, and three organisations."""

from datetime import datetime, timedelta
from functools import lru_cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from demo import cast, organisations, scenes
from demo.faces import pictures
from demo.scenes import TERMS, Actress
from portal.accounts.models import RoleGrant, User
from registry.complaints import services as complaints
from registry.consent import services as consent
from registry.issuing import services as issuing
from registry.issuing.models import Party, Registration
from registry.personas import services as personas
from registry.personas.models import Persona
from verification import services as verification
from verification.rules import REVERIFY

Company = dict[str, Actress]
LONG_AGO = timedelta(days=400)  # longer than a registration lasts
DOUBTFUL = 18  # the stranger whose face lies between the thresholds from Frank's


@lru_cache
def portraits(face: str) -> tuple[bytes, bytes]:
    """Returns two portraits of one of the cast, or of the stranger with that number."""
    if face.isdigit():
        return pictures.jpeg(pictures.stranger(int(face))), pictures.jpeg(pictures.stranger(int(face), yaw=10))
    return pictures.jpeg(pictures.portrait(face, frame=7)), pictures.jpeg(pictures.portrait(face, yaw=10, frame=8))


def sign_up(now: datetime) -> Company:
    """Returns the cast, each with an account that may sign in and the role it has."""
    hashed = make_password(cast.PASSWORD)  # once: to hash it for each of them takes as long as to judge a case
    return {player.name: Actress(player, _account(player, hashed, now)) for player in cast.CAST}


def _account(player: cast.Player, hashed: str, now: datetime) -> User:
    user = User.objects.create(email=player.email, password=hashed, is_demo=True, date_joined=now)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if player.granted:
        RoleGrant.objects.create(user=user, role=player.granted, granted_at=now)
    return user


def verify_people(who: Company, now: datetime) -> None:
    """A real-name case in every state a case can rest in."""
    scenes.verify(who["alice"], now - LONG_AGO)
    scenes.verify(who["carol"], now - LONG_AGO)
    scenes.begin_case(who["ivy"], now - timedelta(hours=1))
    doubtful = pictures.jpeg(pictures.stranger(DOUBTFUL))
    scenes.verify_still(who["jack"], now - timedelta(hours=2), card_of="frank", selfie=doubtful)
    scenes.verify_still(who["kim"], now - timedelta(hours=3), card_of="dana", selfie=portraits("eve")[0])
    sent = scenes.verify_without_face(who["leo"], now - timedelta(days=3), card_of="bob")
    scenes.meet(who["dana"], sent, now - timedelta(days=2, hours=6), same_person=False)
    note = "The person in the video call was not the person on the document."
    scenes.decide_case(who["bob"], sent, "rejected", ["not_the_holder"], note, now - timedelta(days=2))
    met = scenes.verify_without_face(who["may"], now - timedelta(days=91), card_of="eve")
    scenes.meet(who["dana"], met, now - timedelta(days=90, hours=6), same_person=True)
    scenes.decide_case(who["bob"], met, "verified", [], "", now - timedelta(days=90))
    verification.revoke(actor=who["bob"].actor, user=who["may"].user, now=now - timedelta(days=10))
    _clock_and_guardians(who, now)


def _clock_and_guardians(who: Company, now: datetime) -> None:
    """Alice has to confirm her identity within two weeks; two young people need a guardian."""
    scenes.confirm_by_selfie(who["alice"], now - REVERIFY + timedelta(days=14))
    scenes.verify_without_face(who["nina"], now - timedelta(hours=5), card_of="frank")
    scenes.ask_guardian(who["nina"], cast.CAROL, now - timedelta(hours=4))
    scenes.verify_without_face(who["otto"], now - timedelta(hours=9), card_of="bob")
    scenes.consent_as_guardian(who["carol"], who["otto"], now - timedelta(hours=6))


def describe_personas(who: Company, now: datetime) -> dict[str, Registration]:
    """Returns the registrations for scripts to use, by their state; other personas stand before registration."""
    _before_review(who, now)
    _with_officers(who, now)
    suspended = _suspended(who, now)
    _reports(who, suspended, now)
    return {
        "active": _with_carols_face(who, "小糖", "Xiao Tang", now - timedelta(days=40)),
        "suspended": suspended,
        "withdrawn": _withdrawn(who, now),
        "expired": _synthetic(who, "旧梦", "Old Dream", "31", now - LONG_AGO + timedelta(days=2)),
        "revoked": _revoked(who, now),
    }


def found_organisations(who: Company, now: datetime) -> Registration:
    """An organisation in each state that matters, and the registration of a persona in the name of the verified one."""
    star = organisations.found(who, now)
    told = {"name_zh": "星河向导", "name_en": "Star Guide", "description": "Shows visitors through the museum of the stars."}
    persona = scenes.describe(who["alice"], now - timedelta(days=50), shows=[*portraits("36")], operator=star.operator, **told)
    return _registered(who, persona, now - timedelta(days=50))


def _before_review(who: Company, now: datetime) -> None:
    alice = who["alice"]
    scenes.describe(alice, now - timedelta(hours=5), shows=[], name_en="Cloud", description="A weather presenter, not finished yet.")
    face = {"portrayed": "other", "shows": [*portraits("carol")]}
    told = "Waits for the answer of the person whose face it shows."
    waiting = scenes.describe(alice, now - timedelta(days=1), name_zh="阿萝", name_en="A Luo", description=told, **face)  # type: ignore[arg-type]
    scenes.invite(alice, cast.CAROL, waiting, now - timedelta(days=1))
    own = {"portrayed": "self", "drive_mode": "human", "shows": [*portraits("alice")]}
    scenes.describe(alice, now - timedelta(hours=8), name_zh="爱丽", name_en="Alice Live", description="Alice herself, animated.", **own)  # type: ignore[arg-type]


def _with_officers(who: Company, now: datetime) -> None:
    alice, bob = who["alice"], who["bob"]
    for name, told, face, verb in (
        ("Tea Master", "Explains tea and sells it.", "24", ""),
        ("Doctor Wang", "Reads health news.", "17", "changes"),
        ("Banker", "Recommends shares.", "15", "reject"),
        ("Mirror", "A synthetic singer, says the operator.", "carol", "claim"),
    ):
        shows = [*portraits(face)]
        persona = scenes.describe(alice, now - timedelta(days=2), shows=shows, name_en=name, description=told)
        application = scenes.submit(alice, persona, now - timedelta(days=2))
        if verb:
            personas.claim(actor=bob.actor, application_id=application.pk, now=now - timedelta(minutes=20))
        decision = {"actor": bob.actor, "application_id": application.pk, "now": now - timedelta(minutes=10)}
        if verb == "changes":
            note = "Please say who answers for the advice."
            personas.request_changes(reasons=["description_unclear"], note=note, **decision)  # type: ignore[arg-type]
        if verb == "reject":
            personas.reject(reasons=["not_allowed_content"], note="Financial advice needs a licence.", **decision)  # type: ignore[arg-type]


def _registered(who: Company, persona: Persona, now: datetime) -> Registration:
    application = scenes.submit(who["alice"], persona, now)
    return scenes.register(who["dana"], application, now + timedelta(hours=1))


def _synthetic(who: Company, name_zh: str, name_en: str, face: str, now: datetime) -> Registration:
    shows = [*portraits(face)]
    told = {"name_zh": name_zh, "name_en": name_en, "description": "Sings and sells records."}
    return _registered(who, scenes.describe(who["alice"], now, shows=shows, **told), now)  # type: ignore[arg-type]


def _with_carols_face(who: Company, name_zh: str, name_en: str, now: datetime) -> Registration:
    shows, handles = [*portraits("carol")], {scenes.PLATFORM: "@" + name_en.replace(" ", "").lower()}
    told = {
        "name_zh": name_zh,
        "name_en": name_en,
        "description": "Presents sweets from Yangzhou.",
        "portrayed": "other",
        "handles": handles,
    }
    persona = scenes.describe(who["alice"], now, shows=shows, **told)  # type: ignore[arg-type]
    scenes.license_by(who["carol"], who["alice"], persona, now, TERMS)
    return _registered(who, persona, now)


def _suspended(who: Company, now: datetime) -> Registration:
    registration = _synthetic(who, "夜莺", "Nightingale", "36", now - timedelta(days=30))
    note = "Shown without the label on 11 November. Please answer."
    hold = {"registration_id": registration.pk, "party": Party.OFFICER, "reason": "complaint", "note": note}
    issuing.place_hold(actor=who["bob"].actor, now=now - timedelta(days=1), **hold)  # type: ignore[arg-type]
    return registration


def _reports(who: Company, registration: Registration, now: datetime) -> None:
    """Two people report the same virtual human: the first report led to the hold, the second waits."""
    evening = "It sang for an hour yesterday evening, and nothing on the screen said that it is a virtual human."
    tuesday = "I saw it too, on Tuesday: no label at all during the whole show."
    first = scenes.report_label(registration, evening, now - timedelta(days=2), email="viewer@demo.example")
    note = {"outcome": "hold_placed", "note": "The recording shows it."}
    complaints.close(actor=who["bob"].actor, report_id=first.pk, now=now - timedelta(hours=20), **note)
    scenes.report_label(registration, tuesday, now - timedelta(hours=3))


def _withdrawn(who: Company, now: datetime) -> Registration:
    registration = _with_carols_face(who, "小雨", "Xiao Yu", now - timedelta(days=60))
    licence = registration.persona.licences.get()
    consent.withdraw(actor=who["carol"].actor, licence=licence, now=now - timedelta(days=5))
    return registration


def _revoked(who: Company, now: datetime) -> Registration:
    registration = _synthetic(who, "假面", "Mask", "12", now - timedelta(days=50))
    issuing.revoke(actor=who["dana"].actor, registration_id=registration.pk, reason="false_statements", now=now - timedelta(days=20))
    return registration
