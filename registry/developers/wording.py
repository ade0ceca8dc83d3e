"""What developers read about events, and about what came back from their server."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.feed.types import EventType

Text = str | Promise

EVENTS: dict[EventType, Text] = {
    EventType.PERSONA_ACTIVATED: _("A virtual human on your platform is registered."),
    EventType.PERSONA_UPDATED: _("Its registered facts have changed. Read them again."),
    EventType.PERSONA_SUSPENDED: _("Somebody has a reason to stop it. End its live sessions, and hide its uploads until it is restored."),
    EventType.PERSONA_RESTORED: _("Nothing stops it any more."),
    EventType.PERSONA_EXPIRED: _("Its registration has run out."),
    EventType.PERSONA_REVOKED: _("Its registration was revoked. It never comes back under this ID."),
    EventType.PERSONA_RETIRED: _("Its operator has retired it. It may come back within 30 days."),
    EventType.PERSONA_RENEWED: _("Its registration goes on for a new term."),
    EventType.PERSONA_TRANSFERRED: _("Another operator answers for it now. Read its record again."),
    EventType.CONSENT_WITHDRAWN: _("The portrayed person has withdrawn the licence. End its live sessions at once."),
}
