"""The roles of the matrix that somebody holds today, and how a page names them."""

from django.contrib.auth.models import AnonymousUser

from accounts.conditions import right_is_in_force
from accounts.grants import code_of
from accounts.models import User

NAMES = {
    "GF": "Gestionnaire de fichiers",
    "OIE": "Opérateur d’inventaire EPI",
    "OCE": "Opérateur commande EPI",
    "APE": "Administrateur d’établissement",
    "ARA": "ARS, administrateur",
    "ARL": "ARS, lecteur",
    "OMD": "OMEDIT",
    "DEP": "Conseil départemental",
    "NAT": "Cellule nationale",
    "NAL": "Lecteur national",
    "SPF": "Santé publique France",
    "LPO": "La Poste",
    "CSM": "Consortium",
    "SUP": "Assistance",
    "TEC": "Exploitation",
    "AUD": "Auditeur",
}


def codes_of(user: User | AnonymousUser) -> frozenset[str]:
    """Those of the profile in use; of all one's profiles while none is chosen. Nobody has none."""
    if not isinstance(user, User):
        return frozenset()
    used = user.active_profile
    profiles = [used] if used else user.usable_profiles
    held = {
        code_of(right, profile)
        for profile in profiles
        for right in profile.rights
        if right_is_in_force(right, user.held.today)
    }
    return frozenset(held - {""})
