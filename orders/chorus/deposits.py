"""What we ask of Chorus Pro about an invoice: take it, what became of it."""

import base64
from dataclasses import dataclass
from typing import Any, Final

from orders.chorus.client import SYNTAX, PassingError, call
from orders.models import Deposit, Invoice

DEPOSIT: Final = "factures/v1/deposer/flux"
REPORT: Final = "transverses/v1/consulterCRDetaille"
SEARCH: Final = "factures/v1/rechercher/fournisseur"
HISTORY: Final = "factures/v1/consulter/historique"
INTEGRATED: Final = ("IN_INTEGRE", "IN_INTEGRE_PARTIEL")
REJECTED: Final = ("IN_REJETE",)
LOST: Final = ("IN_INCIDENTE",)  # « il sera nécessaire de reprendre le flux intégralement »
LONGEST: Final = 500
State = Deposit.State

STATES: Final = {
    "DEPOSEE": State.DEPOSITED,
    "EN_COURS_ACHEMINEMENT": State.FORWARDED,
    "MISE_A_DISPOSITION": State.AVAILABLE,
    "PRISE_EN_COMPTE_DESTINATAIRE": State.AVAILABLE,
    "A_RECYCLER": State.TO_RECYCLE,
    "SUSPENDUE": State.SUSPENDED,
    "A_COMPLETER": State.SUSPENDED,
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
    flow = str(told.get("numeroFluxDepot") or "")
    if not flow:
        raise PassingError("Chorus Pro n’a pas donné de numéro de dépôt.", is_doubtful=True)
    return flow


def find(invoice: Invoice) -> Followed | None:
    """The invoice by its number, when a deposit whose answer was lost did arrive."""
    kind = "AVOIR" if invoice.is_credit else "FACTURE"
    told = call(SEARCH, {"typeFacture": kind, "numeroFacture": invoice.number})
    return _of(told, invoice)


def follow(deposit: Deposit) -> Followed | None:
    """What became of it; None while nothing new is known there."""
    if deposit.remote_id:
        return _history(deposit)
    if not deposit.flow:
        return find(deposit.invoice)
    told = call(REPORT, {"numeroFluxDepot": deposit.flow})
    state = str(told.get("etatCourantDepotFlux", "")).upper()
    if state in LOST:
        return Followed(State.REFUSED, "Chorus Pro n’a pas traité ce dépôt\u00a0: refaites-le.")
    if state in REJECTED:  # « déjà déposée » is a rejection too
        return find(deposit.invoice) or Followed(State.REFUSED, _errors(told))
    if state in INTEGRATED:
        return _integrated(deposit, told)
    return None


def _integrated(deposit: Deposit, report: dict[str, Any]) -> Followed | None:
    """Its number there; in a flow taken in part, it may be what was left out."""
    found = _of(call(SEARCH, {"numeroFluxDepot": deposit.flow}), deposit.invoice)
    errors = _errors(report)
    return found or (Followed(State.REFUSED, errors) if errors else None)


def _history(deposit: Deposit) -> Followed | None:
    told = call(HISTORY, {"idFacture": int(deposit.remote_id)})
    code = _code(told.get("statutCourantCode"))
    state = STATES.get(code)
    return None if state is None else Followed(state, _comment(told, code), deposit.remote_id)


def _of(told: dict[str, Any], invoice: Invoice) -> Followed | None:
    for one in _rows(told, "listeFactures"):
        if one.get("numeroFacture") == invoice.number and one.get("identifiantFactureCPP"):
            state = STATES.get(_code(one.get("statut")), State.DEPOSITED)
            reason = str(one.get("commentaireEtatCourant") or "")[:LONGEST]
            return Followed(state, reason, str(one["identifiantFactureCPP"]))
    return None


def _errors(told: dict[str, Any]) -> str:
    found = [one.get("libelleErreurDP") for one in _rows(told, "listeErreurDP")]
    found += [one.get("libelleErreur") for one in _rows(told, "listeErreurTechnique")]
    return " ".join(str(one) for one in found if one)[:LONGEST]


def _comment(told: dict[str, Any], code: str) -> str:
    """What was written last with the state that it has."""
    history = told.get("historiquesDesStatuts")
    steps = _rows(history if isinstance(history, dict) else {}, "histoStatut")
    same = [one for one in steps if _code(one.get("histoStatutCode")) == code]
    last = max(same, key=lambda one: str(one.get("histoStatutDatePassage")), default={})
    return str(last.get("histoStatutCommentaire") or "")[:LONGEST]


def _code(value: Any) -> str:
    return str(value or "").upper().replace("-", "_")


def _rows(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = told.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
