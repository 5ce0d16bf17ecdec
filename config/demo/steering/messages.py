"""Messages to roles and territories: the notes of the season, some read, some with a file."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from fpdf import FPDF

from accounts.models import User
from common.exports import template_workbook
from common.weeks import PARIS
from config.demo.country import FIRST_REGION, SEED
from config.demo.people import ADDRESS
from steering.messages.audience import reached_by
from steering.messages.files import check_file
from steering.models import Message, Reading
from steering.services.message_files import join_files
from steering.services.message_rules import Content
from steering.services.messages import (
    correct_message,
    send_message,
    start_message,
    withdraw_message,
)

CELL, AGENCY = "national", "ars"
ACTION, INFORMATION = Message.Nature.ACTION, Message.Nature.INFORMATION
HOUR = time(9, 15)


@dataclass(frozen=True, slots=True)
class Note:
    """A message of so many days ago; ``applies``, ``due`` and ``shown`` count days from today.

    ``read`` of a hundred recipients opened it, ``done`` of these took it into account; ``unread``
    are accounts of the demonstration that did not.
    """

    days: int
    nature: str
    title: str
    body: str
    roles: tuple[str, ...]
    read: int
    done: int = 0
    applies: int | None = None
    due: int | None = None
    shown: int | None = None
    author: str = CELL
    regions: tuple[str, ...] = ()
    file: str = ""
    unread: tuple[str, ...] = field(default_factory=tuple)


NOTES = (
    Note(
        70, ACTION, "Vérifier la liste des pharmacies à usage intérieur de votre région",
        "La liste des établissements qui disposent d’une PUI est prête pour votre région.\n\n"
        "Pour chaque ligne, dites\u00a0:\n\n"
        "- s’il manque une PUI\u00a0: «\u00a0A créer\u00a0», avec le FINESS "
        "géographique et le libellé\u00a0;\n"
        "- si l’établissement n’en a pas\u00a0: «\u00a0A supprimer\u00a0».\n\n"
        "Les établissements desservis par la PUI d’un autre n’ont pas besoin d’accès.",
        ("ARA",), 100, done=80, due=-40,
    ),
    Note(
        52, INFORMATION, "Un compte, un profil\u00a0: ce qu’il faut demander",
        "Créer son compte ne suffit pas\u00a0: il faut ensuite **demander un profil** sur son "
        "établissement, par son numéro FINESS.\n\n"
        "La page «\u00a0Pourquoi n’ai-je pas accès\u00a0?\u00a0» dit l’étape qui "
        "manque et qui peut agir.",
        ("GF", "OIE", "OCE", "APE"), 92, shown=-5,
    ),
    Note(
        33, INFORMATION, "Interruption du service dimanche matin",
        "Le service sera interrompu dimanche de 6 h à 8 h.", ("GF", "OIE", "OCE", "APE", "ARA"),
        70,
    ),
    Note(
        21, INFORMATION, "Seuils de couverture des équipements de protection",
        "La classe d’un équipement se lit sur ses jours de couverture\u00a0:\n\n"
        "1. rupture\u00a0: moins de 1 jour\u00a0;\n2. critique\u00a0: moins de 5 jours\u00a0;\n"
        "3. tendue\u00a0: moins de 21 jours.",
        ("OIE", "ARA", "ARL.epi_stock", "DEP"), 75,
    ),
    Note(
        12, INFORMATION, "Permanence pharmaceutique de la région ce mois-ci",
        "La permanence répond chaque jour de 8 h à 20 h, week-end compris.\n\n"
        "# Quand l’appeler\n\n"
        "- une rupture sous 24 heures sur une molécule de réanimation\u00a0;\n"
        "- un dépannage à organiser avec un autre établissement.\n\n"
        "Pour tout le reste, la page [Entraide](/entraide/) suffit.",
        ("GF", "APE"), 60, author=AGENCY, regions=(FIRST_REGION,),
    ),
    Note(
        8, INFORMATION, "Comment déclarer les gants par taille",
        "Deux boutons ouvrent le détail des gants dans l’inventaire\u00a0:\n\n"
        "- **gants médicaux** (non stériles)\u00a0: XS, S, M, L, XL\u00a0;\n"
        "- **gants chirurgicaux** (stériles)\u00a0: de 5,5 à 9, par demi-taille.\n\n"
        "Le total se calcule seul. Une case vide veut dire «\u00a0sans objet\u00a0»\u00a0; "
        "un stock "
        "nul se saisit 0.",
        ("OIE",), 55, file="xlsx",
    ),
    Note(
        4, INFORMATION, "Ouverture des commandes de surblouses sur le stock de l’État",
        "Les surblouses sont en tension\u00a0: le stock de l’État est ouvert, gratuit, "
        "dans la limite "
        "de votre contingent de la semaine.\n\n"
        "Votre contingent et son calcul sont dans [Distrilog-Santé](/distrilog/).",
        ("OCE", "ARA"), 48, unread=("commande",),
    ),
    Note(
        3, ACTION, "Répartition des masques FFP2\u00a0: avis des ARS attendu",
        "Une proposition de répartition des masques FFP2 est prête.\n\n"
        "Vérifiez les établissements de votre région, puis dites-nous vos ajustements avant la "
        "date limite\u00a0: ensuite, elle sera publiée telle quelle.",
        ("ARA",), 60, done=35, due=4, file="xlsx", unread=("ars2",),
    ),
    Note(
        1, ACTION, "Deux transmissions par semaine pour les médicaments de réanimation",
        "La tension sur les médicaments de réanimation demande des stocks plus frais.\n\n"
        "# Ce qui change\n\n"
        "- la liste «\u00a0Autres médicaments\u00a0» se transmet **deux fois par semaine**\u00a0;\n"
        "- les deux jours attendus sont sur votre page d’accueil.\n\n"
        "# Pourquoi\n\n"
        "Ces stocks servent à répartir les molécules prioritaires et à organiser les dépannages. "
        "Une PUI qui ne déclare pas ne peut pas être servie sur le stock de l’État.\n\n"
        "Le [manuel](/aide/) décrit la transmission par fichier.",
        ("GF", "ARA", "OMD"), 52, done=60, applies=0, due=9, file="pdf",
        unread=("gf", "multi", "ars"),
    ),
)  # fmt: skip


@transaction.atomic
def build_messages() -> None:
    """Nothing is sent twice."""
    if Message.objects.exists():
        return
    random = Random(SEED + 75)  # noqa: S311
    for note in NOTES:
        _tell(note, random)
    _correct()
    _withdraw()
    _draft()


def _tell(note: Note, random: Random) -> Message:
    author = _person(note.author)
    moment = _at(note.days)
    message = start_message(by=author, content=_content(note, author))
    if note.file:
        join_files(by=author, message=message, files=[check_file(FILES[note.file]())])
        message.refresh_from_db()
    message, _ = send_message(by=author, message=message, seen=message.version, now=moment)
    _read(message, note, moment, random)
    return message


def _content(note: Note, author: User) -> Content:
    number = Message.objects.filter(sender=author.active_profile.body).count() + 1
    head = "STOCKS" if note.author == CELL else author.active_profile.body.name
    return Content(
        reference=f"{head} N°{_at(note.days).year}-{number}",
        nature=note.nature,
        title=note.title,
        body=note.body,
        signature=f"{author}, {author.active_profile.body}",
        apply_on=_day(note.applies),
        due_on=_day(note.due),
        shown_until=_day(note.shown),
        roles=list(note.roles),
        is_countrywide=not note.regions,
        region_codes=list(note.regions),
    )


def _read(message: Message, note: Note, moment: datetime, random: Random) -> None:
    """Some opened it in the hours that followed, and answered the same day."""
    waiting = [f"{one}{ADDRESS}" for one in note.unread]
    most = timezone.now() - moment
    for profile in reached_by(message).exclude(user__email__in=waiting).order_by("pk"):
        if random.randrange(100) >= note.read:
            continue
        at = moment + most * random.random()
        one = Reading.objects.create(message=message, profile=profile)
        done = at if random.randrange(100) < note.done else None
        # the database says now: the day of the reading is said afterwards
        Reading.objects.filter(pk=one.pk).update(read_at=at, acknowledged_at=done)


def _correct() -> None:
    """The threshold of the note was wrong."""
    first = Message.objects.get(title__startswith="Seuils de couverture")
    author = _person(CELL)
    draft = correct_message(by=author, message=first)
    Message.objects.filter(pk=draft.pk).update(
        body="Le seuil «\u00a0critique\u00a0» est de **7 jours**, et non de 5\u00a0:\n\n"
        "1. rupture\u00a0: moins de 1 jour\u00a0;\n2. critique\u00a0: moins de 7 jours\u00a0;\n"
        "3. tendue\u00a0: moins de 21 jours."
    )
    send_message(by=author, message=draft, seen=draft.version, now=_at(19))


def _withdraw() -> None:
    message = Message.objects.get(title__startswith="Interruption du service")
    withdraw_message(
        by=_person(CELL), message=message, reason="L’interruption n’a plus lieu d’être."
    )


def _draft() -> None:
    author = _person(CELL)
    number = Message.objects.filter(sender=author.active_profile.body).count() + 1
    start_message(
        by=author,
        content=Content(
            reference=f"STOCKS N°{timezone.localdate().year}-{number}",
            title="Campagne antigrippale\u00a0: demandes des PUI",
            body="Les demandes de la saison se saisissent par PUI.",
            roles=["GF"],
            is_countrywide=True,
        ),
    )


def _person(key: str) -> User:
    found: User = User.objects.get(email=f"{key}{ADDRESS}")
    return found


def _at(days: int) -> datetime:
    """So many days ago, in the morning; not later than now."""
    day = timezone.localdate() - timedelta(days=days)
    return min(datetime.combine(day, HOUR, PARIS), timezone.now())


def _day(days: int | None) -> date | None:
    return None if days is None else timezone.localdate() + timedelta(days=days)


def _pdf() -> SimpleUploadedFile:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=14)
    page.multi_cell(0, 8, "Calendrier des transmissions\n\nPremier jour\u00a0: lundi, avant 18 h.\n"
                          "Second jour\u00a0: jeudi, avant 18 h.")  # fmt: skip
    return SimpleUploadedFile("calendrier-des-transmissions.pdf", bytes(page.output()))


def _workbook() -> SimpleUploadedFile:
    content = template_workbook(
        ("Article", "Taille", "Stock utilisable restant (en unité)"),
        [("Gants médicaux", size, None) for size in ("XS", "S", "M", "L", "XL")],
        ["Une ligne par taille.", "Une case vide veut dire «\u00a0sans objet\u00a0»."],
    )
    return SimpleUploadedFile("modele.xlsx", content)


FILES = {"pdf": _pdf, "xlsx": _workbook}
