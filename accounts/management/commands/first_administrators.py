"""Open the first two national accounts of a deployment, and send each its link."""

from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.services.errors import AccountError
from accounts.services.national import Person, create_national_accounts, send_password_link


class Command(BaseCommand):
    help = (
        "Ouvre les deux premiers comptes nationaux et envoie à chacun un lien pour choisir son mot "
        "de passe. Relancée avec les mêmes adresses, renvoie le lien à qui n’en a pas encore."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "people",
            nargs=2,
            metavar="ADRESSE",
            help="adresse, ou « Prénom Nom <adresse> »",
        )

    def handle(self, *args, people, **options):
        try:
            users = create_national_accounts([read_person(text) for text in people])
        except AccountError as refusal:
            raise CommandError(str(refusal)) from refusal
        for user in users:
            if user.has_usable_password():
                self.stdout.write(f"{user.email} : compte national, mot de passe déjà choisi.")
                continue
            send_password_link(user)
            self.stdout.write(f"{user.email} : compte national, lien envoyé, valable 72 heures.")


def read_person(text: str) -> Person:
    """« Marie Dupont <m.dupont@sante.example> » or the address alone."""
    name, address = parseaddr(text)
    try:
        validate_email(address)
    except ValidationError:
        raise CommandError(f"« {text} » n’est pas une adresse électronique.") from None
    first_name, _, last_name = name.partition(" ")
    return Person(address.lower(), first_name, last_name.strip())
