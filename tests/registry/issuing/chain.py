"""A whole chain of facts, to be broken link by link."""

from datetime import UTC, date, datetime, timedelta

from registry.issuing.verdict import Ask, Consent, Facts, Person

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(days=100), NOW - timedelta(days=1)
VERIFIED = Person(verified_until=LATER)
MINOR = Person(verified_until=LATER, adult_from=NOW + timedelta(days=60))
GRANTED = Consent(
    state="granted",
    media=frozenset({"live", "upload"}),
    purposes=frozenset({"commerce"}),
    platforms=frozenset({"douyin"}),
    territories=frozenset({"CN"}),
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 12, 31),
    computed_driving=True,
)
FACTS = Facts(
    registry_id="M9S346Q3D25Q",
    issued_at=EARLIER,
    expires_at=LATER,
    platforms=frozenset({"douyin"}),
    drive_mode="human",
    operator=VERIFIED,
    driver=VERIFIED,
    consent_needed=True,
    consent=GRANTED,
)
LIVE = Ask("douyin", "live", "commerce", "CN")
