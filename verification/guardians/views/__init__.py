"""Pages: the minor asks, the link is opened, the guardian answers."""
