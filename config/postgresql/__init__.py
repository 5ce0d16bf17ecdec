"""PostgreSQL as Django knows it, with two economies for what is sent at every request."""
