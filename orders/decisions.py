"""A decision on orders, taken in two steps."""

from common import decisions
from orders.services.errors import OrderingError
from orders.services.tensions import ChangedMeanwhileError


class DecisionView(decisions.DecisionView):
    template_name = "orders/decision.html"
    refusals = (OrderingError,)
    changes = (ChangedMeanwhileError,)
