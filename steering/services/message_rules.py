"""What a message must be: complete before it leaves, and within the reach of who writes it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date

from django.db.models import Count

from accounts.models import User
from common.markup import LONGEST
from establishments.models import AdministrativeBody, Department, EstablishmentCategory, Region
from establishments.perimeter import Action
from steering.messages.audience import reached_by
from steering.messages.roles import KEYS, TERRITORIAL_KEYS
from steering.models import Message

Nature = Message.Nature
LONGEST_REASON = 500
RECIPIENTS = ("roles", "category_codes", "is_countrywide", "region_codes", "department_codes")
NOBODY = (
    "Personne ne recevrait ce message\u00a0: aucune habilitation en cours ne répond à ces "
    "destinataires."
)


class MessageError(Exception):
    """Nothing was written. The message is for the person, in French."""


class MessageChangedError(MessageError):
    """Somebody changed the draft since the page was shown."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is typed of a message; ``roles``, ``regions``… are keys and codes."""

    reference: str
    nature: str = Nature.INFORMATION
    title: str = ""
    body: str = ""
    signature: str = ""
    apply_on: date | None = None
    due_on: date | None = None
    shown_until: date | None = None
    is_urgent: bool = False
    by_mail: bool = False
    roles: list[str] = field(default_factory=list)
    category_codes: list[str] = field(default_factory=list)
    is_countrywide: bool = False
    region_codes: list[str] = field(default_factory=list)
    department_codes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people a message reaches, and in how many places."""

    people: int
    sites: int
    bodies: int

    @property
    def places(self) -> int:
        return self.sites + self.bodies


def sender_of(user: User) -> AdministrativeBody | None:
    """The body that the profile in use writes for."""
    profile = user.active_profile
    body: AdministrativeBody | None = profile.body if profile else None
    return body if user.may(Action.MSG_SEND) else None


def reach_of(message: Message) -> Reach:
    counted = reached_by(message).aggregate(
        people=Count("user", distinct=True),
        establishments=Count("establishment", distinct=True),
        entities=Count("legal_entity", distinct=True),
        bodies=Count("body", distinct=True),
    )
    sites = counted["establishments"] + counted["entities"]
    return Reach(counted["people"], sites, counted["bodies"])


def next_reference(sender: AdministrativeBody, today: date) -> str:
    """« STOCKS N°2026-12 », after the last of the year; an ARS counts under its own name."""
    is_national = sender.kind == AdministrativeBody.Kind.NATIONAL
    head = f"{'STOCKS' if is_national else sender.name[:40]} N°{today.year}-"
    taken = Message.objects.filter(sender=sender, reference__startswith=head)
    numbers = [one.removeprefix(head) for one in taken.values_list("reference", flat=True)]
    last = max((int(one) for one in numbers if one.isascii() and one.isdecimal()), default=0)
    return f"{head}{last + 1}"


def what_is_missing(message: Message, today: date) -> list[str]:
    """Why a draft cannot leave yet, in the order of its form."""
    is_placed = message.is_countrywide or message.region_codes or message.department_codes
    checks = [
        (not message.title, "Écrivez l’objet du message."),
        (not message.body.strip(), "Écrivez le texte du message."),
        (
            message.is_for_action and not (message.apply_on or message.due_on),
            "Un message pour action dit à partir de quand l’appliquer, ou avant quand le faire.",
        ),
        (
            message.due_on is not None and message.due_on < today,
            "La date limite est passée\u00a0: choisissez-en une autre.",
        ),
        (
            message.shown_until is not None and message.shown_until < (message.due_on or today),
            "Le message cesserait d’être affiché avant d’avoir servi\u00a0: changez cette date.",
        ),
        (
            not (message.roles or message.category_codes),
            "Choisissez au moins un rôle, ou une catégorie d’établissements.",
        ),
        (not is_placed, "Choisissez un territoire."),
    ]
    return [sentence for is_so, sentence in checks if is_so]


def fill(message: Message, content: Content) -> None:
    for name, value in asdict(content).items():
        if message.corrects_id is None or name not in RECIPIENTS:
            setattr(message, name, value)
    if message.is_for_action:
        message.by_mail = True
    else:
        message.due_on = None
    if message.is_countrywide:
        message.region_codes, message.department_codes = [], []
    if len(message.body) > LONGEST:
        raise MessageError("Le texte est trop long\u00a0: joignez un document.")
    if message.apply_on and message.due_on and message.due_on < message.apply_on:
        raise MessageError("La date limite vient avant la date d’application.")
    require_reach(message)


def require_reach(message: Message) -> None:
    """An ARS writes to its region alone; keys and codes exist."""
    if set(message.roles) - KEYS:
        raise MessageError("Ce rôle n’existe pas.")
    _require_rows(EstablishmentCategory, message.category_codes, "Cette catégorie n’existe pas.")
    _require_rows(Region, message.region_codes, "Cette région n’existe pas.")
    _require_rows(Department, message.department_codes, "Ce département n’existe pas.")
    if message.is_national:
        return
    own = message.sender.region_id
    departments = Department.objects.filter(region=own).values_list("pk", flat=True)
    is_inside = set(message.region_codes) <= {own} and set(message.department_codes) <= set(
        departments
    )
    if message.is_countrywide or not is_inside:
        raise MessageError("Une ARS écrit à sa région, ou à des départements de sa région.")
    if set(message.roles) - TERRITORIAL_KEYS:
        raise MessageError("Une ARS écrit aux établissements et aux services de sa région.")
    if message.is_urgent:
        raise MessageError("Seule la cellule nationale affiche un bandeau d’urgence.")


def _require_rows(
    model: type[EstablishmentCategory] | type[Region] | type[Department],
    codes: Iterable[str],
    sentence: str,
) -> None:
    wanted = set(codes)
    if wanted and model._default_manager.filter(pk__in=wanted).count() != len(wanted):
        raise MessageError(sentence)
