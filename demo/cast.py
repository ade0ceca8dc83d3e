"""The invented people of the demonstration. Their numbers have right check digits and name nobody."""

from dataclasses import dataclass
from datetime import date

from demo.faces.paper import spoken
from portal.access.roles import Role
from portal.kit import clock

PASSWORD = "virtual-humans-demo"
DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Player:
    """One of the cast: account, role as the login list names it, document and whose rendered face they have."""

    name: str
    role: str
    granted: Role | None = None
    document: str = ""
    holder: str = ""
    number: str = ""
    born: date | None = None
    latin: str = ""

    @property
    def printed(self) -> str:
        """The name on the document: in Latin letters where no Chinese ones are to be had."""
        return self.holder if self.holder.isascii() or spoken("zh") == "zh" else self.latin

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.name}@{DOMAIN}"


ALICE = Player("alice", "operator", document="resident_id", holder="林爱丽", number="11010519920315002X", latin="LIN AILI")
BOB = Player("bob", "officer", Role.OFFICER)
DANA = Player("dana", "officer", Role.OFFICER)
CAROL = Player("carol", "portrayed", document="passport", holder="CAROL SPECIMEN", number="E81230964", born=date(1990, 5, 4))
EVE = Player("eve", "stranger")
FRANK = Player("frank", "auditor", Role.AUDITOR)
GRACE = Player("grace", "administrator", Role.ADMINISTRATOR)
# Applicants, one for each state a real-name case can rest in.
IVY = Player("ivy", "applicant (draft)", document="passport", holder="IVY SPECIMEN", number="E11223344", born=date(1999, 1, 1))
JACK = Player("jack", "applicant (review)", document="passport", holder="JACK SPECIMEN", number="E22334455", born=date(1988, 2, 2))
KIM = Player("kim", "applicant (retry)", document="resident_id", holder="金样本", number="310101198807070028", latin="JIN SPECIMEN")
LEO = Player("leo", "applicant (rejected)", document="passport", holder="LEO SPECIMEN", number="E44556677", born=date(1975, 9, 9))
MAY = Player("may", "operator (revoked)", document="resident_id", holder="梅样本", number="440106199511110022", latin="MEI SPECIMEN")
# One has asked a guardian, the other's guardian has consented and an officer looks at the proof. Both are young in any year.
SEVENTEEN, SIXTEEN = date(clock.now().year - 17, 1, 1), date(clock.now().year - 16, 1, 1)
NINA = Player("nina", "minor (guardian asked)", document="passport", holder="NINA SPECIMEN", number="E55667788", born=SEVENTEEN)
OTTO = Player("otto", "minor (guardian consents)", document="passport", holder="OTTO SPECIMEN", number="E66778899", born=SIXTEEN)

CAST = (ALICE, BOB, DANA, CAROL, EVE, FRANK, GRACE, IVY, JACK, KIM, LEO, MAY, NINA, OTTO)
