"""A platform's own pages: its account, members, credentials, usage and live access."""
