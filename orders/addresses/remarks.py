"""What surprises in a delivery address: told to who proposes and who decides, never blocking."""

from establishments.models import Department
from orders.models import DeliveryAddress

CORSICA = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}
OVERSEAS = "97"


def department_of(postal_code: str) -> str:
    """The INSEE code of the department that a postal code begins with: nearly always the right."""
    if found := CORSICA.get(postal_code[:3]):
        return found
    return postal_code[:3] if postal_code.startswith(OVERSEAS) else postal_code[:2]


def remarks(row: DeliveryAddress) -> list[str]:
    """Sentences to read before validating."""
    if row.site_id:
        return []
    found = Department.objects.filter(pk=department_of(row.postal_code)).first()
    if found is None:
        return [f"Aucun département ne commence par ce code postal ({row.postal_code})."]
    holder = row.holder
    if holder.region_id and found.region_id != holder.region_id:
        return [f"L’adresse est hors de la région\u00a0: {found}."]
    if row.beneficiary and row.beneficiary.department_id not in (None, found.pk):
        return [f"L’adresse est dans un autre département\u00a0: {found}."]
    return []
