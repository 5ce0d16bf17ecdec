"""Mutual aid of equipment, below ``/entraide/epi/``."""

from epi_stocks.aid.trade import EQUIPMENT
from establishments.redistribution.addresses import addresses

urlpatterns, app_name = addresses(EQUIPMENT)
