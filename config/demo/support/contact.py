"""Requests for assistance: `/aide/contact/`, in every state, of every kind of person.

Each has a token of its own, made from its title: a second build changes nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import User
from common.photos import Drawn, draw_again
from config.demo.people import ADDRESS
from establishments.models import AdministrativeBody, Region
from support.models import MailboxChange, Subject, Ticket
from support.services.conversation import Message, answer, note, write_again
from support.services.handling import merge, set_priority, take, transfer
from support.services.mailboxes import change_mailbox
from support.services.settling import close, rate
from support.services.tickets import Asked, Asker, open_ticket

Kind = AdministrativeBody.Kind
BOXES = {
    Kind.SPF: "commandes-vaccins@spf.example",
    Kind.NATIONAL: "cellule-nationale@sante.example",
}
NORTH = "Bretagne"


@dataclass(frozen=True, slots=True)
class Scene:
    """A request of so many hours ago; ``said`` is what followed: who, what, the state after."""

    by: str
    subject: str
    title: str
    text: str
    hours: int
    said: tuple[tuple[str, str, str], ...] = ()
    is_blocking: bool = False
    page: str = ""
    incident: str = ""
    shows: bool = False
    asker: Asker | None = None
    answers: dict[str, str] = field(default_factory=dict)
    taken_by: str = ""
    rating: int = 0


def scenes() -> list[Scene]:
    """What an ordinary fortnight brings."""
    return [*of_people(), *of_visitors()]


def of_people() -> list[Scene]:
    return [
        Scene("epi", "panne", "La grille de l’inventaire reste grise",
              "Depuis ce matin, les cases des gants ne se laissent plus remplir. J’ai rechargé la "
              "page deux fois.", 3, is_blocking=True, page="/epi-stocks/",
              incident="4f2a9c01be77", shows=True),
        Scene("epi", "panne", "Toujours les cases grises",
              "Même chose que ce matin, sur l’autre site.", 2),
        Scene("gf", "vaccins", "Livraison du 16 incomplète",
              "Il manque un carton sur la livraison annoncée pour cette semaine.", 30,
              answers={"Nom de la PUI": "PUI centrale, Hôpital Nord du Val de Brenne",
                       "EHPAD ou USLD destinataire": "EHPAD Résidence du Parc"}),
        Scene("gf", "medicaments", "Un médicament suivi n’est pas dans la liste",
              "Le curare que nous utilisons n’apparaît pas dans la grille de saisie.", 75,
              said=(("support", "Quel est son code UCD, ou son nom complet\u00a0?", "waiting"),)),
        Scene("commande", "commandes", "Changer l’adresse d’une commande transmise",
              "La commande partira vendredi, mais le quai sera fermé.", 100,
              said=(("support", "Tant que la commande n’est pas remise à l’entrepôt, ouvrez-la et "
                     "choisissez «\u00a0Modifier\u00a0».", "resolved"),), rating=3),
        Scene("commande", "contingent", "Contingent de surblouses trop juste",
              "Nous avons ouvert une unité de douze lits depuis le dernier calcul.", 55,
              taken_by="ars"),
        Scene("ehpad", "habilitations", "Remplacer l’APE parti à la retraite",
              "Notre administrateur est parti vendredi, personne ne peut plus décider.", 120,
              said=(("ars", "Demandez ce rôle depuis «\u00a0Mes profils\u00a0»\u00a0: "
                     "je l’accorde dans la journée.", "waiting"),
                    ("ehpad", "C’est fait, la demande est envoyée.", ""),
                    ("ars", "Accordé. Bonne prise de fonctions.", "resolved")), rating=2),
        Scene("ehpad", "epi-regles", "Compter les masques donnés par la mairie",
              "Faut-il les mettre en stock ou en livraison\u00a0?", 26),
        Scene("ape", "habilitations", "Deux demandes du même agent",
              "Il a demandé deux fois le même profil, laquelle refuser\u00a0?", 400,
              said=(("ars", "Refusez la plus récente\u00a0: l’autre suffit.", "resolved"),)),
        Scene("omedit", "autre", "Exporter les besoins par département",
              "Peut-on avoir ce tableau par département et non par PUI\u00a0?", 190,
              said=(("support", "Oui\u00a0: choisissez «\u00a0Par département\u00a0», au-dessus "
                     "du tableau.",
                     "resolved"),), rating=1),
        Scene("ars2", "panne", "Le fichier des établissements est trop lourd",
              "L’envoi s’arrête avant la fin.", 20, taken_by="support"),
        Scene("nouveau", "habilitations", "Je ne vois aucun menu",
              "Mon compte est ouvert, mais je ne peux rien faire.", 5),
    ]  # fmt: skip


def of_visitors() -> list[Scene]:
    region = Region.objects.filter(name=NORTH).first()
    return [
        Scene("", "connexion", "Mot de passe refusé", "Le mot de passe envoyé ne marche pas. Rien "
              "ne se passe quand je valide.", 4, is_blocking=True, shows=True,
              asker=Asker("lea.martin@ehpad-des-pins.example", "Léa Martin", "02 00 00 00 12",
                          "EHPAD des Pins, Vannes", region=region, identifier="ES-350990018")),
        Scene("", "connexion", "Aucun courriel de confirmation",
              "J’ai créé un compte hier et je n’ai rien reçu.", 50,
              said=(("support", "Votre messagerie a mis le courriel en attente\u00a0: il vient "
                     "d’être renvoyé. L’avez-vous reçu\u00a0?", "waiting"),),
              asker=Asker("p.noel@clinique.example", "Pierre Noël", place="Clinique du Lac")),
        Scene("", "etablissement", "Notre résidence n’est pas dans la liste",
              "Elle a ouvert en septembre, et son numéro FINESS n’est pas reconnu.", 210,
              asker=Asker("direction@residence-neuve.example", "Anne Leroy", region=region)),
        Scene("", "autre", "Offre exceptionnelle", "Achetez nos masques à prix réduit dès "
              "aujourd’hui.", 70, asker=Asker("vente@masques-pas-chers.example", "Vente")),
    ]  # fmt: skip


def build_contact() -> None:
    _write_mailboxes()
    if Ticket.objects.exists():
        return
    tickets = {one.title: _build(one) for one in scenes()}
    support, ars = _person("support"), _person("ars")
    twins = "Toujours les cases grises", "La grille de l’inventaire reste grise"
    merge(by=support, ticket=tickets[twins[0]], into=tickets[twins[1]].pk)
    close(by=support, ticket=tickets["Offre exceptionnelle"], reason="Publicité, sans question.")
    transfer(by=ars, ticket=tickets["Deux demandes du même agent"], service="support", region=None,
             reason="La personne signale aussi une page qui ne s’affiche pas.")  # fmt: skip
    set_priority(by=support, ticket=tickets["Mot de passe refusé"], priority=4)
    said = "Le service technique regarde\u00a0: même panne sur deux sites."
    note(by=support, ticket=tickets[twins[1]], message=Message(said, _token(said)))


def _write_mailboxes() -> None:
    national = _person("national")
    for kind, box in BOXES.items():
        body = AdministrativeBody.objects.filter(kind=kind).order_by("pk").first()
        if body and not MailboxChange.objects.filter(body=body).exists():
            change_mailbox(by=national, body=body, mailbox=box)


def _build(scene: Scene) -> Ticket:
    opened = timezone.now() - timedelta(hours=scene.hours)
    person = _person(scene.by) if scene.by else None
    asked = Asked(
        subject=Subject.objects.get(slug=scene.subject),
        text=scene.text,
        title=scene.title,
        is_blocking=scene.is_blocking,
        page=scene.page,
        incident=scene.incident,
        answers=scene.answers,
        screenshots=[_screen(scene.title)] if scene.shows else [],
    )
    ticket = open_ticket(
        by=person, asked=asked, token=_token(scene.title), asker=scene.asker, now=opened
    )
    if scene.taken_by:
        take(by=_person(scene.taken_by), ticket=ticket, seen=None, now=opened + timedelta(hours=2))
    for turn, (who, text, then) in enumerate(scene.said, start=1):
        _say(scene, ticket, turn, (who, text, then), opened)
    if scene.rating:
        rate(by=person, ticket=ticket, rating=scene.rating)
    return ticket


def _say(
    scene: Scene, ticket: Ticket, turn: int, said: tuple[str, str, str], opened: datetime
) -> None:
    who, text, then = said
    share = scene.hours / (len(scene.said) + 1)
    message, at = Message(text, _token(text)), opened + timedelta(hours=share * turn)
    if who == scene.by:
        write_again(by=_person(who), ticket=ticket, message=message, now=at)
    else:
        answer(by=_person(who), ticket=ticket, message=message, then=then, now=at)


def _person(key: str) -> User:
    person: User = User.objects.get(email=f"{key}{ADDRESS}")
    return person


def _token(text: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"demande {text}")


def _screen(title: str) -> Drawn:
    """A plain screen with a sentence on it."""
    image = Image.new("RGB", (960, 540), "#f6f6f6")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 960, 60), fill="#000091")
    pen.rectangle((60, 140, 900, 460), outline="#929292", width=3)
    pen.text((90, 170), title.encode("ascii", "ignore").decode(), fill="#161616")
    file = BytesIO()
    image.save(file, "PNG")
    return draw_again(SimpleUploadedFile("ecran.png", file.getvalue(), "image/png"))
