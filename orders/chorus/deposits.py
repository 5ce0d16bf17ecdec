"""What we ask of Chorus Pro about an invoice: take it, what became of it."""

import base64
from dataclasses import dataclass
from typing import Any, Final

from orders.chorus.client import SYNTAX, call
from orders.models import Deposit, Invoice

DEPOSIT: Final = "factures/v1/deposer/flux"
REPORT: Final = "transverses/v1/consulterCRDetaille"
SEARCH: Final = "factures/v1/rechercher/fournisseur"
HISTORY: Final = "factures/v1/consulter/historique"
INTEGRATED: Final = ("INTEGRE", "INTEGRE_PARTIEL")
REJECTED: Final = ("REJETE", "REJETE_TECHNIQUE")
LONGEST: Final = 500
State = Deposit.State

STATES: Final = {
    "DEPOSEE": State.DEPOSITED,
    "EN_COURS_ACHEMINEMENT": State.FORWARDED,
    "MISE_A_DISPOSITION": State.AVAILABLE,
    "A_RECYCLER": State.TO_RECYCLE,
    "SUSPENDUE": State.SUSPENDED,
    "COMPLETEE": State.AVAILABLE,
    "SERVICE_FAIT": State.APPROVED,
    "MANDATEE": State.ORDERED,
    "MISE_A_DISPOSITION_COMPTABLE": State.ORDERED,
    "COMPTABILISEE": State.ORDERED,
    "MISE_EN_PAIEMENT": State.IN_PAYMENT,
    "REJETEE": State.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Followed:
    """Where an invoice stands there; ``reason`` is what was written by whoever refused it."""

    state: Deposit.State
    reason: str = ""
    remote_id: str = ""


def send(invoice: Invoice, pdf: bytes) -> str:
    """Deposit the document; the number of the flow."""
    told = call(
        DEPOSIT,
        {
            "fichierFlux": base64.b64encode(pdf).decode(),
            "nomFichier": f"{invoice.number}.pdf",
            "syntaxeFlux": SYNTAX,
            "avecSignature": False,
        },
    )
    return str(told.get("numeroFluxDepot", ""))


def find(invoice: Invoice) -> Followed | None:
    """The invoice by its number, when a deposit whose answer was lost did arrive."""
    kind = "AVOIR" if invoice.is_credit else "FACTURE"
    told = call(SEARCH, {"typeFacture": kind, "numeroFacture": invoice.number})
    return _of(told, invoice)


def follow(deposit: Deposit) -> Followed | None:
    """What became of it; None while the deposit itself is being read there."""
    if deposit.remote_id:
        return _history(deposit)
    told = call(REPORT, {"numeroFluxDepot": deposit.flow})
    state = str(told.get("etatCourantDepotFlux", "")).upper().removeprefix("IN_")
    if state in REJECTED:
        return Followed(State.REJECTED, _errors(told))
    if state in INTEGRATED:
        return _of(call(SEARCH, {"numeroFluxDepot": deposit.flow}), deposit.invoice)
    return None


def _history(deposit: Deposit) -> Followed | None:
    told = call(HISTORY, {"idFacture": int(deposit.remote_id)})
    state = STATES.get(str(told.get("statutCourantCode", "")).upper())
    if state is None:
        return None
    return Followed(state, _last_comment(told), deposit.remote_id)


def _of(told: dict[str, Any], invoice: Invoice) -> Followed | None:
    for one in told.get("listeFactures") or []:
        if one.get("numeroFacture") == invoice.number and one.get("identifiantFactureCPP"):
            code = str(one.get("statut") or one.get("statutFacture") or "").upper()
            state = STATES.get(code, State.DEPOSITED)
            reason = str(one.get("commentaireEtatCourant") or "")[:LONGEST]
            return Followed(state, reason, str(one["identifiantFactureCPP"]))
    return None


def _errors(told: dict[str, Any]) -> str:
    found = [one.get("libelleErreurDP") for one in told.get("listeErreurDP") or []]
    found += [one.get("libelleErreur") for one in told.get("listeErreurTechnique") or []]
    text = " ".join(str(one) for one in found if one) or str(told.get("libelle") or "")
    return text[:LONGEST]


def _last_comment(told: dict[str, Any]) -> str:
    steps = (told.get("historiquesDesStatuts") or {}).get("historiqueStatut") or []
    comments = [str(one["commentaire"]) for one in steps if one.get("commentaire")]
    return comments[-1][:LONGEST] if comments else ""
