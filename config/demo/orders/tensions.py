"""Three tensions since two weeks, one past, one announced; what was reported; who is registered."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from common.weeks import PARIS, current_week, shift
from config.demo.country import SECOND_REGION
from config.demo.people import ADDRESS
from epi_stocks.models import EpiItem
from establishments.models import Region
from establishments.perimeter import Action
from journal.services import entry_of
from orders.models import Beneficiary, Registration, SupplyDifficulty, Tension
from orders.registration.forms import known_of
from orders.services.registrations import Told, register

FFP2, GLOVES, GOWNS, APRONS, CAPS = 2, 4, 5, 6, 7
DAY = timedelta(days=1)
# item, message; in tension in the whole country
IN_TENSION = (
    (FFP2, "Réservez-les aux gestes qui exposent aux projections et aux soins des malades."),
    (GLOVES, "Toutes tailles, nitrile. Les tailles S et M sont les plus demandées."),
    (GOWNS, ""),
)
# item, days ago, who says it (None: an establishment of the first region), what, what became of it
DIFFICULTIES = (
    (GLOVES, 15, "Fédération des établissements privés",
     "Plusieurs fournisseurs rationnent les gants nitrile, taille M surtout.", ""),
    (GOWNS, 12, None, "Commande de surblouses non livrée depuis trois semaines, sans date.", ""),
    (FFP2, 11, "Centrale d’achat hospitalière",
     "Prix des FFP2 multiplié par quatre, délais de huit semaines.", ""),
    (APRONS, 6, None, "Le fournisseur annonce une rupture de tabliers pour la fin du mois.", ""),
    (CAPS, 30, None, "Charlottes livrées avec dix jours de retard.",
     "Livrées\u00a0; le fournisseur s’engage pour le trimestre."),
)  # fmt: skip
REGISTERED = ("ehpad", "commande", "ars", "ars2")


def build_tensions() -> None:
    """Add what is missing: nothing is declared twice."""
    cell = User.objects.get(email=f"national{ADDRESS}")
    if not Tension.objects.exists():
        _declare(cell)
    if not SupplyDifficulty.objects.exists():
        _report(cell)
    for key in REGISTERED:
        _register(User.objects.get(email=f"{key}{ADDRESS}"))


def _declare(cell: User) -> None:
    since = shift(current_week(), -2)
    for item, message in IN_TENSION:
        _tension(cell, item, since, message=message)
    past = shift(current_week(), -20)
    _tension(cell, APRONS, past, ends_on=past + 41 * DAY, message="Grève des transports maritimes.")
    announced = shift(current_week(), 2)
    region = Region.objects.get(pk=SECOND_REGION)
    _tension(cell, CAPS, announced, region=region, message="Un seul fournisseur livre la région.")


def _tension(
    cell: User,
    item: int,
    starts_on: date,
    *,
    ends_on: date | None = None,
    region: Region | None = None,
    message: str = "",
) -> None:
    """As the service writes it, on a day that the service no longer accepts."""
    said_at = _at(min(starts_on, timezone.localdate()) - 3 * DAY)
    tension = Tension.objects.create(
        item=EpiItem.objects.get(pk=item),
        region=region,
        starts_on=starts_on,
        ends_on=ends_on,
        message=message,
        declared_by=cell,
    )
    Tension.objects.filter(pk=tension.pk).update(declared_at=said_at)
    entry = entry_of(
        "orders.tension_declared",
        by=cell,
        target=tension,
        place=tension,
        starts_on=starts_on.isoformat(),
    )
    entry.at = said_at
    entry.save_base(raw=True, force_insert=True)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, 15, tzinfo=PARIS)


def _report(cell: User) -> None:
    today = timezone.localdate()
    places = iter(
        Beneficiary.objects.filter(is_listed=True, establishment__isnull=False)
        .select_related("establishment", "region")
        .order_by("establishment__finess")[3:]
    )
    for item, ago, source, told, outcome in DIFFICULTIES:
        place = None if source else next(places)
        reported = today - ago * DAY
        SupplyDifficulty.objects.create(
            item_id=item,
            region=place.region if place else None,
            beneficiary=place,
            source=source or place.place.name,
            description=told,
            reported_on=reported,
            recorded_by=cell,
            closed_on=reported + 12 * DAY if outcome else None,
            closed_by=cell if outcome else None,
            outcome=outcome,
        )


def _register(user: User) -> None:
    """The profiles on which somebody orders, under what is already known of them."""
    for profile in user.usable_profiles:
        user.chosen_profile_id = profile.pk
        if user.may(Action.ORD_WRITE) and not Registration.objects.filter(profile=profile).exists():
            known = known_of(user, profile) | {"civility": _civility(user)}
            known["phone"] = known["phone"] or "02 99 00 00 00"
            known["status"] = known["status"] or Registration.Status.PRIVATE
            register(by=user, profile=profile, told=Told(**known))


def _civility(user: User) -> str:
    women = {"Sonia", "Élise"}
    kinds = Registration.Civility
    return kinds.MRS if user.first_name in women else kinds.MR
