"""The indicators of medicines and of mutual aid, as the registry explains them."""

from pui.registry.declaring import DECLARING
from pui.registry.sharing import SHARING
from pui.registry.stocks import STOCKS

INDICATORS = (*STOCKS, *DECLARING, *SHARING)
