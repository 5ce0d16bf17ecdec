"""What a public body wants on the invoices it receives, read from Chorus Pro and kept a day."""

import time
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from orders.chorus.client import ChorusError, account, call, is_open
from orders.models import Recipient

SEARCH: Final = "structures/v1/rechercher"
READ: Final = "structures/v1/consulter"
SERVICES: Final = "structures/v1/rechercher/services"
PAGE: Final = "parametresRechercherServicesStructure"
KEPT: Final = timedelta(days=1)
CLOSED: Final = "INACTIF"
SHORT: Final = (3, 5)  # seconds: somebody waits for the page
REST: Final = 60  # seconds without asking again of one that does not answer
MOST: Final = 1_000
_SILENT: dict[str, float] = {}  # by address: until when it is left alone


def recipient_of(siret: str) -> Recipient | None:
    """The body of this SIRET; None when nobody knows: no account, or Chorus Pro does not answer."""
    known: Recipient | None = Recipient.objects.filter(pk=siret).first()
    if known is not None and known.checked_at > timezone.now() - KEPT:
        return known
    address = account().api_url
    if not is_open() or time.monotonic() < _SILENT.get(address, 0):
        return known
    try:
        return _read(siret)
    except ChorusError:
        _SILENT[address] = time.monotonic() + REST
        return known


def ask_again() -> None:
    """Forget who did not answer."""
    _SILENT.clear()


def _read(siret: str) -> Recipient:
    asked = {"structure": {"identifiantStructure": siret, "typeIdentifiantStructure": "SIRET"}}
    rows = call(SEARCH, asked, patience=SHORT).get("listeStructures") or []
    found = [one for one in rows if str(one.get("statut") or "").upper() != CLOSED]
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
    asked = {"idStructure": number, PAGE: {"nbResultatsParPage": MOST}}
    services = call(SERVICES, asked, patience=SHORT).get("listeServices") or []
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
    if service_code and 0 < len(codes) < MOST and service_code not in codes:
        told["service_code"] = (
            "Ce code service n’est pas un de ceux de votre structure\u00a0: "
            f"{', '.join(codes[:10])}."
        )
    return told
