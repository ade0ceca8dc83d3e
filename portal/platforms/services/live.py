"""Live access: an owner asks, an administrator who does not work for the platform answers."""

import uuid
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.membership import platform_for, require_owner, role_in
from portal.accounts.models import Decision, LiveRequest, Platform
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.platforms import letters, rules


class AddressUnconfirmed(Forbidden):
    """Nobody could be reached."""

    code = "address_unconfirmed"
    title = _("Confirm your e-mail address first")
    help = _("The answer is sent there. Confirm it on the page of your account.")


class OwnPlatform(Forbidden):
    """An administrator works for the platform that asks."""

    code = "own_platform"
    help = _("You work for this platform. Another administrator answers its request.")


@transaction.atomic
def ask_live(*, actor: Actor, platform_id: uuid.UUID, run_by: str, purpose: str, now: datetime) -> LiveRequest:
    """Returns the waiting request. Raises NotFound, OwnerNeeded, AddressUnconfirmed, Invalid, or Conflict where nothing is to ask."""
    platform = platform_for(actor, platform_id, lock=True)
    require_owner(actor, platform)
    if not EmailAddress.objects.filter(user=actor.user_id, verified=True).exists():
        raise AddressUnconfirmed
    if platform.live_at is not None:
        raise Conflict(_("The platform has live access already."), code="live_already")
    if platform.live_requests.filter(decided_at=None).exists():
        raise Conflict(_("A request waits for its answer already."), code="live_asked")
    problems = {"run_by": rules.text_problem(run_by, rules.RUN_BY), "purpose": rules.text_problem(purpose, rules.PURPOSE)}
    if wrong := {field: text for field, text in problems.items() if text}:
        raise Invalid(errors=wrong)
    asked = LiveRequest.objects.create(
        platform=platform, run_by=run_by.strip(), purpose=purpose.strip(), requested_at=now, requested_by_id=actor.id
    )
    record(Event.PLATFORM_LIVE_ASKED, actor=actor, subject=platform, now=now, request=str(asked.pk))
    letters.tell_administrators(asked, now=now)
    return asked


@transaction.atomic
def approve_live(*, actor: Actor, request_id: uuid.UUID, now: datetime) -> Platform:
    """Returns the platform, live from now on: live keys can be made, and operators can choose it. Raises Forbidden or Conflict."""
    asked = _waiting(actor, request_id)
    Platform.objects.filter(pk=asked.platform_id, live_at=None).update(live_at=now)
    _decide(asked, actor, Decision.APPROVED, "", now)
    record(Event.PLATFORM_LIVE_APPROVED, actor=actor, subject=asked.platform, now=now, request=str(asked.pk))
    asked.platform.refresh_from_db()
    return asked.platform


@transaction.atomic
def refuse_live(*, actor: Actor, request_id: uuid.UUID, reason: str, now: datetime) -> LiveRequest:
    """Returns the refused request; the owners read the reason and may ask again. Raises Forbidden, Invalid or Conflict."""
    asked = _waiting(actor, request_id)
    if problem := rules.text_problem(reason, rules.REASON):
        raise Invalid(errors={"reason": problem})
    _decide(asked, actor, Decision.REFUSED, reason.strip(), now)
    record(Event.PLATFORM_LIVE_REFUSED, actor=actor, subject=asked.platform, now=now, request=str(asked.pk))
    return asked


def _waiting(actor: Actor, request_id: uuid.UUID) -> LiveRequest:
    require(actor, Permission.MANAGE_PLATFORMS)
    found = LiveRequest.objects.filter(pk=request_id).first()
    if found is None:
        raise NotFound
    Platform.objects.select_for_update().get(pk=found.platform_id)
    asked = LiveRequest.objects.select_for_update(of=("self",)).select_related("platform").get(pk=request_id)
    if role_in(actor, asked.platform) is not None:
        raise OwnPlatform
    if asked.decided_at is not None:
        raise Conflict(_("This request has been answered already."), code="request_decided")
    return asked


def _decide(asked: LiveRequest, actor: Actor, decision: Decision, reason: str, now: datetime) -> None:
    asked.decision, asked.reason, asked.decided_at, asked.decided_by_id = decision, reason, now, actor.user_id
    asked.save(update_fields=["decision", "reason", "decided_at", "decided_by"])
    letters.tell_decision(asked, now=now)
