"""The code of a box against the line that awaits it: product, lot, expiry."""

from dataclasses import dataclass
from datetime import date, timedelta

from common.gs1 import Gs1Error, parse
from vaccines.models import SupplyLine, Vaccine
from vaccines.services.refusals import SupplyError

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Box:
    """What fills the fields; ``warning`` is to be read before using the box."""

    gtin: str
    lot: str
    expires_on: date | None
    warning: str = ""


def read_box(line: SupplyLine, code: str, today: date) -> Box:
    """Raise ``SupplyError``: unreadable, no product of a campaign, or not that of the line."""
    try:
        found = parse(code, today=today)
    except Gs1Error as refusal:
        raise SupplyError(str(refusal), "scan") from refusal
    if not found.gtin:
        raise SupplyError("Ce code ne dit pas quel est le produit.", "scan")
    awaited = line.wave.vaccine
    if found.gtin != awaited.gtin:
        raise SupplyError(_not_awaited(found.gtin, awaited), "scan")
    return Box(found.gtin, found.lot, found.expires_on, _warning(found.expires_on, today))


def _not_awaited(gtin: str, awaited: Vaccine) -> str:
    other = Vaccine.objects.filter(gtin=gtin).first()
    if other:
        return (
            f"Cette boîte est «\u00a0{other}\u00a0»\u00a0: cette ligne attend "
            f"«\u00a0{awaited}\u00a0»."
        )
    return (
        f"Le produit {gtin} n’est pas un vaccin de la campagne\u00a0: vérifiez la boîte. Si c’est "
        f"bien «\u00a0{awaited}\u00a0», tapez le lot et la péremption."
    )


def _warning(expires_on: date | None, today: date) -> str:
    if expires_on is None:
        return "Ce code ne dit pas la péremption\u00a0: tapez-la."
    if expires_on < today:
        return f"Lot périmé depuis le {expires_on:%d/%m/%Y}\u00a0: ne l’utilisez pas."
    if expires_on - today <= SOON:
        return f"Ce lot périme bientôt, le {expires_on:%d/%m/%Y}."
    return ""
