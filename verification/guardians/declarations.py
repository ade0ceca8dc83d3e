"""What this room answers for the core."""

from verification.declared import GUARDIAN, condition
from verification.guardians.queries import guardian_consents

condition(GUARDIAN)(guardian_consents)
