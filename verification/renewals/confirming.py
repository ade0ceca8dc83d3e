"""What follows when an identity is confirmed, by whomever."""

from datetime import datetime

from portal.access.actor import Actor
from portal.audit.events import Event
from portal.audit.services import record
from portal.outbox.services import publish, stream
from portal.outbox.topics import Topic
from verification.models import Identity
from verification.renewals.models import Renewal


def renew(identity: Identity, row: Renewal, *, actor: Actor, now: datetime) -> None:
    """Sets the clock of the identity to `now`; its end stays what it is. Runs in the caller's transaction, account locked."""
    Identity.objects.filter(pk=identity.pk).update(reverified_at=now)
    record(Event.IDENTITY_CONFIRMED, actor=actor, subject=identity.case, now=now, renewal=str(row.pk))
    publish(Topic.PERSON_CHANGED, stream=stream("person", identity.user_id), now=now, user=str(identity.user_id))
