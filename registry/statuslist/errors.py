"""Why a list is not answered with."""

from django.utils.translation import gettext_lazy as _

from portal.kit.errors import PortalError


class NoHistory(PortalError):
    """A list as it stood at another time (draft-ietf-oauth-status-list §8.4) is not kept."""

    code = "history_not_supported"
    status = 501
    title = _("Only the present list is served")
    help = _("What was true at another time is answered to those who may know it, not here.")


class NotAcceptable(PortalError):
    """The caller wants another form than the one there is."""

    code = "not_acceptable"
    status = 406
    title = _("The list has another form")
    help = _("Ask for application/statuslist+jwt.")


class NotPublished(PortalError):
    """The last token has run out, and nobody has signed a newer one: no list is better than an old one."""

    code = "list_not_published"
    status = 503
    title = _("The list is not published now")
    help = _("Ask again in a few seconds. Until then rely on nothing that you have not asked the gate.")
