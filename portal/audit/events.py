"""Every event that can stand in the trail. A name is never reused for another meaning."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """`thing.happened`, in the past tense."""

    ROLE_GRANTED = "role.granted", _("Role granted")
    ROLE_TAKEN = "role.taken", _("Role taken away")
    OPERATOR_CREATED = "operator.created", _("Operator created")
    PLATFORM_CREATED = "platform.created", _("Platform created")
    KEY_ISSUED = "key.issued", _("API key issued")
    KEY_REVOKED = "key.revoked", _("API key revoked")

    CONSENT_GIVEN = "consent.given", _("Consent to processing given")
    CONSENT_TAKEN_BACK = "consent.taken_back", _("Consent to processing taken back")
    CASE_STARTED = "case.started", _("Verification started")
    CASE_SUBMITTED = "case.submitted", _("Verification submitted")
    CASE_JUDGED = "case.judged", _("Verification judged by the machine")
    CASE_CLAIMED = "case.claimed", _("Verification claimed by an officer")
    CASE_RELEASED = "case.released", _("Verification released by an officer")
    CASE_VERIFIED = "case.verified", _("Identity verified")
    CASE_RETRY = "case.retry", _("Applicant asked to try again")
    CASE_REJECTED = "case.rejected", _("Verification rejected")
    CASE_EXPIRED = "case.expired", _("Verification expired")
    IDENTITY_REVOKED = "identity.revoked", _("Verified identity revoked")
    IDENTITY_CONFIRMED = "identity.confirmed", _("Identity confirmed again")
    RENEWAL_SENT = "renewal.sent", _("Selfie sent to confirm the identity")
    RENEWAL_JUDGED = "renewal.judged", _("Selfie judged by the machine")
    RENEWAL_REFUSED = "renewal.refused", _("Confirmation of the identity refused")
    EVIDENCE_VIEWED = "evidence.viewed", _("Evidence viewed")

    GUARDIAN_INVITED = "guardian.invited", _("Guardian invited")
    GUARDIAN_OPENED = "guardian.opened", _("Guardian's invitation opened")
    GUARDIAN_GRANTED = "guardian.granted", _("Guardian's consent given")
    GUARDIAN_CONFIRMED = "guardian.confirmed", _("Guardian confirmed by an officer")
    GUARDIAN_REFUSED = "guardian.refused", _("Guardian refused by an officer")
    GUARDIAN_DECLINED = "guardian.declined", _("Guardian's consent declined")
    GUARDIAN_WITHDRAWN = "guardian.withdrawn", _("Guardian's consent withdrawn")
    GUARDIAN_TAKEN_BACK = "guardian.taken_back", _("Guardian's invitation taken back")
    GUARDIAN_LAPSED = "guardian.lapsed", _("Guardian's invitation lapsed")

    PERSONA_CREATED = "persona.created", _("Persona created")
    PERSONA_CHANGED = "persona.changed", _("Persona changed")
    PORTRAIT_ADDED = "portrait.added", _("Portrait added")
    PORTRAIT_REMOVED = "portrait.removed", _("Portrait removed")
    PORTRAIT_CHECKED = "portrait.checked", _("Portrait checked by the machine")
    APPLICATION_SUBMITTED = "application.submitted", _("Application submitted")
    APPLICATION_CLAIMED = "application.claimed", _("Application claimed by an officer")
    APPLICATION_RELEASED = "application.released", _("Application released by an officer")
    APPLICATION_CHANGES_REQUESTED = "application.changes_requested", _("Changes requested")
    APPLICATION_APPROVED = "application.approved", _("Application approved")
    APPLICATION_REJECTED = "application.rejected", _("Application rejected")

    LICENCE_INVITED = "licence.invited", _("Portrayed person invited")
    LICENCE_OPENED = "licence.opened", _("Invitation opened")
    LICENCE_IDENTIFIED = "licence.identified", _("Portrayed person identified")
    LICENCE_GRANTED = "licence.granted", _("Portrait licence granted")
    LICENCE_NARROWED = "licence.narrowed", _("Portrait licence narrowed")
    LICENCE_DECLINED = "licence.declined", _("Portrait licence declined")
    LICENCE_WITHDRAWN = "licence.withdrawn", _("Portrait licence withdrawn")
    LICENCE_EXPIRED = "licence.expired", _("Portrait licence expired")
    LICENCE_LAPSED = "licence.lapsed", _("Invitation lapsed")
    LICENCE_SUPERSEDED = "licence.superseded", _("Portrait licence superseded")

    REGISTRATION_ISSUED = "registration.issued", _("Registered")
    REGISTRATION_UPDATED = "registration.updated", _("Registration updated")
    REGISTRATION_REVOKED = "registration.revoked", _("Registration revoked")
    REGISTRATION_RETIRED = "registration.retired", _("Registration retired")
    HOLD_PLACED = "hold.placed", _("Hold placed")
    HOLD_LIFTED = "hold.lifted", _("Hold lifted")
