"""Endpoints, their secrets, and what is sent to them."""

from portal.webhooks.services.endpoints import add, disable, rotate
from portal.webhooks.services.proving import prove
from portal.webhooks.services.relaying import deliver_next, make_out
from portal.webhooks.services.sending import resend, send_test

__all__ = ["add", "deliver_next", "disable", "make_out", "prove", "resend", "rotate", "send_test"]
