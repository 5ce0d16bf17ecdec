"""What a public body wants on the invoices it receives, read from Chorus Pro and kept a day."""

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from orders.chorus.client import ChorusError, call, is_open
from orders.models import Recipient

SEARCH: Final = "structures/v1/rechercher"
READ: Final = "structures/v1/consulter"
SERVICES: Final = "structures/v1/rechercher/services"
KEPT: Final = timedelta(days=1)
SHORT: Final = (3, 5)  # seconds: somebody waits for the page
MOST: Final = 200


def recipient_of(siret: str) -> Recipient | None:
    """The body of this SIRET; None when nobody knows: no account, or Chorus Pro does not answer."""
    known: Recipient | None = Recipient.objects.filter(pk=siret).first()
    if known is not None and known.checked_at > timezone.now() - KEPT:
        return known
    if not is_open():
        return known
    try:
        return _read(siret)
    except ChorusError:
        return known


def _read(siret: str) -> Recipient:
    asked = {"structure": {"identifiantStructure": siret, "typeIdentifiantStructure": "SIRET"}}
    found = call(SEARCH, asked, patience=SHORT).get("listeStructures") or []
    values: dict[str, Any] = {"is_known": bool(found), "checked_at": timezone.now()}
    if found:
        values |= _wants(found[0])
    row: Recipient
    row, _ = Recipient.objects.update_or_create(siret=siret, defaults=values)
    return row


def _wants(structure: dict[str, Any]) -> dict[str, Any]:
    number = structure.get("idStructureCPP")
    read = call(READ, {"idStructureCPP": number}, patience=SHORT)
    told = read.get("parametres") or {}
    services = call(SERVICES, {"idStructure": number}, patience=SHORT).get("listeServices") or []
    return {
        "name": str(structure.get("designationStructure") or "")[:200],
        "needs_service": bool(told.get("codeServiceDoitEtreRenseigne")),
        "needs_engagement": bool(told.get("numeroEJDoitEtreRenseigne")),
        "needs_either": bool(told.get("gestionNumeroEJOuCodeService")),
        "services": [
            [str(one["codeService"]), str(one.get("libelleService") or "")]
            for one in services[:MOST]
            if one.get("estActif", True) and one.get("codeService")
        ],
    }


def missing_in_words(siret: str, service_code: str, engagement: str) -> dict[str, str]:
    """What the recipient wants and is not there, by field; empty when all is well or unknown."""
    found = recipient_of(siret)
    if found is None:
        return {}
    if not found.is_known:
        return {"siret": "Chorus Pro ne connaît pas ce SIRET\u00a0: corrigez-le."}
    told = {}
    if found.needs_service and not service_code:
        told["service_code"] = "Votre structure exige un code service sur Chorus Pro."
    if found.needs_engagement and not engagement:
        told["engagement"] = "Votre structure exige un numéro d’engagement sur Chorus Pro."
    if found.needs_either and not (service_code or engagement):
        told["engagement"] = (
            "Votre structure exige un numéro d’engagement ou un code service sur Chorus Pro."
        )
    codes = [code for code, _ in found.services]
    if service_code and codes and service_code not in codes:
        told["service_code"] = (
            "Ce code service n’est pas un de ceux de votre structure\u00a0: "
            f"{', '.join(codes[:10])}."
        )
    return told
