"""Pages: the wizard, one thing per page, and the status."""
