"""The indicators of the protective equipment, as the registry explains them."""

from epi_stocks.registry.cover import COVER
from epi_stocks.registry.declaring import DECLARING

INDICATORS = (*COVER, *DECLARING)
