"""The details of an entry of the journal, as a person reads them."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from common.numbers import format_decimal, format_integer

NAMES = {
    "reason": "Motif",
    "habilitation": "Habilitation",
    "habilitations": "Habilitations",
    "granted": "Accordé",
    "refused": "Non accordé",
    "first_by": "Premier accord de",
    "level": "Qui décide",
    "note": "Message",
    "device": "Appareil",
    "count": "Nombre",
    "rows": "Lignes",
    "replaced": "Remplace la transmission",
    "due": "Échéance",
    "origin": "Origine",
    "lines": "Lignes",
    "operator": "Servie par",
    "filters": "Filtres",
    "jobs": "Travaux",
    "kept_months": "Gardé (mois)",
    "format": "Format",
    "version": "Version",
    "week": "Semaine",
    "weeks": "Semaines",
    "told": "Personnes prévenues",
    "invited_by": "Invitée par",
    "automatic": "Accordée d’office",
    "email": "Adresse",
    "phone": "Téléphone",
    "address": "Adresse postale",
    "first_name": "Prénom",
    "last_name": "Nom",
    "starts_on": "À partir du",
    "ends_on": "Jusqu’au",
    "legal_kinds": "Statuts",
    "fields_of_care": "Champs",
    "state": "État",
    "role": "Rôle",
    "domain": "Domaine",
    "digest": "Empreinte du fichier",
    "sites": "Établissements",
    "establishments": "Établissements",
    "entities": "Entités juridiques",
    "table": "Tableau",
    "cells": "Cases",
    "until": "Jusqu’au",
    "actions": "Usages",
    "added": "Ajoutés",
    "removed": "Retirés",
    "asked": "Empreinte de l’adresse",
    "at_once": "Dès maintenant",
    "batch": "Envoi groupé",
    "closes_after_days": "Clôture après (jours)",
    "days": "Seuils (jours)",
    "expires_at": "Valable jusqu’au",
    "found": "Trouvé",
    "is_counted": "Compté",
    "is_expected": "Attendue",
    "kinds": "Moyens",
    "measure": "Mesure",
    "redirect_uris": "Adresses de retour",
    "roles": "Rôles",
    "scopes": "Usages",
    "time": "Heure attendue",
    "account": "Compte n°",
    "token": "Jeton n°",
    "machine": "Machine",
    "value": "Valeur",
    "weekday": "Jour attendu",
    "code": "Code",
    "priority": "Priorité",
    "list": "Liste",
    "recipients": "Destinataires",
    "mails": "Courriels",
    "files": "Fichiers",
    "layout": "Table",
    "expected_on": "Livraison prévue le",
    "planned_doses": "Doses prévues",
    "shipped_on": "Expédiée le",
    "shipped_doses": "Doses expédiées",
    "label": "Nom",
    "product": "Produit",
    "gtin": "Code GTIN",
    "interval_days": "Intervalle (jours)",
    "doses_per_vial": "Doses par flacon",
    "units": "UCD",
    "boxes": "Présentations",
    "refused_lines": "Lignes refusées",
    "withdrawn": "Produits fictifs retirés",
    "on": "Le",
    "no_longer_served": "Ne sont plus desservis",
    "served": "Établissement desservi",
    "pui": "PUI n°",
    "proposed": "Proposé",
    "given": "Réparti",
    "pharmacies": "PUI",
    "not_done": "ARS qui n’ont pas terminé",
    "granted_quantity": "Attribué",
    "received_before": "Reçu, dit auparavant",
    "comment": "Commentaire",
    "changes": "Changements",
    "answer": "Réponse",
    "need": "Besoin n°",
    "order": "Commande",
    "transfer": "Transfert n°",
    "quantity": "Quantité",
    "urgency": "Urgence",
    "donors": "Donneurs",
    "missing": "Reste à trouver",
    "giver": "Donneur",
    "side": "Du côté de",
    "received": "Quantité reçue",
    "received_on": "Reçue le",
    "damaged": "Quantité abîmée",
    "gaps": "Écarts signalés",
    "kind": "Nature",
    "expiry": "Péremption la plus proche",
    "step": "À qui",
    "masked": "Lignes masquées",
    "period": "Période du",
    "doses": "Doses",
    "total": "Total",
    "season": "Saison",
    "needs_open_on": "Demandes ouvertes le",
    "needs_due_at": "Date limite des demandes",
    "weekdays": "Jours",
    "hour": "Heure",
    "patience": "Relances avant l’étape suivante",
    "is_paused": "En pause",
    "resumes_on": "Reprise le",
    "day": "Jour",
    "first_doses": "Doses pour les 1res injections",
    "second_doses": "Doses pour les 2es injections",
    "lot": "Lot",
    "is_whole": "Réception terminée",
    "vaccinated": "Personnes vaccinées",
    "line": "Ligne n°",
    "recipient": "Destinataire",
    "pharmacy": "PUI",
    "report": "Signalement n°",
    "changed": "Changés",
    "message": "Message",
    "outcome": "Suite donnée",
    "pool": "Quantité à répartir",
    "doctrine": "Doctrine",
    "pools_percent": "Pots communs (%)",
    "reserve_percent": "Réserve gardée (%)",
    "floor": "Plancher (colis)",
    "item_factor": "Coefficient de l’équipement",
    "factor": "Coefficient",
    "beneficiary": "Bénéficiaire",
    "beneficiaries": "Bénéficiaires",
    "quotas": "Contingents (unités)",
    "pools": "Pots communs (unités)",
    "reserve": "Réserve (unités)",
    "source": "Copie de la répartition n°",
    "orders": "Commandes",
    "net": "Total HT (€)",
    "gross": "Total TTC (€)",
    "cancels": "Facture corrigée",
    "price": "Prix HT (€)",
    "tax_rate": "TVA (%)",
    "item": "Équipement",
    "units_per_pack": "Unités par colis",
    "size": "Taille",
    "pictogram": "Pictogramme",
    "pack_label": "Nom du colis",
    "units_per_pallet": "Unités par palette",
    "delay_days": "Délai (jours)",
    "rank": "Rang",
    "is_open": "Au catalogue",
    "name": "Raison sociale",
    "legal_form": "Forme juridique",
    "siret": "SIRET",
    "service_code": "Code service",
    "engagement": "Numéro d’engagement",
    "reference": "Référence",
    "vat_number": "Numéro de TVA",
    "register": "Immatriculation",
    "postal_code": "Code postal",
    "town": "Commune",
    "iban": "IBAN",
    "bic": "BIC",
    "payment_days": "Délai de paiement (jours)",
    "penalty_rate": "Pénalités (%)",
    "subject": "Sujet",
    "taken_from": "Suivie auparavant par",
    "into": "Réunie avec",
    "rating": "La réponse a aidé",
    "topic": "Sujet n°",
    "post": "Message n°",
    "theme": "Thème",
    "title": "Titre",
    "description": "Description",
    "basis": "Compté en",
    "copied_from": "Copie de",
    "groups": "Groupes",
    "numbers": "Chiffres changés",
    "rhythm": "Rythme des courriels",
    "starts_at": "À partir du",
    "ends_at": "Jusqu’au",
}
VALUES = {
    "entity": "administrateurs de l’établissement",
    "ars": "administrateurs de l’ARS",
    "national": "cellule nationale, à deux",
    "pending": "en attente",
    "active": "actif",
    "suspended": "suspendu",
    "refused": "refusé",
    "revoked": "retiré",
    "ended": "terminé",
    "account.exists": "interroger l’existence d’un compte",
    "pui.transmit": "transmettre les stocks des pharmacies de l’entité",
    "pui.stocks": "lire les derniers stocks des pharmacies du périmètre",
    "logistics.files": "lire les fichiers de commandes de l’entrepôt",
    "logistics.reports": "envoyer les comptes rendus de l’entrepôt",
    "pui.snapshots": "télécharger les relevés quotidiens d’un territoire",
}
Pair = tuple[str, str]


def readable(details: dict[str, Any]) -> list[Pair]:
    """Label and value of each detail; what changed reads « avant → après »."""
    before, after = details.get("before"), details.get("after")
    rest = {key: value for key, value in details.items() if key not in ("before", "after")}
    return [*_changes(before, after), *((_name(key), _text(value)) for key, value in rest.items())]


def on_one_line(pairs: list[Pair]) -> str:
    """The same for a file."""
    return "\u00a0; ".join(f"{name}\u00a0: {value}" for name, value in pairs)


def _changes(before: Any, after: Any) -> Iterator[Pair]:
    if isinstance(before, dict) or isinstance(after, dict):
        former, new = before or {}, after or {}
        for key in {**former, **new}:
            yield _name(key), f"{_text(former.get(key))} → {_text(new.get(key))}"
    elif after is None and before is not None:
        yield "Avant", _text(before)
    elif after is not None:
        yield "Changement", f"{_text(before)} → {_text(after)}"


def _name(key: str) -> str:
    return NAMES.get(key) or key.replace("_", " ").capitalize()


def _text(value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return "–"
        case bool():
            return "oui" if value else "non"
        case int():
            return format_integer(value)
        case float():
            return format_decimal(value)
        case list():
            return ", ".join(_text(one) for one in value)
        case dict():
            return ", ".join(f"{_name(key)}\u00a0: {_text(one)}" for key, one in value.items())
    return VALUES.get(str(value)) or _day(str(value))


def _day(text: str) -> str:
    """An ISO date as people write it; any other text as it is."""
    try:
        if len(text) == len("2026-11-16"):
            return f"{date.fromisoformat(text):%d/%m/%Y}"
        if "T" in text[10:11]:
            return f"{timezone.localtime(datetime.fromisoformat(text)):%d/%m/%Y %H:%M}"
    except ValueError:
        pass
    return text
