"""The permission page: who may do what. Every service asks it on its first line."""

from enum import StrEnum


class Role(StrEnum):
    """What an account can be. An operator is any account that acts for an operator record; a phone takes pictures for one."""

    OPERATOR = "operator"
    OFFICER = "officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    PLATFORM = "platform"
    SYSTEM = "system"
    PHONE = "phone"


class Permission(StrEnum):
    """A verb that needs asking. Object rules (own persona, own licence) are asked beside it."""

    VERIFY_SELF = "verify_self"
    TAKE_PICTURES = "take_pictures"
    MANAGE_PERSONA = "manage_persona"
    ANSWER_LICENCE = "answer_licence"
    READ_DESK = "read_desk"
    READ_EVIDENCE = "read_evidence"
    DECIDE = "decide"
    PLACE_OFFICER_HOLD = "place_officer_hold"
    REVOKE = "revoke"
    READ_TRAIL = "read_trail"
    MANAGE_PLATFORMS = "manage_platforms"
    MANAGE_WEBHOOKS = "manage_webhooks"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_KEYS = "manage_keys"
    ASK_GATE = "ask_gate"
    RUN_JOB = "run_job"


_EVERYBODY = frozenset(
    {
        Permission.VERIFY_SELF,
        Permission.TAKE_PICTURES,
        Permission.MANAGE_PERSONA,
        Permission.ANSWER_LICENCE,
        Permission.MANAGE_WEBHOOKS,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: _EVERYBODY,
    Role.OFFICER: _EVERYBODY
    | {
        Permission.READ_DESK,
        Permission.READ_EVIDENCE,
        Permission.DECIDE,
        Permission.PLACE_OFFICER_HOLD,
        Permission.REVOKE,
    },
    Role.AUDITOR: frozenset({Permission.READ_DESK, Permission.READ_EVIDENCE, Permission.READ_TRAIL}),
    Role.ADMINISTRATOR: _EVERYBODY
    | {Permission.READ_TRAIL, Permission.MANAGE_PLATFORMS, Permission.MANAGE_ACCOUNTS, Permission.MANAGE_KEYS},
    Role.PLATFORM: frozenset({Permission.ASK_GATE, Permission.MANAGE_WEBHOOKS}),
    Role.SYSTEM: frozenset({Permission.RUN_JOB}),
    Role.PHONE: frozenset({Permission.TAKE_PICTURES}),
}

# Roles that see other people's data: they count only with a second factor.
STAFF = frozenset({Role.OFFICER, Role.AUDITOR, Role.ADMINISTRATOR})
