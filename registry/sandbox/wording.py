"""What each persona of the sandbox is, in a line."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.sandbox.cast import BUSY, OUT_OF_REACH

MEANINGS: dict[str, str | Promise] = {
    "TESTA110WEDZ": _("Nothing speaks against it: allowed for everything."),
    "TEST11CENCEN": _("It portrays somebody, whose licence leaves selling and advertising out: allowed, with limits to keep to."),
    "TESTC0MM0FFT": _("Its operator must confirm the identity before selling live: refused for purpose “commerce”, else allowed."),
    "TESTF11M0N1R": _("It is licensed for recorded videos only."),
    "TESTDR1VEN1S": _("A verified person drives it live."),
    "TESTM1N0R0KN": _("Its operator is a minor, and a guardian has consented."),
    "TESTN0B0DY0Q": _("Nothing is registered under this ID: the answer is 404."),
    "TESTEXP1RY07": _("Its registration has run out."),
    "TESTREV0KEDB": _("Its registration was revoked."),
    "TESTRET1RED3": _("Its operator has retired it."),
    "TESTM1SS1NGK": _("It portrays somebody who has granted no licence."),
    "TEST1APSED0D": _("The portrayed person's licence has ended."),
    "TESTW1THDRNG": _("The portrayed person has withdrawn the licence."),
    "TESTN0SC0PEV": _("It is not registered for your platform."),
    "TESTAN0NYM08": _("Its operator's identity is not verified."),
    "TESTREVER1F1": _("The verification of its operator has run out."),
    "TESTM1N0RN08": _("Its operator is a minor without a guardian's consent."),
    "TESTN0DR1VRS": _("A person should drive it live, and none is named. Uploads need no driver."),
    "TESTDRVRNEWX": _("The person who drives it live is not verified. Uploads need no driver."),
    "TESTH01DC0N5": _("Stopped by the portrayed person."),
    "TESTH01D0PEJ": _("Stopped by its operator."),
    "TESTH01D0FFK": _("Stopped by a compliance officer."),
    "TESTH01D1AB3": _("Stopped because its label was missing."),
    "TESTH01D1EGE": _("Stopped by a legal order."),
    "TESTTANG1EDF": _("Several links of the chain are broken at once: several reasons."),
}
TROUBLES: dict[str, str | Promise] = {
    BUSY: _("Too many questions: 429 with Retry-After. Wait as long as it says, then ask again."),
    OUT_OF_REACH: _("The registry cannot be reached: 503. Nothing was decided, so do not go live."),
}
