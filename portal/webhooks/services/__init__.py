"""Endpoints, their secrets, and what is sent to them."""

from portal.webhooks.services.endpoints import add, change, disable, remove, rotate
from portal.webhooks.services.proving import prove
from portal.webhooks.services.relaying import deliver_next, make_out
from portal.webhooks.services.sending import resend, send_event, send_test

__all__ = ["add", "change", "deliver_next", "disable", "make_out", "prove", "remove", "resend", "rotate", "send_event", "send_test"]
