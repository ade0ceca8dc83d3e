"""Giving out a labelled copy: in whose name, under which number, and as what kind of download."""

from datetime import datetime
from typing import IO

from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Conflict
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.issuing.verdict import Status
from registry.labels import aigc, applying, queries


class NotInForce(Conflict):
    """No label is written in the name of a registration that does not stand."""

    code = "registration_not_active"
    title = _("This registration is not in force")
    help = _("Look at the persona's page: it says what stops it and what to do.")


def download(file: IO[bytes], registration: Registration, number: str, now: datetime) -> FileResponse:
    """Returns a copy of the file that bears the registration's label. Raises NotInForce, and what `applying.apply` raises."""
    if issuing.status_of(registration, now) is not Status.ACTIVE:
        raise NotInForce
    produce_id = aigc.produce_id(ids.printed(registration.registry_id), number)
    label = aigc.first_write(producer=queries.producer_of(registration, now), produce_id=produce_id)
    kind, copy = applying.apply(file, label)
    name = f"labelled-{_in_a_name(number)}.{kind.extension}"
    answer = FileResponse(copy, as_attachment=True, filename=name, content_type=kind.media_type)
    answer["X-AIGC-Label"] = label.as_json()
    return answer


def _in_a_name(number: str) -> str:
    return "".join(each if each.isalnum() or each in "-_" else "-" for each in number)
