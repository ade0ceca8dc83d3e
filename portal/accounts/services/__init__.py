"""Accounts: operators, roles, platforms, their keys and clients."""

from portal.accounts.services.clients import create_client, revoke_client
from portal.accounts.services.keys import KEY_LIFE, end_key, issue_key, limit_key, revoke_key, rotate_key
from portal.accounts.services.people import grant_role, own_operator
from portal.accounts.services.platforms import appoint_owner, create_platform

__all__ = [
    "KEY_LIFE",
    "appoint_owner",
    "create_client",
    "create_platform",
    "end_key",
    "grant_role",
    "issue_key",
    "limit_key",
    "own_operator",
    "revoke_client",
    "revoke_key",
    "rotate_key",
]
