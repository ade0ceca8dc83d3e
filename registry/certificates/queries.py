"""Reading certificates: the one that counts, and what waits."""

from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from portal.kit.errors import NotFound
from portal.signing.queries import revoked_kids
from registry.certificates.models import Certificate
from registry.issuing import registry_id as ids
from registry.issuing.errors import IdMalformed
from registry.issuing.models import Registration


def _counting() -> QuerySet[Certificate]:
    """The certificates of this site whose key still counts."""
    return Certificate.objects.filter(issuer=settings.SITE_URL).exclude(kid__in=revoked_kids())


def lacking(now: datetime) -> QuerySet[Registration]:
    """Returns the registrations in force without a certificate over their present version and term."""
    has = _counting().filter(registration=OuterRef("pk"), version=OuterRef("version"), expires_at=OuterRef("expires_at"))
    in_force = Registration.objects.filter(revoked_at=None, retired_at=None, expires_at__gt=now)
    return in_force.filter(~Exists(has)).order_by("changed_at")


def unfinished(now: datetime) -> QuerySet[Certificate]:
    """Returns the certificates that are written down and not yet signed or not yet on paper."""
    return Certificate.objects.filter(paper=None, expires_at__gt=now).order_by("issued_at")


def latest(registry_id: str) -> Certificate:
    """Returns the newest certificate of a registration, by an ID as typed. Raises IdMalformed before anything is looked up, or
    NotFound: also while it is being made.

    A stopped registration keeps it: what has become of it since is said by the status list.
    """
    canonical = ids.canonical(registry_id)
    if canonical is None:
        raise IdMalformed
    found = _counting().filter(registration__registry_id=canonical).exclude(token="").order_by("-issued_at").first()
    if found is None:
        raise NotFound
    return found


def is_certified(registration: Registration) -> bool:
    """Returns whether there is a certificate to download: what ended before it had one gets none any more."""
    return _counting().filter(registration=registration).exclude(token="").exists()


def is_superseded(certificate: Certificate) -> bool:
    """Returns whether the facts have been registered anew since."""
    return certificate.version != certificate.registration.version
