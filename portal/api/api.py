"""`GET /api/v1/caller`: who am I?"""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.accounts.models import Environment, Scope
from portal.api import preconditions
from portal.api.limiting import quotas
from portal.api.operations import Operation
from portal.api.view import ApiView, operation


class LimitSerializer(serializers.Serializer[Any]):
    """One quota."""

    name = serializers.CharField()
    limit = serializers.IntegerField(help_text="Requests in a window.")
    window_seconds = serializers.IntegerField()


class CallerSerializer(serializers.Serializer[Any]):
    """The platform behind the credential, and what the credential may ask."""

    platform = serializers.CharField(help_text="The code by which licences and personas name the platform.")
    environment = serializers.ChoiceField(choices=Environment.values)
    credential = serializers.UUIDField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.values))
    limits = LimitSerializer(many=True)


GET_CALLER = Operation(
    name="get_caller",
    tag="Caller",
    summary="Who am I?",
    description="The first call of a new client: it shows that the credential counts, and what for.",
    answer=CallerSerializer,
    etag=True,
    sandbox=True,
    example={
        "platform": "demo-live",
        "environment": "live",
        "credential": "2c1f0a1e-6d3b-4a53-9a55-1f0a6a1b2c3d",
        "scopes": ["gate:check", "registry:read"],
        "limits": [{"name": "burst", "limit": 120, "window_seconds": 60}],
    },
)


class CallerView(ApiView):
    """The caller."""

    @operation(GET_CALLER)
    def get(self, request: Request) -> Response:
        """Answers who calls and how much they may."""
        caller = self.caller
        told = {
            "platform": caller.platform,
            "environment": caller.environment,
            "credential": caller.credential,
            "scopes": sorted(caller.scopes),
            "limits": quotas(),
        }
        return preconditions.answer(request, CallerSerializer(told).data)
