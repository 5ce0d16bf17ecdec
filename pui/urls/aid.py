"""Mutual aid between pharmacies, below ``/entraide/medicaments/``."""

from establishments.redistribution.addresses import addresses
from pui.aid.trade import MEDICINES

urlpatterns, app_name = addresses(MEDICINES)
