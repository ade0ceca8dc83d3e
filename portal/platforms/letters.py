"""Mails to a platform's people and to administrators. They name the platform and a key's name and hint, no secret."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.access.roles import Role
from portal.accounts.membership import owners_of
from portal.accounts.models import ApiKey, Decision, LiveRequest, PlatformInvitation, User
from portal.letters import services
from portal.letters.composing import Mail, composer, mail
from portal.letters.models import Letter
from portal.platforms.tokens import token_of

INVITATION, ASKED, EXPIRING = "platform.invitation", "platform.live_asked", "key.expiring"
DECIDED = {
    f"platform.live_{Decision.APPROVED}": _("Your platform has live access"),
    f"platform.live_{Decision.REFUSED}": _("Your platform was not given live access"),
}


def invite(invitation: PlatformInvitation, *, now: datetime) -> Letter:
    """Returns the waiting letter to the invited address, in the language of the page that asked for it."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return services.write(kind=INVITATION, to=None, subject=invitation, now=now, language=language)


def tell_administrators(asked: LiveRequest, *, now: datetime) -> list[Letter]:
    """Returns the waiting letters about a request for live access."""
    those = User.objects.filter(role_grants__role=Role.ADMINISTRATOR, is_active=True)
    return [services.write(kind=ASKED, to=each, subject=asked, now=now) for each in those]


def tell_decision(asked: LiveRequest, *, now: datetime) -> list[Letter]:
    """Returns the waiting letters to the owners about the answer."""
    kind = f"platform.live_{asked.decision}"
    return [services.write(kind=kind, to=each, subject=asked, now=now) for each in owners_of(asked.platform)]


def tell_expiry(key: ApiKey, *, mailing: int, now: datetime) -> list[Letter]:
    """Returns the waiting letters to the owners about a key that will expire."""
    return [services.write(kind=EXPIRING, to=each, subject=key, now=now, mailing=mailing) for each in owners_of(key.platform)]


@composer(INVITATION)
def of_invitation(letter: Letter) -> Mail | None:
    """Returns the mail with the link that joins the platform, unless the invitation has ended."""
    row = PlatformInvitation.objects.select_related("platform", "data_key").filter(pk=letter.subject_id, ended_at=None).first()
    if row is None:
        return None
    path, subject = reverse("developers:invitation", args=[token_of(row.pk)]), _("You are asked to work for a platform")
    told = {"platform": row.platform, "role": row.get_role_display()}
    return mail(to=str(row.email), subject=subject, template="platforms/mail/invitation.txt", path=path, **told)


@composer(ASKED)
def of_asked(letter: Letter) -> Mail | None:
    """Returns the mail to an administrator, unless the request has been answered."""
    asked = LiveRequest.objects.select_related("platform").filter(pk=letter.subject_id, decided_at=None).first()
    if asked is None:
        return None
    path, subject = reverse("developers:requests"), _("A platform asks for live access")
    return mail(to=letter.address, subject=subject, template="platforms/mail/asked.txt", path=path, platform=asked.platform)


@composer(*DECIDED)
def of_decided(letter: Letter) -> Mail | None:
    """Returns the mail to an owner about the answer."""
    asked = LiveRequest.objects.select_related("platform").filter(pk=letter.subject_id).first()
    if asked is None or letter.kind != f"platform.live_{asked.decision}":
        return None
    path, template = reverse("developers:platform", args=[asked.platform_id]), f"platforms/mail/{asked.decision}.txt"
    told = {"platform": asked.platform, "reason": asked.reason}
    return mail(to=letter.address, subject=DECIDED[letter.kind], template=template, path=path, **told)


@composer(EXPIRING)
def of_expiring(letter: Letter) -> Mail | None:
    """Returns the mail about a key that will expire, unless it was revoked or a later mail says it more urgently."""
    key = ApiKey.objects.select_related("platform").filter(pk=letter.subject_id, revoked_at=None).first()
    if key is None or key.expires_at is None or key.reminders > letter.mailing:
        return None
    path, subject = reverse("developers:keys", args=[key.platform_id]), _("An API key will expire")
    return mail(to=letter.address, subject=subject, template="platforms/mail/expiring.txt", path=path, key=key, platform=key.platform)
