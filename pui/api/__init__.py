"""What machines send and read of pharmacies' stocks, with a token of their entity."""

from pui.api import snapshots, stocks, transmissions

ROUTERS = (transmissions.router, stocks.router, snapshots.router)
