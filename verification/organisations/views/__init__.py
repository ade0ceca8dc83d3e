"""Pages: the list, the filing one thing per page, its status, the agents, and the link in an agent's mail."""
