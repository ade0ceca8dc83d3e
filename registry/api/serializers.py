"""Registrations as platforms ask for them and read them."""

from typing import Any

from rest_framework import serializers

from portal.api.serializers import Moment, PageQuery, Strict
from registry.gate.asks import ACTIVITIES
from registry.issuing.verdict import Status


class RegistrationsQuery(PageQuery):
    """Which registrations."""

    status = serializers.ChoiceField(choices=[each.value for each in Status], required=False)
    handle = serializers.CharField(max_length=100, required=False, help_text="The account name on your platform, exactly.")
    updated_since = Moment(required=False, help_text="Only those whose registered facts changed at or after this moment.")


class NameSerializer(serializers.Serializer[Any]):
    """The persona's names; one of them may be empty."""

    zh = serializers.CharField(allow_blank=True)
    en = serializers.CharField(allow_blank=True)


class RegisteredOperator(serializers.Serializer[Any]):
    """Who answers: of which class, and whether their identity stands."""

    verified = serializers.BooleanField()

    def get_fields(self) -> dict[str, Any]:
        """`class` is a word of Python's own."""
        return {"class": serializers.CharField(help_text="`person` or `organisation`."), **super().get_fields()}


class LinksSerializer(serializers.Serializer[Any]):
    """Where more is to be read."""

    self = serializers.URLField()
    record = serializers.URLField(help_text="The public record, for people.")
    certificate = serializers.URLField(allow_null=True, help_text="The signed certificate, where one was issued.")


class RegistrationSerializer(serializers.Serializer[Any]):
    """A registration. `status` is derived at this moment; before a live stream ask the gate."""

    registry_id = serializers.CharField(help_text="As it is printed: `VH-XXXX-XXXX-XXXX`.")
    national_code = serializers.CharField(allow_null=True)
    status = serializers.CharField(help_text="`active`, `suspended`, `expired`, `revoked` or `retired`.")
    effective = serializers.ListField(child=serializers.CharField(), help_text="The effective statuses, by RDAP's names.")
    holds = serializers.ListField(child=serializers.CharField(), help_text="The parties whose hold stands.")
    version = serializers.IntegerField(help_text="Of the registered facts.")
    issued_at = Moment()
    updated_at = Moment(help_text="When the registered facts changed last.")
    valid_until = Moment()
    name = NameSerializer()
    description = serializers.CharField(allow_blank=True)
    drive_mode = serializers.CharField()
    platforms = serializers.ListField(child=serializers.CharField())
    handles = serializers.DictField(child=serializers.CharField())
    operator = RegisteredOperator()
    links = LinksSerializer()


class RegistrationPageSerializer(serializers.Serializer[Any]):
    """A page of registrations. It may be short and yet not the last: go on while there is a `next_cursor`."""

    items = RegistrationSerializer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class HistoryQuery(Strict):
    """Which moment, and what would have been asked of the gate then."""

    at = Moment(help_text="A moment that has come.")
    activity = serializers.ChoiceField(choices=ACTIVITIES, required=False, help_text="Asks for the verdict of that moment too.")
    purpose = serializers.CharField(max_length=64, required=False)
    territory = serializers.CharField(max_length=64, required=False)


class PastVerdictSerializer(serializers.Serializer[Any]):
    """What the gate would have answered."""

    allowed = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    valid_until = serializers.DateTimeField(allow_null=True, required=False)


class ProhibitionSerializer(serializers.Serializer[Any]):
    """An act that one side forbade."""

    side = serializers.CharField()
    act = serializers.CharField()


class PastSerializer(serializers.Serializer[Any]):
    """What was true at a moment. Where it is not `exact`, something changed at about that time."""

    registry_id = serializers.CharField()
    at = Moment()
    since = Moment(help_text="Since when it had been so.")
    exact = serializers.BooleanField()
    status = serializers.CharField()
    effective = serializers.ListField(child=serializers.CharField())
    holds = serializers.ListField(child=serializers.CharField())
    prohibitions = ProhibitionSerializer(many=True)
    operator = serializers.DictField(help_text="Its class, whether it was verified, and an organisation's name and credit code.")
    platforms = serializers.ListField(child=serializers.CharField())
    consent = serializers.CharField(help_text="`not_needed`, `yes` or `no`.")
    version = serializers.IntegerField()
    facts = serializers.DictField(help_text="The public facts of that version.")
    national_code = serializers.CharField(allow_null=True)
    expires_at = Moment()
    verdict = PastVerdictSerializer(required=False)
