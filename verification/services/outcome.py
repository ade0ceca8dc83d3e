"""What follows from a decision, by whomever it was taken."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict
from portal.outbox.services import publish, stream
from portal.outbox.topics import Topic
from portal.vault.cipher import blind_index
from verification import declared, letters, rules
from verification.models import Case, FaceTemplate, Identity

EVENTS = {"verified": Event.CASE_VERIFIED, "retry": Event.CASE_RETRY, "rejected": Event.CASE_REJECTED}


class NumberInUse(Conflict):
    """Another account is verified with the same document number."""

    code = "number_in_use"


class GuardianMissing(Conflict):
    """A person under 18 has no guardian whose consent an officer has confirmed."""

    code = "guardian_missing"
    title = _("A guardian's consent is missing")
    help = _("A person under 18 is verified only once a guardian has consented and an officer has confirmed the guardian.")


def number_index(case: Case) -> bytes:
    """Returns the blind index under which the case's document number is found again."""
    return blind_index("identity-number", f"{case.document_type}:{case.document_number}")


def establish(case: Case, *, now: datetime) -> Identity:
    """Returns the identity that the verified case establishes, in place of an earlier one of the same account.

    Raises NumberInUse if another account holds the number, GuardianMissing for a minor without a guardian's consent
    (Minor Protection Law art. 76), whoever decided. Runs in the caller's transaction.
    """
    minor = rules.age_on(timezone.localdate(now), case.born) < rules.ADULT_AGE
    if minor and not declared.holds(declared.GUARDIAN, case.user_id, now):
        raise GuardianMissing
    old = Identity.objects.select_for_update(of=("self",)).filter(user=case.user_id).first()
    identity = Identity(pk=old.pk, data_key=old.data_key) if old else Identity()
    identity.user, identity.case, identity.document_type = case.user, case, case.document_type
    identity.number_index = number_index(case)
    identity.full_name, identity.document_number, identity.birth_date = case.full_name, case.document_number, case.birth_date
    identity.is_minor = minor
    identity.verified_at, identity.reverified_at, identity.valid_until = now, None, now + rules.VALID
    try:
        with transaction.atomic():
            identity.save(force_update=old is not None, force_insert=old is None)
    except IntegrityError as error:
        raise NumberInUse from error
    FaceTemplate.objects.filter(identity=identity).delete()  # it was made of the earlier case's selfie
    publish(Topic.PERSON_CHANGED, stream=stream("person", case.user_id), now=now, user=str(case.user_id))
    return identity


def tell(case: Case, *, actor: Actor, now: datetime) -> None:
    """Writes the receipt of the state that the case has reached, and the letter to the applicant."""
    record(EVENTS[case.state], actor=actor, subject=case, now=now, reasons=list(case.reasons))
    letters.tell(case, now=now)
