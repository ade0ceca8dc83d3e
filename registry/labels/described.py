"""What programs may do with labels, as the API declares it."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from portal.accounts.callers import OtherPlatform
from portal.accounts.models import Scope
from portal.api.operations import Operation
from portal.kit.errors import NotFound
from registry.issuing.errors import IdMalformed, PersonaUnknown
from registry.labels.applying import AlreadyLabelled, DamagedFile, NeedsTool, NotKept, NotPossible, UnknownContainer
from registry.labels.containers import kinds
from registry.labels.forms import ACTIVITIES
from registry.labels.writing import NotInForce
from registry.sandbox.asking import PretendedOutage


class InspectForm(serializers.Serializer[Any]):
    """A file and, if the gate's verdict is wanted too, the question for it."""

    file = serializers.FileField(help_text="Up to 64 megabytes. It is not kept.")
    registry_id = serializers.CharField(max_length=64, required=False)
    platform = serializers.CharField(max_length=64, required=False)
    activity = serializers.ChoiceField(choices=ACTIVITIES, required=False)
    purpose = serializers.CharField(max_length=64, required=False)
    territory = serializers.CharField(max_length=64, required=False)


class ApplyForm(serializers.Serializer[Any]):
    """A file, and in whose name and under which number it is labelled."""

    file = serializers.FileField(help_text="Up to 64 megabytes. It is not kept.")
    registry_id = serializers.CharField(max_length=64)
    content_number = serializers.CharField(max_length=64, help_text="Your own number of this content: letters, digits and signs.")


class FindingSerializer(serializers.Serializer[Any]):
    """Something about a label or a file."""

    code = serializers.CharField()
    field = serializers.CharField(allow_null=True)
    fault = serializers.BooleanField(help_text="Whether the label is not well formed for it.")
    text = serializers.CharField()


class OwnerSerializer(serializers.Serializer[Any]):
    """The registration that a label names. A label is not signed: this does not prove who wrote it."""

    registry_id = serializers.CharField()
    status = serializers.CharField()
    record = serializers.URLField()


class LabelSerializer(serializers.Serializer[Any]):
    """An implicit label by GB 45438-2025, as it stands in the file."""

    place = serializers.CharField()
    AIGC = serializers.DictField(child=serializers.CharField(allow_blank=True))
    meaning = serializers.CharField(allow_null=True)
    well_formed = serializers.BooleanField()
    findings = FindingSerializer(many=True)
    owner = OwnerSerializer(allow_null=True)


class VerdictSerializer(serializers.Serializer[Any]):
    """What the gate would answer."""

    decision = serializers.ChoiceField(choices=["allow", "deny"])
    reasons = serializers.ListField(child=serializers.DictField(child=serializers.CharField(allow_blank=True)))
    obligations = serializers.DictField()
    registry_id = serializers.CharField()
    as_of = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(allow_null=True)
    verified_by = serializers.CharField()
    environment = serializers.ChoiceField(choices=["live", "sandbox"])


class ReportSerializer(serializers.Serializer[Any]):
    """Which labels the file bears."""

    container = serializers.CharField(allow_null=True)
    media_type = serializers.CharField(allow_null=True)
    labelled = serializers.BooleanField()
    well_formed = serializers.BooleanField()
    labels = LabelSerializer(many=True)
    findings = FindingSerializer(many=True)
    verdict = VerdictSerializer(required=False)


INSPECT = Operation(
    name="inspect_labels",
    tag="Labels",
    summary="Read the implicit label of a file",
    description="Which label a picture, video or sound bears, whether it is well formed and whose it is; with a question, the verdict too.",
    scopes=(Scope.READ, Scope.CHECK),
    form=InspectForm,
    answer=ReportSerializer,
    problems=(PersonaUnknown, OtherPlatform, PretendedOutage, IdMalformed),
    sandbox=True,
)
APPLY = Operation(
    name="apply_label",
    tag="Labels",
    summary="Label a file",
    description="Gives back a copy with the label of the registration, read back. `X-AIGC-Label` holds the label.",
    scopes=(Scope.CHECK,),
    form=ApplyForm,
    answer=OpenApiTypes.BINARY,
    media_types=tuple(kind.media_type for kind in kinds.ALL),
    problems=(NotFound, NotInForce, AlreadyLabelled, DamagedFile, UnknownContainer, NeedsTool, NotPossible, NotKept, IdMalformed),
)
