"""Orders from the State stock, as a Monday of tension finds them."""

from config.demo.orders.capacities import build_capacities
from config.demo.orders.catalogue import build_catalogue
from config.demo.orders.consortium import build_consortium
from config.demo.orders.doctrines import build_doctrines
from config.demo.orders.following import build_following
from config.demo.orders.logistics import build_large, build_logistics, build_tokens
from config.demo.orders.ordering import build_ordering
from config.demo.orders.quotas import build_quotas
from config.demo.orders.relief import build_relief
from config.demo.orders.tensions import build_tensions
from orders.dashboard.refresh import refresh_all
from orders.models import Beneficiary
from orders.services.beneficiaries import refresh_beneficiaries


def build_orders() -> int:
    """Build what is missing, each part on those before it; return how many beneficiaries."""
    refresh_beneficiaries(by=None)
    build_catalogue()
    build_large()
    build_tokens()
    build_tensions()
    build_doctrines()
    build_capacities()
    build_quotas()
    build_following()
    build_consortium()
    build_ordering()
    build_relief()
    build_logistics()
    refresh_all()
    return Beneficiary.objects.filter(is_listed=True).count()
