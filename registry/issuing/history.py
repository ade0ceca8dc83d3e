"""What was true of a registration at a moment.

Every change of what a verdict or the public record rests on leaves a message in the outbox; a relay reads them and, where the
registration is not what it was, writes down what it is (`services.follow`). What time alone changes is not written down: it is
computed for the moment that is asked for.
"""

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.accounts.models import OperatorKind
from portal.kit.errors import NotFound
from portal.outbox import queries as outbox
from registry.issuing import past, queries
from registry.issuing.models import Registration, Snapshot, TransferState
from registry.issuing.past import Beside, Past

READER = "registry.history"
JOB = "issuing.history"


class NotYetRegistered(NotFound):
    """The moment lies before the registration was issued."""

    code = "not_yet_registered"
    help = _("At that time the registration had not been issued.")


def at(registration: Registration, moment: datetime) -> Past:
    """Returns what was true at `moment`, which is not in the future. Raises NotYetRegistered.

    Whoever asks has been found entitled to: this is more than the public record shows. `Past.exact` is false where several
    changes were read at once and `moment` lies between them, before the first snapshot of an old registration, and while the
    relay has not read what touched the registration by then.
    """
    if moment < registration.issued_at:
        raise NotYetRegistered
    rows = Snapshot.objects.filter(registration=registration)
    row = rows.filter(since__lte=moment).order_by("-since", "-pk").first()
    after = rows.filter(since__gt=moment).order_by("since", "pk").first()
    if row is None:
        return _earliest(registration, after, moment)
    known = after is None or after.unsure_from is None or moment < after.unsure_from
    return _past(row, moment, row.since, exact=known and not _unread(registration, row.since, moment))


def seen(row: Snapshot) -> Past:
    """Returns what a snapshot says, at the moment from which it holds."""
    return _past(row, row.since, row.since, exact=row.unsure_from is None)


def now_of(registration_id: uuid.UUID) -> Snapshot:
    """Returns an unsaved snapshot of what is true now, without its moments."""
    row = Registration.objects.select_related("persona", "operator__organisation").get(pk=registration_id)
    return Snapshot(
        registration=row,
        answers=queries.owner_of(row),
        drives=queries.driver_of(row),
        content=past.content(queries.facts_of(row), _beside(row)),
    )


def _beside(row: Registration) -> Beside:
    operator = {"class": row.operator.kind}
    if row.operator.kind == OperatorKind.ORGANISATION:
        operator |= {"name": row.operator.organisation.public_name, "uscc": row.operator.organisation.uscc}
    return Beside(
        version=row.version,
        shown=row.facts,
        operator=operator,
        national_code=row.national_code,
        prohibitions=tuple(queries.prohibitions_of(row).values_list("side", "act")),
        transfer_pending=row.transfers.filter(state=TransferState.PENDING).exists(),
    )


def _earliest(registration: Registration, first: Snapshot | None, moment: datetime) -> Past:
    """Before anything was written down: the earliest that is known, and never said to be exact."""
    return _past(first or now_of(registration.pk), moment, registration.issued_at, exact=False)


def _past(row: Snapshot, moment: datetime, since: datetime, *, exact: bool) -> Past:
    kept = row.content
    minors = [bool(kept["facts"][name] and kept["facts"][name]["minor"]) for name in ("operator", "driver")]
    grown = [queries.adult_from(user) if minor else None for user, minor in zip((row.answers, row.drives), minors, strict=True)]
    facts = past.facts_of(kept, operator_adult_from=grown[0], driver_adult_from=grown[1])
    return Past(moment, since, exact, facts, past.beside_of(kept))


def _unread(registration: Registration, since: datetime, moment: datetime) -> bool:
    """Whether something touched the registration by then that the relay has not read, or may not have read completely."""
    waiting = [each for each in outbox.visible_after(outbox.place_of(READER)) if since < each.at <= moment]
    return bool(waiting) and queries.touched_by(waiting).filter(pk=registration.pk).exists()
