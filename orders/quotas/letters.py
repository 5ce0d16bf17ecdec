"""The mails about quotas, written from the rows as they are when they leave."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, F, Q, Sum
from django.urls import reverse

from accounts.agencies import agency_addresses
from accounts.models import Domain, Habilitation, Profile, Role
from accounts.notices.aid import write_to
from common.numbers import format_integer
from establishments.models import Region
from orders.models import Allocation, Beneficiary, QuotaExtra, Share
from orders.quotas.words import counted


def write_publication(allocation_id: int) -> int:
    """One letter an ARS, with the figures of its region; say how many regions."""
    allocation = Allocation.objects.select_related("item").get(pk=allocation_id)
    figures = figures_by_region(allocation)
    for region in Region.objects.filter(pk__in=figures).order_by("pk"):
        beneficiaries, units = figures[region.pk]
        pool = allocation.pools.get(region.pk, 0) * allocation.pack
        write_to(
            agency_addresses(region),
            subject=f"Contingents publiés\u00a0: {allocation.item}, semaine du "
            f"{allocation.starts_on:%d/%m/%Y}",
            lines=[
                f"{region}\u00a0: {counted(units, 'unités')} par semaine pour "
                f"{counted(beneficiaries, 'bénéficiaires')}.",
                f"Pot commun de votre région\u00a0: {counted(pool, 'unités')} par semaine.",
                "Le calcul est refait chaque lundi avec les capacités du jour. La liste de vos "
                "établissements, avec leur contingent, se télécharge sur la page.",
            ],
            path=f"{reverse('orders:quota_list')}?semaine={allocation.starts_on:%Y-%m-%d}"
            f"&equipement={allocation.item_id}",
        )
    return len(figures)


def figures_by_region(allocation: Allocation) -> dict[str, tuple[int, int]]:
    """By code of region: beneficiaries, and units a week."""
    rows = Share.objects.filter(allocation=allocation, beneficiary__region__isnull=False)
    sums = rows.order_by().values_list(
        "beneficiary__region", Count("pk"), Sum(F("granted_packs")) * allocation.pack
    )
    return {region: (count, units or 0) for region, count, units in sums}


def write_extra(extra_id: int, *, is_back: bool) -> None:
    """To those who order for the beneficiary, and to its ARS."""
    rows = QuotaExtra.objects.select_related("quota__item", *OF_BENEFICIARY)
    extra = rows.get(pk=extra_id)
    quota, beneficiary = extra.quota, extra.quota.beneficiary
    addresses = [*ordering_addresses([beneficiary])[beneficiary.pk]]
    if beneficiary.region:
        addresses += agency_addresses(beneficiary.region)
    units = format_integer(extra.returned if is_back else extra.quantity)
    done = f"{units} non commandés repris" if is_back else f"{units} de plus"
    write_to(
        addresses,
        subject=f"Contingent exceptionnel de {beneficiary}\u00a0: {quota.item}, {done}",
        lines=[
            f"Semaine du {quota.week:%d/%m/%Y}. Motif\u00a0: {extra.reason}",
            f"Contingent de la semaine\u00a0: {format_integer(quota.granted)}, dont "
            f"{format_integer(quota.used)} déjà commandés.",
        ],
        path=reverse("orders:quota", args=[quota.pk]),
    )


OF_BENEFICIARY = (
    "quota__beneficiary__establishment",
    "quota__beneficiary__legal_entity",
    "quota__beneficiary__region",
)


def ordering_addresses(beneficiaries: Iterable[Beneficiary]) -> dict[int, list[str]]:
    """By number of beneficiary, where those who order for it read, else its APE."""
    wanted = list(beneficiaries)
    by_place = {(one.establishment_id, one.legal_entity_id): one.pk for one in wanted}
    found: dict[str, dict[int, list[str]]] = {role: defaultdict(list) for role, _ in ROLES}
    for right in _rights_of(wanted):
        profile = right.profile
        place = (profile.establishment_id, profile.legal_entity_id)
        found[right.role][by_place[place]].append(profile.mail_address)
    orderers, administrators = (found[role] for role, _ in ROLES)
    return {one.pk: orderers[one.pk] or administrators[one.pk] for one in wanted}


ROLES = (
    (Role.ORDER_OPERATOR, Domain.DISTRILOG),
    (Role.ADMINISTRATOR, Domain.ADMINISTRATION),
)


def _rights_of(beneficiaries: list[Beneficiary]) -> Iterable[Habilitation]:
    kinds = Q()
    for role, domain in ROLES:
        kinds |= Q(role=role, domain=domain)
    places = Q(profile__establishment__in=[one.establishment_id for one in beneficiaries])
    places |= Q(profile__legal_entity__in=[one.legal_entity_id for one in beneficiaries])
    found = Habilitation.objects.in_force().filter(
        kinds, places, profile__state=Profile.State.ACTIVE, profile__user__is_active=True
    )
    rows: Iterable[Habilitation] = found.select_related("profile__user").order_by("pk")
    return rows
