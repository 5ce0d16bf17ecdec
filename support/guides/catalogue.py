"""The guides: one for each role, and those of the steps that everybody takes.

A guide is a text of `content/<slug>.md`; ``codes`` are the roles of the matrix that it is for.
"""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Guide:
    """What the list says of a guide."""

    slug: str
    title: str
    summary: str
    codes: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        return reverse("support:guide", args=[self.slug])


def _guide(slug: str, title: str, summary: str, *codes: str) -> Guide:
    return Guide(slug, title, summary, frozenset(codes))


FIRST_STEPS = (
    _guide(
        "premiere-connexion",
        "Première connexion",
        "Créer son compte, demander son profil, et comprendre pourquoi un accès manque.",
        "USR",
    ),
    _guide(
        "changer-d-employeur",
        "Changer d’employeur",
        "Garder son compte, quitter un établissement, en rejoindre un autre.",
    ),
    _guide(
        "tous-les-jours",
        "Tous les jours",
        "Messages, alertes, situation, recherche, forum et assistance.",
    ),
)
BY_ROLE = (
    _guide(
        "gestionnaire-de-fichiers",
        "Pharmacien, gestionnaire de fichiers (GF)",
        "Décrire sa PUI, transmettre ses stocks, commander et recevoir les vaccins.",
        "GF",
    ),
    _guide(
        "inventaire-epi",
        "Opérateur d’inventaire EPI",
        "Remplir chaque semaine l’inventaire des équipements de protection.",
        "OIE",
    ),
    _guide(
        "commande-epi",
        "Opérateur commande EPI",
        "Commander sur le stock de l’État, suivre et réceptionner ses livraisons.",
        "OCE",
    ),
    _guide(
        "administrateur-etablissement",
        "Administrateur d’établissement (APE)",
        "Décider des demandes, inviter, retirer un accès, lire le journal.",
        "APE",
    ),
    _guide(
        "ars-administrateur",
        "ARS, administrateur",
        "Nommer les APE, relancer, répondre aux demandes, gérer le pot commun.",
        "ARA",
    ),
    _guide(
        "ars-lecteur",
        "ARS, lecteur",
        "Lire la situation de sa région\u00a0: équipements, médicaments, vaccins, commandes.",
        "ARL",
    ),
    _guide(
        "omedit",
        "OMEDIT",
        "Suivre les stocks des pharmacies et corriger les lignes de vaccins.",
        "OMD",
    ),
    _guide(
        "conseil-departemental",
        "Conseil départemental",
        "Suivre les équipements de protection des établissements du département.",
        "DEP",
    ),
    _guide(
        "cellule-nationale",
        "Cellule nationale",
        "Déclarer une tension, répartir, régler les listes et les calendriers.",
        "NAT",
        "NAL",
    ),
    _guide(
        "logistique",
        "Santé publique France et La Poste",
        "Recevoir les fichiers de commandes, envoyer les comptes rendus, suivre les stocks.",
        "SPF",
        "LPO",
    ),
    _guide(
        "consortium",
        "Consortium",
        "Tenir le catalogue payant, servir les commandes, émettre les factures.",
        "CSM",
    ),
    _guide(
        "assistance",
        "Assistance",
        "Retrouver une personne, débloquer un compte, écrire les réponses.",
        "SUP",
    ),
    _guide(
        "exploitation",
        "Exploitation",
        "Suivre les échanges avec les entrepôts, gérer les jetons et les applications.",
        "TEC",
    ),
    _guide(
        "auditeur",
        "Auditeur",
        "Lire et télécharger le journal de tout le pays.",
        "AUD",
    ),
)
GUIDES = {guide.slug: guide for guide in (*FIRST_STEPS, *BY_ROLE)}


def of_role(codes: frozenset[str]) -> list[Guide]:
    """Those of somebody's roles; who has none yet begins with the first steps."""
    own = [guide for guide in BY_ROLE if guide.codes & codes]
    return own or list(FIRST_STEPS)
