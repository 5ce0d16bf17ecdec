"""Build the demonstration world, or tell tools what it holds."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from accounts.models import Profile
from common.weeks import current_week, week_label
from config.demo.administration import build_administration
from config.demo.aid import build_aid
from config.demo.country import build_country
from config.demo.equipment_aid import build_equipment_aid
from config.demo.feeds import build_feeds
from config.demo.history import build_history, declared_weeks
from config.demo.national import (
    PHARMACIES,
    PLACES,
    WEEKS,
    build_nation,
    build_national_pharmacies,
    build_places,
)
from config.demo.onboarding import build_onboarding
from config.demo.orders import build_orders
from config.demo.orders.logistics import folders, tokens
from config.demo.people import PASSWORD, build_people, people_to_try
from config.demo.pharmacies import DUE_DAYS, build_pharmacies, declare, open_pharmacies
from config.demo.sharing import build_sharing
from config.demo.steering import build_steering
from config.demo.support import build_support
from config.demo.vaccines_corrections import build_line_reports
from config.demo.vaccines_flu import build_flu
from config.demo.vaccines_national import build_national_lines
from config.demo.vaccines_needs import build_supply_examples
from config.demo.vaccines_waves import build_waves
from config.demo_accounts import describe
from epi_stocks.summaries.refresh import refresh_weeks
from establishments.models import Establishment
from medications.models import MonitoredList
from pui.models import Pui


class Command(BaseCommand):
    help = "Construit le monde fictif de la démonstration ; relancée, elle ajoute ce qui manque."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="décrit le monde, pour un outil")
        parser.add_argument("--accounts", action="store_true", help="liste les comptes")
        parser.add_argument("--finess", type=Path, help="ajoute une vraie extraction FINESS")
        parser.add_argument("--scale", choices=["small", "national"], default="small")
        parser.add_argument(
            "--only",
            choices=["epi", "medicines", "vaccines", "orders", "help"],
            help="une application",
        )
        parser.add_argument("--places", type=int, default=PLACES, help="nombre d’établissements")
        parser.add_argument("--weeks", type=int, default=None, help="nombre de semaines")

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("La démonstration demande la variable DEMO=1.")
        if options["json"]:
            self.stdout.write(json.dumps(manifest(), ensure_ascii=False, indent=2))
        elif options["accounts"]:
            self._list_accounts()
        else:
            self._build(options)

    def _build(self, options):
        call_command("load_reference", stdout=self.stdout)
        if options["finess"]:
            call_command("import_finess", options["finess"], apply=True, stdout=self.stdout)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            build_country()
            build_people()
            build_administration()
        is_national = options["scale"] == "national"
        if is_national:
            build_places(options["places"])
        if options["only"] in (None, "epi"):
            self._build_equipment(options, is_national)
        if options["only"] in (None, "medicines"):
            self._build_medicines(options["weeks"], is_national)
        if options["only"] in (None, "vaccines"):
            self._build_vaccines(is_national)
        if options["only"] in (None, "orders"):
            self.stdout.write(f"{build_orders()} bénéficiaires du stock de l’État.")
        if options["only"] in (None, "help") and not is_national:
            build_steering()
            build_support()
        sites = Establishment.objects.count()
        self.stdout.write(
            f"Le monde compte {sites} établissements et {declared_weeks()} inventaires."
        )

    def _build_equipment(self, options, is_national):
        if is_national:
            filled = build_nation(places=options["places"], weeks=options["weeks"] or WEEKS)
        else:
            filled = build_history(options["weeks"] or 12)
        for week in filled:
            refresh_weeks([week])
        if not is_national:
            build_equipment_aid()

    def _build_medicines(self, weeks, is_national):
        if is_national:
            pharmacies = build_national_pharmacies(due_days=weeks or WEEKS)
        else:
            pharmacies = build_pharmacies(due_days=weeks or DUE_DAYS)
        self.stdout.write(f"{pharmacies} PUI ont déclaré leurs stocks.")
        build_onboarding()
        build_sharing()
        build_aid()
        build_feeds()
        build_flu()

    def _build_vaccines(self, is_national):
        """On the pharmacies that are there, or on new ones with stocks of vaccines."""
        if not Pui.objects.exists():
            open_pharmacies(PHARMACIES if is_national else None)
            for monitored_list in MonitoredList.objects.exclude(pk=MonitoredList.Slug.OTHERS):
                declare(monitored_list, DUE_DAYS)
        lines = build_waves()
        if is_national:
            lines = build_national_lines()
        self.stdout.write(f"{lines} lignes d’approvisionnement en vaccins.")
        if not is_national:
            build_supply_examples()
        build_line_reports()

    def _list_accounts(self):
        self.stdout.write(f"Semaine {week_label(current_week())}. Mot de passe : {PASSWORD}")
        for user in people_to_try():
            profiles = describe(user.profiles.all())
            self.stdout.write(f"  {user.email:<32} {user.get_full_name()} : {profiles}")


def manifest() -> dict:
    """What a tool needs to log in and look: week, accounts with their profiles, folders."""
    return {
        "week": current_week().isoformat(),
        "accounts": [
            {
                "email": user.email,
                "password": PASSWORD,
                "profiles": [_described(profile) for profile in user.profiles.all()],
            }
            for user in people_to_try()
        ],
        "api_tokens": tokens(),
        "folders": {
            "mail": _relative(settings.EMAIL_FOLDER),
            "logistics": {code: _relative(path) for code, path in folders().items()},
        },
    }


def _described(profile: Profile) -> dict:
    entity = profile.entity
    return {
        "entity": profile.finess or entity.name,
        "entity_type": type(entity).__name__,
        "region": entity.region_id,
        "state": profile.state,
        "habilitations": [
            {"domain": one.domain, "role": one.role, "state": one.state}
            for one in profile.habilitations.all()
        ],
    }


def _relative(path: Path) -> str:
    return (
        str(path.relative_to(settings.BASE_DIR))
        if path.is_relative_to(settings.BASE_DIR)
        else str(path)
    )
