"""The one rule behind every page, list and export: who may do what, and where.

An *establishment* is where things happen. An *action* is what one may do there: the ids of the
access matrix. A *perimeter* is the set of establishments where somebody may do it. ``accounts``
says which perimeter a person holds; this module says what a perimeter is and applies it to rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol, Self

from django.db import models


class Action(models.TextChoices):
    """What one may do: the ids of the access matrix. There is no general "view"."""

    ACC_SELF = "acc.self", "gérer son compte"
    ACC_READ = "acc.read", "consulter un compte"
    PROF_REQUEST = "prof.request", "demander un profil"
    PROF_DECIDE_ETAB = "prof.decide.etab", "décider des profils d’établissement"
    PROF_DECIDE_APE = "prof.decide.ape", "décider des profils d’APE"
    PROF_DECIDE_REG = "prof.decide.reg", "décider des profils régionaux et nationaux"
    ACC_INVITE = "acc.invite", "inviter"
    ACC_UNLOCK = "acc.unlock", "débloquer un compte"
    ACC_IMPERSONATE = "acc.impersonate", "agir à la place d’une autre personne"
    ACC_EXPORT = "acc.export", "exporter la liste des comptes"
    REF_READ = "ref.read", "consulter les nomenclatures"
    REF_WRITE = "ref.write", "corriger les nomenclatures"
    PUI_READ = "pui.read", "consulter une PUI"
    PUI_WRITE = "pui.write", "modifier une PUI"
    MED_WRITE = "med.write", "déclarer les stocks de médicaments"
    MED_READ = "med.read", "consulter les stocks de médicaments"
    MED_REOPEN = "med.reopen", "rouvrir une période close"
    VAC_READ = "vac.read", "consulter les lignes de vaccins"
    VAC_LINE = "vac.line", "créer ou déplacer une ligne de vaccins"
    VAC_NEED = "vac.need", "saisir les besoins en vaccins"
    VAC_DELIV = "vac.deliv", "saisir les livraisons de vaccins"
    VAC_RECEP = "vac.recep", "saisir les réceptions de vaccins"
    FLU_WRITE = "flu.write", "déclarer les stocks de vaccin grippe"
    FLU_READ = "flu.read", "consulter la campagne grippe"
    EPI_READ = "epi.read", "consulter l’inventaire des EPI"
    EPI_WRITE = "epi.write", "remplir l’inventaire des EPI"
    EPI_WRITE_CLOSED = "epi.write.closed", "remplir une semaine close"
    EPI_REOPEN = "epi.reopen", "rouvrir une semaine"
    DASH_EPI = "dash.epi", "consulter la visualisation des EPI"
    DASH_MED = "dash.med", "consulter le tableau de bord des médicaments"
    DASH_ORD = "dash.ord", "consulter le tableau de bord des commandes"
    ORD_QUOTA_READ = "ord.quota.read", "consulter le catalogue et les contingents"
    ORD_WRITE = "ord.write", "commander"
    ORD_READ = "ord.read", "consulter les commandes"
    ADDR_PROPOSE = "addr.propose", "proposer une adresse de livraison"
    ADDR_VALIDATE = "addr.validate", "valider une adresse de livraison"
    ORD_RECEP = "ord.recep", "confirmer une réception"
    QUOTA_WRITE = "quota.write", "fixer les contingents"
    STOCK_STATE = "stock.state", "consulter le stock de l’État"
    IF_GET = "if.get", "télécharger les fichiers de commandes"
    IF_PUT = "if.put", "envoyer les comptes rendus logistiques"
    IF_META = "if.meta", "suivre les fichiers échangés"
    IF_REPLAY = "if.replay", "rejouer un fichier ou un compte rendu"
    INV_READ = "inv.read", "consulter les factures"
    JRN_READ = "jrn.read", "consulter le journal"
    JRN_WRITE = "jrn.write", "modifier le journal"
    SYS_CONF = "sys.conf", "régler le système"
    VAC_STOCK_WRITE = "vac.stock.write", "déclarer les stocks de vaccins COVID"
    VAC_STOCK_READ = "vac.stock.read", "consulter les stocks de vaccins COVID"
    VAC_WAVE = "vac.wave", "créer les lignes d’une vague"
    VAC_REPORT = "vac.report", "signaler une ligne de vaccins"
    MED_ALLOCATE = "med.allocate", "répartir un médicament"
    MED_ALLOCATE_RECEIVE = "med.allocate.receive", "confirmer la réception d’une répartition"
    ONB_READ = "onb.read", "consulter la liste des PUI à ouvrir"
    ONB_WRITE = "onb.write", "remplir la liste des PUI à ouvrir"
    REMIND_SEND = "remind.send", "relancer les retardataires"
    AID_ASK = "aid.ask", "demander un dépannage"
    AID_PROPOSE = "aid.propose", "proposer un dépannage"
    AID_ACCEPT = "aid.accept", "accepter un dépannage"
    CAP_PROPOSE = "cap.propose", "proposer une capacité"
    CAP_VALIDATE = "cap.validate", "valider une capacité"
    CAT_WRITE = "cat.write", "modifier le catalogue"
    INV_ISSUE = "inv.issue", "émettre une facture"
    CLAIM_OPEN = "claim.open", "ouvrir une réclamation"
    CLAIM_ANSWER = "claim.answer", "répondre à une réclamation"
    ROUTE_WRITE = "route.write", "changer de logisticien"
    MSG_SEND = "msg.send", "envoyer un message"
    MSG_READ = "msg.read", "lire ses messages"
    ALERT_RULE = "alert.rule", "écrire les règles d’alerte"
    ALERT_ACK = "alert.ack", "acquitter une alerte"
    FORUM_POST = "forum.post", "écrire dans le forum"
    FORUM_MODERATE = "forum.moderate", "modérer le forum"
    TICKET_OPEN = "ticket.open", "ouvrir une demande d’assistance"
    TICKET_ANSWER = "ticket.answer", "répondre aux demandes d’assistance"
    HELP_WRITE = "help.write", "écrire les guides, les questions et les textes"
    EPI_CODE = "epi.code", "délivrer un code ES-FINESS"
    EPI_SETTINGS = "epi.settings", "régler EPI-Stocks"
    MED_SETTINGS = "med.settings", "régler les listes suivies"
    PROF_DELEGATE = "prof.delegate", "nommer un administrateur délégué"
    API_TOKEN = "api.token", "gérer les jetons d’API"
    OIDC_CLIENT = "oidc.client", "enregistrer une application"


@dataclass(frozen=True, slots=True)
class Perimeter:
    """Where an action may be done. Empty by default: what nobody granted, nobody sees.

    ``operator_ids`` are the administrative bodies that rows are routed to, wherever they stand
    (SPF, a logistician; an ARS for its own pool): only the rows that know their operator look at
    it. ``administered_entity_ids`` are those of ``legal_entity_ids`` of which one also sees what
    their establishments order for themselves [003]: who orders for an entity does not.
    """

    is_national: bool = False
    region_codes: frozenset[str] = frozenset()
    department_codes: frozenset[str] = frozenset()
    legal_entity_ids: frozenset[int] = frozenset()
    establishment_ids: frozenset[int] = frozenset()
    operator_ids: frozenset[int] = frozenset()
    administered_entity_ids: frozenset[int] = frozenset()

    def __or__(self, other: "Perimeter") -> "Perimeter":
        """Unite two perimeters. Never unite their ``Q``: ``Q() | Q(pk=1)`` loses the country."""
        return Perimeter(
            self.is_national or other.is_national,
            self.region_codes | other.region_codes,
            self.department_codes | other.department_codes,
            self.legal_entity_ids | other.legal_entity_ids,
            self.establishment_ids | other.establishment_ids,
            self.operator_ids | other.operator_ids,
            self.administered_entity_ids | other.administered_entity_ids,
        )

    def __bool__(self) -> bool:
        return self != Perimeter()

    def as_q(self, path: str = "") -> models.Q:
        """Select the rows whose establishment, found by following ``path``, is inside."""
        if self.is_national:
            return models.Q()
        prefix = f"{path}__" if path else ""
        return (
            models.Q(**{f"{prefix}region__in": self.region_codes})
            | models.Q(**{f"{prefix}department__in": self.department_codes})
            | models.Q(**{f"{prefix}legal_entity__in": self.legal_entity_ids})
            | models.Q(**{f"{prefix}pk__in": self.establishment_ids})
        )


class Holder(Protocol):
    """Whoever may hold perimeters: a person, or nobody (an anonymous visitor holds nothing)."""

    def perimeter_to(self, action: Action) -> Perimeter: ...


class PerimeterQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Base of every queryset whose rows belong to an establishment."""

    perimeter_path = "establishment"

    def within(self, perimeter: Perimeter) -> Self:
        return self.filter(perimeter.as_q(self.perimeter_path))

    def for_user(self, user: Holder, to: Action) -> Self:
        return self.within(user.perimeter_to(to))


def union(perimeters: Collection[Perimeter]) -> Perimeter:
    """Unite any number of perimeters; none at all is the empty one."""
    whole = Perimeter()
    for perimeter in perimeters:
        whole |= perimeter
    return whole
