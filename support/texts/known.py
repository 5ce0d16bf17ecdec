"""The parts of pages that an exploiter may write in place of ours; the pages name them by slug."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownText:
    """A part of a page: where it stands, and what it is for. Without a version, ours is shown."""

    slug: str
    label: str
    where: str
    route: str


KNOWN = (
    KnownText(
        "accueil-presentation", "Présentation du service", "Accueil public, sous le titre", "home"
    ),
    KnownText(
        "connexion-aide",
        "Aide à la connexion",
        "Page de connexion, sous le formulaire\u00a0; rien par défaut",
        "account_login",
    ),
    KnownText(
        "inscription-aide",
        "Aide à la création du compte",
        "Page de création de compte, au-dessus du formulaire\u00a0; rien par défaut",
        "account_signup",
    ),
    KnownText("mentions-editeur", "Éditeur", "Mentions légales", "legal_notice"),
    KnownText("mentions-hebergeur", "Hébergeur", "Mentions légales", "legal_notice"),
    KnownText(
        "accessibilite-contact",
        "Contact pour l’accessibilité",
        "Déclaration d’accessibilité",
        "accessibility",
    ),
)
BY_SLUG = {one.slug: one for one in KNOWN}


def known_text(slug: str) -> KnownText:
    """The part of that name; KeyError for a name that no page uses."""
    return BY_SLUG[slug]
