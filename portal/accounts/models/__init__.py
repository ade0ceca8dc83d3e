"""People's accounts, the operators they act for, and platforms with their members and credentials."""

from portal.accounts.models.credentials import ApiKey, Environment, OAuthClient, Scope
from portal.accounts.models.people import (
    STAFF_CHOICES,
    Member,
    MemberRole,
    Operator,
    OperatorKind,
    RoleGrant,
    User,
    UserManager,
)
from portal.accounts.models.platforms import (
    Decision,
    InvitationEnd,
    LiveRequest,
    Platform,
    PlatformInvitation,
    PlatformMember,
    PlatformRole,
)

__all__ = [
    "STAFF_CHOICES",
    "ApiKey",
    "Decision",
    "Environment",
    "InvitationEnd",
    "LiveRequest",
    "Member",
    "MemberRole",
    "OAuthClient",
    "Operator",
    "OperatorKind",
    "Platform",
    "PlatformInvitation",
    "PlatformMember",
    "PlatformRole",
    "RoleGrant",
    "Scope",
    "User",
    "UserManager",
]
