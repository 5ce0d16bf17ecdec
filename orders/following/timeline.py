"""What happened to an order, then what comes next and when."""

from dataclasses import dataclass
from datetime import date, datetime

from orders.models import Order, OrderStep

State = Order.State
STAGES = (
    (State.SUBMITTED, "Transmise"),
    (State.CONFIRMED, "Confirmée"),
    (State.PREPARING, "En préparation"),
    (State.SHIPPED, "Expédiée"),
    (State.DELIVERED, "Livrée"),
)
RECEIVED = "Réceptionnée"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; ``author`` is empty for the platform itself."""

    at: datetime
    text: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an order stands among its stages, what comes next, and until when."""

    step: int
    steps: int
    title: str
    following: str = ""
    due: date | datetime | None = None
    by_hour: bool = False


def progress_of(order: Order) -> Progress | None:
    """None once it is cancelled or refused: nothing follows."""
    if order.state in (State.CANCELLED, State.REFUSED, State.DRAFT):
        return None
    titles = [title for _, title in STAGES] + [RECEIVED]
    at = _position(order)
    title = titles[at]
    if order.state == State.PARTLY_SHIPPED:
        title = "Expédiée en partie"
    if at + 1 == len(titles):
        return Progress(at + 1, len(titles), title)
    if order.state == State.SUBMITTED and order.exported_at is None and order.editable_until:
        said = "départ en préparation à l’entrepôt"
        return Progress(at + 1, len(titles), title, said, order.editable_until, by_hour=True)
    return Progress(at + 1, len(titles), title, _following(order, at), _due(order, at))


def _position(order: Order) -> int:
    if order.received_at is not None:
        return len(STAGES)
    state = State.SHIPPED if order.state == State.PARTLY_SHIPPED else order.state
    return [one for one, _ in STAGES].index(State(state))


def _following(order: Order, at: int) -> str:
    if order.state == State.PARTLY_SHIPPED:
        return "expédition du reste"
    return (
        "confirmation par l’entrepôt",
        "préparation",
        "expédition",
        "livraison",
        "réception par l’établissement",
    )[at]


def _due(order: Order, at: int) -> date | None:
    """The day of the delivery alone is known; the steps before it are due by it."""
    return order.expected_on if at < len(STAGES) - 1 else None


def events_of(order: Order, *, by_warehouse: bool) -> list[Event]:
    """The steps told, the latest first. ``by_warehouse``: no name of a person."""
    steps = order.steps.order_by("-at", "-pk")
    return [Event(one.at, one.text, _author(one, order, by_warehouse)) for one in steps]


def _author(step: OrderStep, order: Order, by_warehouse: bool) -> str:
    if by_warehouse and step.by_id is not None:
        return str(order.holder)
    return str(step.author)
