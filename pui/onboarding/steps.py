"""The flow chart of the list [001]: which step each line is at, and what unblocks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from pui.models import OnboardingLine, Pui
from pui.onboarding.people import People
from pui.particular import Particular

Action = OnboardingLine.Action


class Step(StrEnum):
    """In the order of the flow chart; the value is the word of the filter in the address."""

    CHECK = "a-verifier"
    DELETE = "a-supprimer"
    ADD = "a-valider"
    APE = "sans-ape"
    GF = "sans-gf"
    TELL = "a-informer"
    LOGIN = "premiere-connexion"
    FINE = "tout-va-bien"
    SERVED = "desservi"
    GONE = "supprimee"

    @property
    def said(self) -> "Said":
        return SAID[self]

    @property
    def label(self) -> str:
        return SAID[self].label


@dataclass(frozen=True, slots=True)
class Said:
    """A step in words: its name, who acts and how, how the mark is drawn."""

    label: str
    text: str
    kind: str  # of components/state.html


SAID: Final = {
    Step.CHECK: Said(
        "Dire s’il y a une PUI",
        "L’établissement dispose d’une PUI\u00a0? Oui\u00a0: ajoutez son FINESS géographique et "
        "son libellé. Non\u00a0: marquez la ligne «\u00a0A supprimer\u00a0».",
        "attention",
    ),
    Step.DELETE: Said(
        "Marquée à supprimer",
        "L’établissement n’a pas de PUI\u00a0: il reste à valider la ligne.",
        "attente",
    ),
    Step.ADD: Said(
        "À valider",
        "Le FINESS géographique et le libellé sont là\u00a0: il reste à valider la ligne. La PUI "
        "est créée dans le registre, ou gardée si elle y est déjà.",
        "attente",
    ),
    Step.APE: Said(
        "Demander au directeur de désigner un APE",
        "Sans administrateur principal (APE), personne ne peut ouvrir d’accès dans "
        "l’établissement\u00a0: invitez-en un, ou écrivez au directeur.",
        "erreur",
    ),
    Step.GF: Said(
        "L’APE désigne un GF Dispostock",
        "L’APE doit désigner un gestionnaire de fichiers (GF), qui demandera son compte et ce "
        "rôle\u00a0; vous pouvez aussi inviter le pharmacien.",
        "erreur",
    ),
    Step.TELL: Said(
        "Informer les pharmaciens",
        "Le GF ne s’est pas encore connecté\u00a0: envoyez-lui l’adresse d’e-Dispostock et celle "
        "de son APE.",
        "attention",
    ),
    Step.LOGIN: Said(
        "Première connexion attendue",
        "Les pharmaciens sont informés\u00a0: la ligne sera finie à la première connexion du GF.",
        "attente",
    ),
    Step.FINE: Said("Tout va bien", "La PUI est ouverte et son GF s’est connecté.", "ok"),
    Step.SERVED: Said(
        "Desservi par une autre PUI",
        "La PUI d’un autre établissement déclare pour celui-ci\u00a0: aucun accès n’est à ouvrir. "
        "Marquez la ligne «\u00a0A supprimer\u00a0», sauf s’il a aussi la sienne.",
        "ok",
    ),
    Step.GONE: Said("Supprimée", "L’établissement n’a pas de PUI.", "ok"),
}
SETTLED: Final = frozenset({Step.FINE, Step.SERVED, Step.GONE})
ASIDE: Final = frozenset({Step.SERVED, Step.GONE})  # no pharmacy of theirs: not to be counted
# without APE too: the mail then sends to the « médecin DIM » [001]
TOLD: Final = frozenset({Step.APE, Step.TELL, Step.LOGIN})
READY: Final = frozenset({Step.DELETE, Step.ADD})


@dataclass(frozen=True, slots=True)
class Situation:
    """A line, who is there, where it stands; ``registered`` are its open pharmacies."""

    line: OnboardingLine
    people: People
    served_by: Pui | None
    particular: Particular | None
    step: Step
    registered: Sequence[Pui] = ()

    @property
    def is_to_tell(self) -> bool:
        """Whether a pharmacist is there, who has to be told that e-Dispostock awaits them."""
        return self.step in TOLD and bool(self.people.gfs) and not self.people.has_declarant_in

    def is_late(self, switches_on: date | None, today: date) -> bool:
        """Not finished on the day of the switch-over; a served establishment never is [001]."""
        return bool(switches_on and switches_on <= today) and self.step not in SETTLED


def step_of(line: OnboardingLine, people: People, served_by: Pui | None) -> Step:
    """The first box of the flow chart that is not done."""
    if line.action == Action.DELETE:
        return Step.GONE if line.validated_at else Step.DELETE
    if line.validated_at is None:
        if line.site_id and line.label:
            return Step.ADD
        return Step.SERVED if served_by else Step.CHECK
    if line.pui and not line.pui.is_open:
        return Step.GONE
    if not people.apes:
        return Step.APE
    if not people.gfs:
        return Step.GF
    if people.has_declarant_in:
        return Step.FINE
    return Step.LOGIN if line.pharmacists_told_at else Step.TELL
