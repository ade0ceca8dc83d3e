"""`/api/v1/webhooks`: a platform manages where it is told. The services ask whose a webhook is; of others' there is nothing."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import paging, preconditions
from portal.api.view import ApiView, operation
from portal.kit.errors import NotFound
from portal.webhooks import operations as declared
from portal.webhooks import queries, services
from portal.webhooks.models import Endpoint, Secret
from portal.webhooks.serializers import SecretsSerializer, shown, shown_delivery


def _secrets(secrets: Iterable[Secret]) -> dict[str, str]:
    """The two values for the receiver: the private key of the second scheme stays here."""
    by_public = {bool(each.public): each for each in secrets}
    return {"secret": by_public[False].value or "", "public_key": by_public[True].public}


class WebhooksView(ApiView):
    """Every webhook of the platform."""

    @operation(declared.LIST)
    def get(self, request: Request) -> Response:
        """Answers a page."""
        rows = queries.visible_to(self.actor).select_related("data_key")
        return paging.page_of(request, rows, paging.asked(request, self.caller, self.query), by="created_at", shown=shown)

    @operation(declared.ADD)
    def post(self, request: Request) -> Response:
        """Adds one; its secrets are shown here and never again."""
        [platform] = queries.platforms_of(self.actor)
        endpoint, secrets = services.add(actor=self.actor, platform=platform, now=self.now, **self.body)
        told = {**shown(endpoint), "secrets": _secrets(secrets)}
        response = Response(told, status=201)
        response["Location"] = request.build_absolute_uri(reverse("webhooks_api:webhook", args=[endpoint.pk]))
        response["ETag"] = preconditions.etag_of(shown(endpoint))
        return response


class WebhookView(ApiView):
    """One webhook."""

    @operation(declared.GET)
    def get(self, request: Request, endpoint_id: uuid.UUID) -> Response:
        """Answers it as it stands."""
        return preconditions.answer(request, shown(self._found(endpoint_id)))

    @operation(declared.CHANGE)
    @transaction.atomic
    def patch(self, request: Request, endpoint_id: uuid.UUID) -> Response:
        """Changes what is named."""
        preconditions.require_match(request, shown(self._found(endpoint_id, lock=True)))
        changed = services.change(actor=self.actor, endpoint_id=endpoint_id, now=self.now, **self.body)
        return preconditions.answer(request, shown(changed))

    @operation(declared.REMOVE)
    @transaction.atomic
    def delete(self, request: Request, endpoint_id: uuid.UUID) -> Response:
        """Takes it away."""
        preconditions.require_match(request, shown(self._found(endpoint_id, lock=True)))
        services.remove(actor=self.actor, endpoint_id=endpoint_id, now=self.now)
        return Response(status=204)

    def _found(self, endpoint_id: uuid.UUID, *, lock: bool = False) -> Endpoint:
        rows = queries.visible_to(self.actor).select_related("data_key")
        found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=endpoint_id).first()
        if found is None:
            raise NotFound
        return found


class VerifyView(ApiView):
    """The ownership check."""

    @operation(declared.VERIFY)
    def post(self, request: Request, endpoint_id: uuid.UUID) -> Response:
        """Sends the challenge; the webhook is active if it is echoed."""
        return preconditions.answer(request, shown(services.prove(actor=self.actor, endpoint_id=endpoint_id, now=self.now)))


class RotateView(ApiView):
    """New secrets."""

    @operation(declared.ROTATE)
    def post(self, request: Request, endpoint_id: uuid.UUID) -> Response:
        """Makes them; the old ones go on signing for a day."""
        secrets = services.rotate(actor=self.actor, endpoint_id=endpoint_id, now=self.now)
        return Response(SecretsSerializer(_secrets(secrets)).data)


class TestView(ApiView):
    """A test event."""

    __test__ = False  # of ours, not of pytest

    @operation(declared.TEST)
    def post(self, request: Request, endpoint_id: uuid.UUID) -> Response:
        """Puts one on its way."""
        return Response(shown_delivery(services.send_test(actor=self.actor, endpoint_id=endpoint_id, now=self.now)), status=202)


class DeliveriesView(ApiView):
    """What was sent to a webhook."""

    @operation(declared.DELIVERIES)
    def get(self, request: Request, endpoint_id: uuid.UUID) -> Response:
        """Answers a page of the log."""
        if not queries.visible_to(self.actor).filter(pk=endpoint_id).exists():
            raise NotFound
        rows = queries.log_of(endpoint_id)
        if "state" in self.query:
            rows = rows.filter(state=self.query["state"])
        page = paging.asked(request, self.caller, self.query)
        return paging.page_of(request, rows, page, by="created_at", shown=shown_delivery, newest_first=True)


class ResendView(ApiView):
    """An event once more."""

    @operation(declared.RESEND)
    def post(self, request: Request, delivery_id: uuid.UUID) -> Response:
        """Puts it on its way again."""
        return Response(shown_delivery(services.resend(actor=self.actor, delivery_id=delivery_id, now=self.now)), status=202)
