"""The errors of asking for a registration by its ID."""

from django.utils.translation import gettext_lazy as _

from portal.kit.errors import NotFound, PortalError


class IdMalformed(PortalError):
    """The registry ID has a wrong form or a wrong check character; nothing was looked up."""

    code = "registry_id_malformed"
    title = _("This is not a registry ID")
    help = _("A registry ID looks like VH-XXXX-XXXX-XXXX; its last character is a check character. Look for a typing error.")


class PersonaUnknown(NotFound):
    """No registration has this ID."""

    code = "persona_unknown"
    title = _("No persona is registered under this ID")
    help = _("Ask the operator for the registry ID on their persona's page.")
