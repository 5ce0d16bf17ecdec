"""The warehouses of La Poste and of SPF, played on a demonstration."""

import time

from django.core.management.base import BaseCommand, CommandError

from orders.logistics.simulator import play
from orders.services.errors import OrderingError

PAUSE = 60  # seconds between two rounds, at speed 1


class Command(BaseCommand):
    help = "Joue les entrepôts d’une démonstration, par leurs fichiers et leurs comptes rendus."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="un seul tour")
        parser.add_argument("--rounds", type=int, default=0, help="ce nombre de tours, sans pause")
        parser.add_argument("--speed", type=float, default=1.0, help="tours par minute")
        parser.add_argument("--seed", type=int, default=2020)
        parser.add_argument("--clean", action="store_true", help="aucun compte rendu sale")

    def handle(self, *args, **options):
        if options["speed"] <= 0:
            raise CommandError("La vitesse est un nombre de tours par minute, plus grand que 0.")
        left = 1 if options["once"] else options["rounds"]
        if left:
            for _ in range(left):
                self._play(options)
            return
        try:
            while True:
                self._play(options)
                time.sleep(PAUSE / options["speed"])
        except KeyboardInterrupt:
            self.stdout.write("Simulateur arrêté.")

    def _play(self, options):
        try:
            done = play(options["seed"], dirty=not options["clean"])
        except OrderingError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{done.files} fichiers, {done.reports} comptes rendus, "
            f"dont {done.held_back} en quarantaine."
        )
        for problem in done.problems:
            self.stdout.write(f"  {problem}")
