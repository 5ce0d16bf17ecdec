"""What each sees of the exchanges: a warehouse its own, the national cell and the technical
administration those of all."""

from accounts.models import User
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from orders.models import LogisticsReport, OrderFile, Replenishment
from orders.models.exchange import LogisticsReportQuerySet, OrderFileQuerySet
from orders.models.replenishment import ReplenishmentQuerySet


def files_seen(user: User) -> OrderFileQuerySet:
    reach = user.perimeter_to(Action.IF_GET) | user.perimeter_to(Action.IF_META)
    rows: OrderFileQuerySet = OrderFile.objects.within(reach)
    return rows.without_content()


def reports_seen(user: User) -> LogisticsReportQuerySet:
    reach = user.perimeter_to(Action.IF_PUT) | user.perimeter_to(Action.IF_META)
    rows: LogisticsReportQuerySet = LogisticsReport.objects.within(reach)
    return rows.select_related("operator", "order")


def replenishments_seen(user: User) -> ReplenishmentQuerySet:
    reach = user.perimeter_to(Action.IF_PUT) | user.perimeter_to(Action.ROUTE_WRITE)
    rows: ReplenishmentQuerySet = Replenishment.objects.within(reach)
    return rows.select_related("product__item", "source", "target", "proposed_by", "asked_by")


def replenishes(user: User) -> bool:
    """The national cell and the two warehouses: a supplier does not read the State's stock."""
    if user.may(Action.ROUTE_WRITE):
        return True
    held = user.perimeter_to(Action.IF_PUT).operator_ids
    kinds = (AdministrativeBody.Kind.SPF, AdministrativeBody.Kind.LA_POSTE)
    return AdministrativeBody.objects.filter(pk__in=held, kind__in=kinds).exists()


def own_warehouse(user: User) -> AdministrativeBody | None:
    """The one whose reports this person sends."""
    held = user.perimeter_to(Action.IF_PUT).operator_ids
    return AdministrativeBody.objects.filter(pk__in=held).order_by("pk").first()


def may_fetch(user: User, file: OrderFile) -> bool:
    """The content, with names and addresses, is for the warehouse alone."""
    return file.operator_id in user.perimeter_to(Action.IF_GET).operator_ids


def may_handle(user: User, report: LogisticsReport) -> bool:
    """Correct or discard it: its warehouse, or the technical administration."""
    own = report.operator_id in user.perimeter_to(Action.IF_PUT).operator_ids
    return own or user.may(Action.IF_REPLAY)
