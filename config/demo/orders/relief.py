"""An address that waits for a second person; a request for relief open, another answered."""

from typing import Final
from uuid import UUID

from accounts.models import User
from common.weeks import current_week
from epi_stocks.models import EpiItem
from orders.models import Beneficiary, DeliveryAddress, Product, RegionalPool, ReliefRequest
from orders.relief.rights import asking_for, sites_of
from orders.services.addresses import ProposedAddress, Terms, finess_address, propose
from orders.services.relief import (
    Asked,
    PoolAnswer,
    answer_by_order,
    ask,
    refuse,
)

SHORT, ENOUGH, REFUSED = "masques-ffp2", "gants", "tabliers"
TOKEN: Final = UUID("00000000-0000-4000-8000-00000000d201")
PACKS: Final = 10
NOT_SHORT: Final = "Le pot commun va d’abord à ceux qui n’ont plus une semaine de stock."


def build_relief() -> int:
    """Write them once, each where its people and its pool are; say how many requests there are."""
    home, agency = _person("ehpad"), _person("ars")
    beneficiary = _beneficiary_of(home)
    if beneficiary is None or agency is None:
        return 0
    _propose_platform(home, beneficiary)
    if not ReliefRequest.objects.exists():
        _ask(home, beneficiary, agency)
    return ReliefRequest.objects.count()


def _person(key: str) -> User | None:
    return User.objects.filter(email=f"{key}@demo.example").first()


def _beneficiary_of(person: User | None) -> Beneficiary | None:
    found = asking_for(person) if person else []
    return found[0] if found else None


def _propose_platform(person: User, beneficiary: Beneficiary) -> None:
    """Proposed by who orders, it waits for the APE or the ARS."""
    finess_address(beneficiary)
    if DeliveryAddress.objects.filter(beneficiary=beneficiary, site=None).exists():
        return
    site = sites_of(beneficiary)[0]
    wanted = ProposedAddress(
        label="Plateforme logistique du groupement",
        lines="ZA des Grands Champs, bâtiment 4",
        postal_code=site.postal_code,
        town=site.town,
        reason="La réserve de l’établissement n’a pas de quai pour un camion",
        terms=Terms("Quai 2, du lundi au vendredi de 8 h à 12 h", "Réception", "02 00 00 04 10"),
    )
    propose(by=person, holder=beneficiary, wanted=wanted)


def _ask(person: User, beneficiary: Beneficiary, agency: User) -> None:
    site = sites_of(beneficiary)[0]
    items = {one.code: one for one in EpiItem.objects.top().on(current_week())}
    asked = [
        (ENOUGH, 1_500, "Livraison du fournisseur repoussée de deux semaines"),
        (REFUSED, 300, "Stock de précaution pour l’hiver"),
        (SHORT, 400, "Cas groupés à l’étage, quatre jours de masques"),
    ]
    rows = {
        code: ask(by=person, beneficiary=beneficiary, asked=Asked(site, items[code], units, reason))
        for code, units, reason in asked
        if code in items
    }
    if ENOUGH in rows:
        _answer(rows[ENOUGH], items[ENOUGH], agency)
    if REFUSED in rows:
        refuse(by=agency, request=rows[REFUSED], reason=NOT_SHORT)


def _answer(row: ReliefRequest, item: EpiItem, agency: User) -> None:
    """By an order where the region has a pool; else by mutual aid, which needs none."""
    product = Product.objects.of_state().filter(item=item).first()
    pool = RegionalPool.objects.filter(
        week=current_week(), region=row.beneficiary.region_id, item=item
    ).first()
    address = finess_address(row.beneficiary)
    if product is None or pool is None or address is None:
        return
    units = min(PACKS * product.units_per_pack, pool.remaining)
    units -= units % product.units_per_pack
    if not units:
        return
    answer = PoolAnswer(
        lines={product.pk: units},
        address=address,
        contact_name=str(row.asked_by),
        contact_phone=row.asked_by.phone or "02 00 00 04 10",
        token=TOKEN,
    )
    answer_by_order(by=agency, request=row, answer=answer)
