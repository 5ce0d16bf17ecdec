"""Applications whose app is not here yet: what they will ask for is known, and can be prepared.

Each leaves this file for the ``access.py`` of its app, with the address where one works.
"""

from accounts.doctor import Application
from accounts.doctor.checks import is_beneficiary, is_open, is_right_number, ordering_place
from establishments.perimeter import Action

APPLICATIONS = (
    Application(
        key="commander",
        label="Commander des EPI (Distrilog-Santé)",
        verb="commander",
        action=Action.ORD_WRITE,
        order=20,
        checks=(is_open, is_beneficiary, is_right_number),
        target=ordering_place,
    ),
    Application(
        key="suivi-commandes",
        label="Suivre les commandes d’une région (Distrilog-Santé)",
        verb="suivre les commandes d’une région",
        action=Action.DASH_ORD,
        order=80,
    ),
)
