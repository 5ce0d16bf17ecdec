"""A situation, part by part: each right opens its own, what it does not open is never computed."""

from collections.abc import Callable, Sequence

from establishments.perimeter import Action
from steering.models import AlertDomain
from steering.situation.content import Content, Part
from steering.situation.moment import Moment
from steering.situation.parts.aid import equipment_aid, medicines_aid, orders_aid
from steering.situation.parts.alerts import alerts_of
from steering.situation.parts.equipment import equipment_part
from steering.situation.parts.medicines import medicines_part
from steering.situation.parts.orders import orders_part
from steering.situation.parts.vaccines import vaccines_part
from steering.situation.territory import Reader, Territory

Read = Callable[[Reader, Territory, Moment], Part | None]
PARTS: Sequence[tuple[Action, Read]] = (
    (Action.DASH_EPI, equipment_part),
    (Action.DASH_MED, medicines_part),
    (Action.DASH_MED, vaccines_part),
    (Action.DASH_ORD, orders_part),
    (Action.DASH_EPI, alerts_of(AlertDomain.EPI)),
    (Action.DASH_MED, alerts_of(AlertDomain.MEDICINES)),
    (Action.DASH_ORD, alerts_of(AlertDomain.ORDERS)),
    (Action.DASH_ORD, orders_aid),
    (Action.DASH_MED, medicines_aid),
    (Action.DASH_EPI, equipment_aid),
)


def read_situation(reader: Reader, territory: Territory, moment: Moment) -> Content:
    parts = (read(reader, territory, moment) for action, read in PARTS if reader.may(action))
    return Content(tuple(one for one in parts if one is not None))
