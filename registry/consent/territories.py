"""Where a likeness may be shown: codes of ISO 3166-1 alpha-2 that can be chosen, and the whole world."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORLD = "WORLD"
TERRITORIES: dict[str, str | Promise] = {
    WORLD: _("Worldwide"),
    "CN": _("Mainland China"),
    "HK": _("Hong Kong, China"),
    "MO": _("Macao, China"),
    "TW": _("Taiwan, China"),
    "AU": _("Australia"),
    "BR": _("Brazil"),
    "CA": _("Canada"),
    "DE": _("Germany"),
    "ES": _("Spain"),
    "FR": _("France"),
    "GB": _("United Kingdom"),
    "ID": _("Indonesia"),
    "IN": _("India"),
    "IT": _("Italy"),
    "JP": _("Japan"),
    "KR": _("South Korea"),
    "MX": _("Mexico"),
    "MY": _("Malaysia"),
    "NZ": _("New Zealand"),
    "PH": _("Philippines"),
    "RU": _("Russia"),
    "SG": _("Singapore"),
    "TH": _("Thailand"),
    "US": _("United States"),
    "VN": _("Vietnam"),
}
