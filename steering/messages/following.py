"""How far a message has come: who read it, who takes it into account, by role and by territory.

A *recipient* is a person under one profile: who works in two places answers for each. They are
counted from the habilitations of today, for whoever sent it and, for a message of the national
cell, for each ARS in its region.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, F, FilteredRelation, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Habilitation, Profile, User
from accounts.models.entity import ENTITIES
from common.french import alphabetical
from establishments.perimeter import Action
from steering.messages.audience import in_regions, keys_of, reached_by
from steering.messages.roles import RIGHTS, label_of, rights_q
from steering.models import Message


@dataclass(frozen=True, slots=True)
class Tally:
    """Recipients of one kind: how many, of whom so many read, so many answered."""

    label: str
    total: int
    read: int
    done: int
    key: str = ""

    @property
    def read_rate(self) -> str:
        return rate(self.read, self.total)

    @property
    def done_rate(self) -> str:
        return rate(self.done, self.total)


def rate(part: int, whole: int) -> str:
    """« 54 % »; of nobody, a dash. 100 % is said of all of them only."""
    if not whole:
        return "–"
    percent = round(100 * part / whole)
    if part < whole:
        percent = min(percent, 99)
    return f"{percent}\u00a0%"


def region_followed(user: User) -> str | None:
    """The region that an ARS follows."""
    codes = user.perimeter_to(Action.MSG_SEND).region_codes
    return next(iter(codes), None)


def may_follow(user: User, message: Message) -> bool:
    """An ARS, a message of the national cell that reaches its region."""
    region = region_followed(user)
    if region is None or not message.is_national:
        return False
    return bool(reached_by(message).filter(in_regions([region])).exists())


def scope_of(user: User, message: Message) -> str | None:
    """The region to which one's following is limited; none for who sent it."""
    profile = user.active_profile
    own = profile is not None and profile.body_id == message.sender_id
    return None if own else region_followed(user)


def recipients(message: Message, region: str | None) -> QuerySet[Profile]:
    """Those of a region, or all; ``receipt`` is what each did."""
    rows = reached_by(message)
    if region is not None:
        rows = rows.filter(in_regions([region]))
    return rows.annotate(
        receipt=FilteredRelation("readings", condition=Q(readings__message=message))
    )


COUNTED = {
    "total": Count("pk", distinct=True),
    "read": Count("receipt__profile", distinct=True),
    "done": Count(
        "receipt__profile", distinct=True, filter=Q(receipt__acknowledged_at__isnull=False)
    ),
}


def overall(message: Message, region: str | None) -> Tally:
    return Tally("Destinataires", **recipients(message, region).aggregate(**COUNTED))


def sites_told(message: Message, region: str | None) -> tuple[int, int]:
    """In how many establishments and entities somebody read it, of how many that it reaches."""
    rows = recipients(message, region).filter(body__isnull=True)
    is_read = Q(receipt__isnull=False)
    found = rows.aggregate(
        sites=Count("establishment", distinct=True),
        entities=Count("legal_entity", distinct=True),
        sites_read=Count("establishment", distinct=True, filter=is_read),
        entities_read=Count("legal_entity", distinct=True, filter=is_read),
    )
    return found["sites_read"] + found["entities_read"], found["sites"] + found["entities"]


def by_role(message: Message, region: str | None) -> Sequence[Tally]:
    """In the order of the matrix; who holds two of the roles is counted in each."""
    keys = [key for key in RIGHTS if key in keys_of(message)]
    named = Case(
        *(When(rights_q([key]), then=Value(key)) for key in keys), output_field=TextField()
    )
    people = recipients(message, region).values("pk")
    rows = (
        Habilitation.objects.in_force()
        .filter(rights_q(keys), profile__in=people)
        .annotate(
            key=named,
            receipt=FilteredRelation(
                "profile__readings", condition=Q(profile__readings__message=message)
            ),
        )
        .order_by()
        .values("key")
        .annotate(**COUNTED | {"total": Count("profile", distinct=True)})
    )
    found = {row["key"]: row for row in rows}
    return [Tally(label_of(key), **found[key]) for key in keys if key in found]


def by_territory(message: Message, region: str | None) -> Sequence[Tally]:
    """By region; by department for who follows one region."""
    name, code = _regions() if region is None else _departments()
    rows = (
        recipients(message, region)
        .annotate(place=name, code=code)
        .order_by()
        .values("place", "code")
        .annotate(**COUNTED)
    )
    found = [
        Tally(row["place"], row["total"], row["read"], row["done"], row["code"]) for row in rows
    ]
    return sorted(found, key=lambda one: (not one.key, alphabetical(one.label)))


def _regions() -> tuple[Coalesce, Coalesce]:
    name = Coalesce("region__name", "body__department__region__name", Value("Hors région"))
    return name, Coalesce("region", "body__department__region", Value(""))


def _departments() -> tuple[Coalesce, Coalesce]:
    name = Coalesce(
        "establishment__department__name",
        "legal_entity__department__name",
        "body__department__name",
        Value("Toute la région"),
    )
    return name, department_code()


def department_code() -> Coalesce:
    return Coalesce(
        "establishment__department", "legal_entity__department", "body__department", Value("")
    )


def missing(message: Message, rows: QuerySet[Profile]) -> QuerySet[Profile]:
    """Those who have not answered: not taken into account, or not read where nothing is asked."""
    if message.is_for_action:
        return rows.filter(receipt__acknowledged_at__isnull=True)
    return rows.filter(receipt__isnull=True)


def answered(rows: QuerySet[Profile], asked: str) -> QuerySet[Profile]:
    """Those of one state of the list."""
    match asked:
        case "non-lus":
            return rows.filter(receipt__isnull=True)
        case "lus":
            return rows.filter(receipt__isnull=False, receipt__acknowledged_at__isnull=True)
        case "faits":
            return rows.filter(receipt__acknowledged_at__isnull=False)
    return rows


def for_table(rows: QuerySet[Profile]) -> QuerySet[Profile]:
    """With what a line of the list shows, by place then by name."""
    return (
        rows.with_person()  # type: ignore[attr-defined,no-any-return]
        .select_related(*(f"{one}__department" for one in ENTITIES), "user")
        .annotate(
            read_at=F("receipt__read_at"),
            done_at=F("receipt__acknowledged_at"),
            place=Coalesce(
                "establishment__sort_name",
                "legal_entity__sort_name",
                "body__name",
                output_field=TextField(),
            ),
        )
        .order_by("place", "user__last_name", "user__first_name", "pk")
    )
