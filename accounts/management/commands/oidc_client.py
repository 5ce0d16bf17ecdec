"""The applications that log people in here: register, list, change the secret, close."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import OidcApplication
from accounts.services.applications import ApplicationError, close, register, renew_secret


class Command(BaseCommand):
    help = "Enregistre, liste ou ferme les applications qui se connectent par PASREL."

    def add_arguments(self, parser):
        actions = parser.add_subparsers(dest="action", required=True)
        new = actions.add_parser("create", help="enregistre une application, donne son secret")
        new.add_argument("name", help="le nom que les personnes liront")
        new.add_argument("--redirect-uri", action="append", required=True, dest="redirect_uris")
        new.add_argument("--leave-uri", action="append", default=[], dest="logout_uris")
        new.add_argument("--action-allowed", action="append", default=[], dest="actions")
        new.add_argument("--role-allowed", action="append", default=[], dest="roles")
        new.add_argument("--backchannel-logout-uri", default="", dest="logout_uri")
        new.add_argument("--ours", action="store_true", dest="is_ours", help="sans consentement")
        new.add_argument("--public", action="store_true", dest="is_public", help="sans secret")
        actions.add_parser("list", help="les applications, ouvertes et fermées")
        for name, text in (("secret", "change le secret"), ("close", "ferme l’application")):
            actions.add_parser(name, help=text).add_argument("client_id")

    def handle(self, *args, action, **options):
        try:
            getattr(self, action)(options)
        except ApplicationError as error:
            raise CommandError(str(error)) from error

    def create(self, options):
        names = ("name", "redirect_uris", "logout_uris", "actions", "roles", "logout_uri")
        asked = {name: options[name] for name in (*names, "is_ours", "is_public")}
        application, secret = register(**asked)
        self.stdout.write(f"{application} est enregistrée.\nclient_id      {application.client_id}")
        if secret:
            self.show(secret)

    def list(self, options):
        for one in OidcApplication.objects.select_related("client"):
            state = "ouverte"
            if one.revoked_at:
                state = f"fermée le {timezone.localtime(one.revoked_at):%d/%m/%Y}"
            rule = ", ".join([*one.actions, *one.roles])
            self.stdout.write(f"{one.client_id}  {one}  {state}  [{rule}]")
            for address in one.client.get_redirect_uris():
                self.stdout.write(f"    {address}")

    def secret(self, options):
        self.show(renew_secret(self.found(options)))

    def close(self, options):
        application = self.found(options)
        people = close(application)
        self.stdout.write(f"{application} est fermée\u00a0; {people} personne(s) y étaient.")

    def found(self, options) -> OidcApplication:
        found = OidcApplication.objects.select_related("client")
        application = found.filter(client=options["client_id"]).first()
        if application is None:
            raise CommandError(
                "Aucune application n’a ce client_id\u00a0: voyez « oidc_client list »."
            )
        return application

    def show(self, secret: str) -> None:
        self.stdout.write(
            f"client_secret  {secret}\nIl ne sera plus montré\u00a0: gardez-le maintenant."
        )
