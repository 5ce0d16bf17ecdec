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
        key="stock-pharmacie",
        label="Transmettre un stock de pharmacie (e-Dispostock)",
        verb="transmettre un stock de pharmacie",
        action=Action.MED_WRITE,
        order=30,
        checks=(is_open,),
    ),
    Application(
        key="suivi-medicaments",
        label="Suivre les médicaments d’une région (e-Dispostock)",
        verb="suivre les médicaments d’une région",
        action=Action.DASH_MED,
        order=70,
    ),
    Application(
        key="suivi-commandes",
        label="Suivre les commandes d’une région (Distrilog-Santé)",
        verb="suivre les commandes d’une région",
        action=Action.DASH_ORD,
        order=80,
    ),
)
