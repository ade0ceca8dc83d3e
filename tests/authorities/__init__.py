"""Authorities on this machine, which check what they are sent as the real ones do. Unit tests and journeys ask them."""
