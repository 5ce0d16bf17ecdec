"""What machines read without a token: the open data."""

from steering.api import open_data

ROUTERS = (open_data.router,)
