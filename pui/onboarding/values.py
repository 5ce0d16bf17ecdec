"""What the ARS fills on a line, read alike from the screen and from the file [001]."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from common.identifiers import IdentifierError, normalize_finess
from establishments.models import Establishment
from establishments.models.search import plain_words
from pui.models import OnboardingLine

Action = OnboardingLine.Action
ACTIONS: Final = {
    (): Action.KEEP,
    ("a", "creer"): Action.CREATE,
    ("creer",): Action.CREATE,
    ("a", "supprimer"): Action.DELETE,
    ("supprimer",): Action.DELETE,
}
ACTION, SITE, LABEL, IPE = "action", "site", "label", "ipe"
MOST: Final = {LABEL: 120, IPE: 20}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One cell refused: its name, what came, why, what is accepted."""

    field: str
    value: str
    reason: str
    expected: str

    @property
    def sentence(self) -> str:
        received = f"«\u00a0{self.value}\u00a0», " if self.value else ""
        return f"{received}{self.reason}. Attendu\u00a0: {self.expected}."


@dataclass(frozen=True, slots=True)
class Typed:
    """The four cells as somebody typed them, tidied; ``finess`` is that of the site, or empty."""

    action: str
    finess: str
    label: str
    ipe: str

    @property
    def mark(self) -> str:
        """What the four hold, in a few letters: to know what changed since."""
        text = "\x1f".join((self.action, self.finess, self.label, self.ipe))
        return hashlib.sha256(text.encode()).hexdigest()[:10]

    @property
    def key(self) -> tuple[str, str]:
        """One pharmacy: its site and its label, case and accents aside."""
        return self.finess, " ".join(plain_words(self.label))


def typed_of(line: OnboardingLine) -> Typed:
    """What a line holds now."""
    return Typed(line.action, line.site.finess if line.site else "", line.label, line.ipe)


def read_typed(cells: Mapping[str, object]) -> tuple[Typed, list[Refusal]]:
    """Tidy the cells; what cannot be read is refused and left empty."""
    refusals: list[Refusal] = []
    texts = {name: _text(cells.get(name)) for name in (ACTION, SITE, LABEL, IPE)}
    action = ACTIONS.get(tuple(plain_words(texts[ACTION])))
    if action is None:
        expected = "«\u00a0A créer\u00a0», «\u00a0A supprimer\u00a0», ou rien"
        refusals.append(Refusal(ACTION, texts[ACTION], "cette action n’existe pas", expected))
    finess = ""
    if texts[SITE]:
        try:
            finess = normalize_finess(cells[SITE])
        except IdentifierError as refusal:
            refusals.append(Refusal(SITE, refusal.value, refusal.reason, refusal.expected))
    for name, most in MOST.items():
        if len(texts[name]) > most:
            short = f"{texts[name][:40]}…"
            refusals.append(Refusal(name, short, "trop long", f"{most} caractères au plus"))
    return Typed(action or Action.KEEP, finess, texts[LABEL], texts[IPE]), refusals


def _text(value: object) -> str:
    return "" if value is None else re.sub(r"\s+", " ", str(value).replace("\x00", "")).strip()


class Around:
    """What a line is checked against: the sites named, and the pharmacies already in the list."""

    def __init__(self, region_code: str, lines: Iterable[OnboardingLine], finess: Iterable[str]):
        self.region_code = region_code
        rows = Establishment.objects.filter(finess__in={one for one in finess if one})
        self.sites = {one.finess: one for one in rows.select_related("legal_entity", "category")}
        self.numbers: set[str] = set()
        self.taken: dict[tuple[str, str], int] = {}
        self.held: dict[int, tuple[str, str]] = {}
        for line in lines:
            self.numbers |= {one.finess for one in (line.legal_entity, line.establishment) if one}
            self.take(line, typed_of(line))

    def take(self, line: OnboardingLine | None, typed: Typed) -> None:
        """A line holds a pharmacy; a deleted one leaves it to another."""
        number = line.pk if line else 0
        if former := self.held.pop(number, None):
            self.taken.pop(former, None)
        if typed.finess and typed.label and typed.action != Action.DELETE:
            self.taken[typed.key] = number
            if number:
                self.held[number] = typed.key

    def refusals(self, line: OnboardingLine | None, typed: Typed) -> Iterator[Refusal]:
        """Why a line cannot hold that; ``line`` is none for one to add."""
        if line is not None and line.validated_at:
            yield from _of_validated(line, typed)
        is_added = line is None or OnboardingLine.Source.ARS in line.sources
        if typed.action == Action.CREATE and not is_added:
            reason = "cet établissement est déjà dans la liste"
            expected = "rien pour le garder, ou une autre ligne pour une deuxième PUI"
            yield Refusal(ACTION, "A créer", reason, expected)
        if line is None and typed.action != Action.CREATE:
            said = Action(typed.action).label if typed.action else ""
            yield Refusal(ACTION, said, "la ligne n’est pas dans la liste", "«\u00a0A créer\u00a0»")
        if typed.action == Action.CREATE:
            yield from _missing(typed)
        if typed.finess:
            yield from self._of_site(typed)
            yield from self._of_entity(line, typed)
        number = line.pk if line else None
        if typed.action != Action.DELETE and self.taken.get(typed.key, number) != number:
            reason = "une autre ligne de la liste a ce site et ce libellé"
            yield Refusal(LABEL, typed.label, reason, "un libellé par PUI")

    def _of_site(self, typed: Typed) -> Iterator[Refusal]:
        site = self.sites.get(typed.finess)
        expected = "le FINESS géographique (ET) du site de la PUI, dans votre région"
        if site is None:
            yield Refusal(SITE, typed.finess, "aucun établissement n’a ce numéro", expected)
        elif not site.is_open:
            yield Refusal(
                SITE, typed.finess, f"fermé depuis le {site.closed_on:%d/%m/%Y}", expected
            )
        elif site.region_id != self.region_code:
            yield Refusal(SITE, typed.finess, f"{site.name} n’est pas dans la région", expected)

    def _of_entity(self, line: OnboardingLine | None, typed: Typed) -> Iterator[Refusal]:
        """A pharmacy of the register does not go from an entity to another: that of a group (GCS),
        entered at its host's, closes, and another one opens [001]."""
        pui, site = line.pui if line else None, self.sites.get(typed.finess)
        if not (pui and pui.is_open and site) or typed.action == Action.DELETE:
            return
        if pui.establishment.legal_entity_id != site.legal_entity_id:
            reason = f"la PUI {pui} du registre est celle d’une autre entité juridique"
            expected = (
                "un site de la même entité\u00a0; sinon marquez cette ligne «\u00a0A supprimer"
                "\u00a0» et ajoutez une ligne «\u00a0A créer\u00a0»"
            )
            yield Refusal(SITE, typed.finess, reason, expected)


def _missing(typed: Typed) -> Iterator[Refusal]:
    if not typed.finess:
        yield Refusal(SITE, "", "il manque", "le FINESS géographique du site de la PUI")
    if not typed.label:
        yield Refusal(LABEL, "", "il manque", "le libellé, par exemple «\u00a0PUI CH Blois\u00a0»")


def _of_validated(line: OnboardingLine, typed: Typed) -> Iterator[Refusal]:
    """A validated line is in the register: it can still be marked, once its pharmacy closes."""
    is_marked = typed.action == Action.DELETE and line.action != Action.DELETE
    if not is_marked:
        reason = "cette ligne est déjà validée"
        expected = "«\u00a0A supprimer\u00a0», ou la fiche de la PUI pour la corriger"
        yield Refusal(ACTION, line.label, reason, expected)
