"""The keys that sign what PASREL tells applications."""

from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.identity.keys import forget_expired, rotate, signing_keys
from journal.services import record


class Command(BaseCommand):
    help = "Liste les clés de signature, en fait une nouvelle, efface celles qui ont expiré."

    def add_arguments(self, parser):
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="les clés et leurs dates")
        new = actions.add_parser("new", help="une nouvelle clé, publiée avant de signer")
        new.add_argument(
            "--at-once",
            action="store_true",
            help="une clé a fui : la nouvelle signe aussitôt, les autres ne sont plus reconnues",
        )
        actions.add_parser("clean", help="efface les fichiers des clés expirées")

    def handle(self, *args, action, at_once=False, **options):
        if action != "list" and settings.OIDC_KEYS:
            raise CommandError(
                "Les clés viennent de la variable OIDC_KEYS\u00a0: changez-la là où elle est tenue."
            )
        if action == "new":
            key = rotate(at_once=at_once)
            record("account.signing_key_made", by=None, target=key.number, at_once=at_once)
            self.stdout.write(
                f"Clé {key.number} faite\u00a0: elle signe à partir du {moment(key.not_before)}."
            )
        elif action == "clean":
            self.stdout.write(f"{forget_expired()} clé(s) expirée(s) effacée(s).")
        self.tell()

    def tell(self):
        now = timezone.now()
        for key in signing_keys():
            if key.expires_at and key.expires_at <= now:
                state = "expirée"
            elif key.not_before and key.not_before > now:
                state = "publiée, ne signe pas encore"
            else:
                state = "en service"
            until = f", jusqu’au {moment(key.expires_at)}" if key.expires_at else ""
            self.stdout.write(f"{key.number}  faite le {moment(key.issued_at)}{until}  {state}")


def moment(at: datetime | None) -> str:
    """In Paris, as the other hours that people read."""
    return f"{timezone.localtime(at):%d/%m/%Y à %H\u00a0h\u00a0%M}"
