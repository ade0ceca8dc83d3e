"""OAuth clients of platforms: made and ended. Their secret is shown once; allauth keeps its hash."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor, Kind
from portal.accounts import rules
from portal.accounts.membership import LiveAccessNeeded, require_credentials
from portal.accounts.models import Environment, OAuthClient, Platform, Scope
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Invalid, NotFound, TooMany


class ClientsTaken(Conflict):
    """The platform has as many clients as it may."""

    code = "clients_taken"
    title = _("There are ten clients already")
    help = _("Revoke one that is no longer used.")


@transaction.atomic
def create_client(
    *,
    actor: Actor,
    platform: Platform,
    name: str,
    scopes: Sequence[Scope],
    environment: Environment,
    now: datetime,
    networks: Collection[str] = (),
) -> tuple[OAuthClient, str]:
    """Returns the stored client and, this once, its secret. It may fetch tokens by its secret alone, in no other way.

    Raises NotFound, OwnerNeeded, Invalid, LiveAccessNeeded, ClientsTaken or TooMany.
    """
    require_credentials(actor, platform, environment)
    wrong = rules.problems(name=name, scopes=scopes, known=Scope.values, networks=list(networks), life=timedelta(days=1))
    if wrong:
        raise Invalid(errors=wrong)
    platform = Platform.objects.select_for_update().get(pk=platform.pk)
    if environment == Environment.LIVE and platform.live_at is None:
        raise LiveAccessNeeded
    if platform.clients.filter(revoked_at=None, environment=environment).count() >= rules.CLIENTS_AT_MOST:
        raise ClientsTaken
    if platform.clients.filter(environment=environment, created_at__gt=now - rules.DAY).count() >= rules.MADE_A_DAY:
        raise TooMany(rules.MADE_OFTEN, retry_after=int(rules.DAY.total_seconds()))
    row, secret = _stored(name.strip(), sorted({str(each) for each in scopes}), now)
    client = OAuthClient.objects.create(
        client=row,
        platform=platform,
        environment=environment,
        name=row.name,
        networks=rules.read_networks(networks),
        created_at=now,
        created_by_id=actor.id if actor.kind is Kind.USER else None,
    )
    told = {"platform": platform.code, "environment": environment, "scopes": row.get_scopes(), "networks": client.networks}
    record(Event.CLIENT_CREATED, actor=actor, subject=client, now=now, **told)
    return client, secret


@transaction.atomic
def revoke_client(*, actor: Actor, client_id: uuid.UUID, now: datetime) -> None:
    """Ends a client and its tokens at once; ending it twice changes nothing."""
    found = OAuthClient.objects.select_related("platform").filter(pk=client_id).first()
    if found is None:
        raise NotFound
    require_credentials(actor, found.platform, found.environment)
    client = OAuthClient.objects.select_for_update(of=("self",)).select_related("client").get(pk=client_id)
    if client.revoked_at is not None:
        return
    ender = actor.id if actor.kind is Kind.USER else None
    OAuthClient.objects.filter(pk=client.pk).update(revoked_at=now, revoked_by=ender)
    # A token that is being issued at this moment opens nothing either: whoever reads it asks for the client's end.
    Client.objects.filter(pk=client.client_id).update(grant_types="", secret=make_password(None))
    Token.objects.filter(client=client.client_id).delete()
    record(Event.CLIENT_REVOKED, actor=actor, subject=client, now=now)


def _stored(name: str, scopes: list[str], now: datetime) -> tuple[Client, str]:
    adapter = get_adapter()
    secret = adapter.generate_client_secret()
    row = Client(id=adapter.generate_client_id(), name=name, type=Client.Type.CONFIDENTIAL, created_at=now, response_types="")
    row.set_secret(secret)
    row.set_scopes(scopes)
    row.set_default_scopes(scopes)
    row.set_grant_types([Client.GrantType.CLIENT_CREDENTIALS])
    row.save(force_insert=True)
    return row, secret
