"""The pages of the platform that a search finds by their names, for those who may open them.

Who may is what each address declares itself (`establishments/access.py`): nothing is said twice.
"""

from collections.abc import Iterator
from typing import Final

from django.urls import resolve

from accounts.models import User
from common.addresses import fixed_address
from common.search import Group, Hit
from config import home
from establishments.access import RouteAccess
from establishments.finding import PER_GROUP, all_in, is_long_enough, stems

ORDER: Final = 60

# route, name, other words that people use for it
PAGES: Final = (
    ("home", "Accueil", "tâches semaine"),
    ("changes", "Ce qui a changé depuis votre visite", "nouveautés"),
    ("profiles:list", "Mes profils", "habilitations rôles"),
    ("profiles:ask", "Demander un profil", "accès établissement habilitation"),
    ("profiles:choose", "Changer de profil", "choisir établissement"),
    ("access", "Pourquoi n’ai-je pas accès\u00a0?", "refus droits habilitation manque"),
    ("own_home", "Mon compte", "compte identité adresse"),
    ("own_identity", "Mon nom et mon téléphone", "identité coordonnées"),
    ("account_email", "Mon adresse électronique", "courriel mail email"),
    ("account_change_password", "Changer mon mot de passe", "sécurité"),
    ("mfa_index", "Second facteur", "sécurité code application clé"),
    ("own_history", "Mon historique", "actes journal connexions"),
    ("usersessions_list", "Mes sessions ouvertes", "appareils connexions"),
    ("own_data", "Mes données", "rgpd télécharger"),
    ("plage:requests", "Demandes de profil à décider", "plage accepter refuser"),
    ("plage:invitations", "Invitations", "plage inviter"),
    ("plage:ape", "Gestion des APE", "plage administrateurs sans ape"),
    ("plage:people", "Comptes et personnes", "plage utilisateurs"),
    ("plage:journal", "Journal", "plage traces actions"),
    ("plage:tokens", "Jetons d’API", "plage machine"),
    ("legacy_codes", "Codes ES-", "identifiant ancien"),
    ("establishments:search", "Annuaire des établissements", "finess entité"),
    ("establishments:imports", "Importer un fichier FINESS", "annuaire extraction"),
    ("pui:home", "e-Dispostock", "médicaments stocks pharmacie"),
    ("pui:register", "Registre des PUI", "pharmacies livraison fiche"),
    ("pui:state", "Etat du stock d’une PUI", "médicaments couverture"),
    ("pui:region", "Stocks du territoire", "médicaments région ucd dci"),
    ("pui:late", "PUI en retard", "relancer déclaration"),
    ("pui:reminders", "Relances des PUI en retard", "calendrier"),
    ("pui:onboarding", "Ouverture des PUI", "liste bascule région"),
    ("pui:sharing", "Répartition d’un médicament", "partage rare"),
    ("pui:help", "Demandes d’aide pour un médicament", "dépannage ars"),
    ("pui:snapshots", "Relevés quotidiens des stocks", "fichiers csv"),
    ("vaccines:flu", "Demande de vaccins grippe", "campagne besoins"),
    ("vaccines:flu_campaigns", "Campagnes grippe", "vaccins réglages saison"),
    ("vaccines:supply", "Approvisionnement en vaccin COVID", "lignes besoins réceptions"),
    ("vaccines:followed", "Suivi des lignes de vaccins", "covid région"),
    ("vaccines:waves", "Vagues de vaccins", "covid livraisons"),
    ("vaccines:vaccines", "Vaccins COVID", "doses flacon réglages"),
    ("vaccines:lots", "Péremptions des vaccins", "lots"),
    ("vaccines:coverage", "Couverture des vaccinations", "covid doses"),
    ("epi_stocks:inventory_start", "Inventaire des équipements", "epi masques gants saisie"),
    ("epi_stocks:visu", "Visu des équipements en temps réel", "epi carte région couverture"),
    ("epi_stocks:settings", "Réglages EPI", "seuils calendrier équipements"),
    ("aid", "Entraide", "dépannage transferts besoins"),
    ("orders:start", "Distrilog-Santé", "commandes tension"),
    ("orders:catalogue", "Catalogue et panier", "commander stock état"),
    ("orders:orders", "Commandes", "suivi livraison"),
    ("orders:addresses", "Adresses de livraison", "commandes valider"),
    ("orders:capacities", "Lits, places et professionnels", "capacités contingent"),
    ("orders:capacity_requests", "Corrections de capacité", "lits places"),
    ("orders:quotas", "Contingents", "contingentement calcul quota"),
    ("orders:allocations", "Répartitions des contingents", "contingentement brouillon publier"),
    ("orders:doctrines", "Doctrines de contingentement", "ratios"),
    ("orders:relief", "Demandes de dépannage", "équipements ars pot commun"),
    ("orders:claims", "Réclamations", "commandes livraison écart"),
    ("orders:invoices", "Factures", "consortium chorus"),
    ("orders:invoices_due", "Factures à émettre", "consortium"),
    ("orders:consortium", "Produits du consortium", "payants acheter prix"),
    ("orders:products", "Produits à commander", "catalogue prix stock"),
    ("orders:dashboard", "Tableau de bord des commandes", "contingents région"),
    ("orders:state_stock", "Stock de l’État", "entrepôt palettes"),
    ("orders:tensions", "Tensions d’approvisionnement", "déclarer fin"),
    ("orders:difficulties", "Difficultés d’approvisionnement", "signaler veille"),
    ("orders:watch", "Veille des tensions", "surveillance"),
    ("orders:beneficiaries", "Bénéficiaires des commandes", "liste établissements"),
    ("orders:order_files", "Fichiers de commandes", "logistique entrepôt accusé"),
    ("orders:reports", "Comptes rendus logistiques", "entrepôt expédition livraison"),
    ("orders:replenishments", "Réassorts", "logistique entrepôt"),
    ("orders:routing", "Acheminement des commandes", "réacheminer plateforme spf poste"),
    ("orders:registration", "Inscription à Distrilog-Santé", "commandes"),
    ("sitemap", "Plan du site", "pages"),
    ("accessibility", "Accessibilité", "rgaa"),
    ("legal_notice", "Mentions légales", "éditeur"),
    ("personal_data", "Données personnelles", "rgpd"),
    ("cookies", "Gestion des cookies", "traceurs"),
    ("terms", "Conditions d’utilisation", "cgu"),
)


def find(user: User, text: str) -> list[Group]:
    if not is_long_enough(text):
        return []
    hits = list(_pages(user, stems(text)))
    return [Group("Pages de la plateforme", hits[:PER_GROUP], order=ORDER)] if hits else []


def _pages(user: User, asked: str) -> Iterator[Hit]:
    """Those that the name alone finds first, then by the other words; a menu entry too."""
    found = [
        (not all_in(asked, [label]), label, fixed_address(route), route)
        for route, label, words in PAGES
        if all_in(asked, [label, words])
    ]
    named = {fixed_address(route) for route, *_ in PAGES}
    for is_other, label, url, _ in sorted(found, key=lambda one: one[0]):
        if is_open_to(user, url):
            yield Hit(label, url, "" if not is_other else "Page proche de votre recherche")
    for item in home.menu(user):
        if item.url not in named and all_in(asked, [item.label]):
            yield Hit(item.label, item.url, "Menu")


def is_open_to(user: User, url: str) -> bool:
    """As its address declares; one that declares nothing is not offered."""
    declared: RouteAccess | None = getattr(resolve(url).func, "access", None)
    if declared is None or declared.is_machine:
        return False
    return not declared.actions or any(user.may(action) for action in declared.actions)
