"""Check the forecast on the past: what share of what happened its intervals would have held."""

from collections.abc import Mapping

from django.core.management.base import BaseCommand

from medications.models import MonitoredList
from pui.forecast.calibration import Score, scores
from pui.forecast.past import declared_days, pharmacies
from pui.forecast.simulated import jerky_pharmacies

HEADERS = (
    "Situation",
    "Essais",
    "Dans l’intervalle",
    "Sous P10",
    "Au-dessus de P90",
    "Largeur (j)",
    "Perte",
    "Perte de stock ÷ CMJ",
)


class Command(BaseCommand):
    help = (
        "Compare les intervalles de la prévision à ce qui s’est passé (80 % visés), et sa perte à "
        "celle de «\u00a0stock ÷ CMJ\u00a0», en jours de consommation."
    )

    def add_arguments(self, parser):
        parser.add_argument("--due-days", type=int, default=13, help="échéances lues")

    def handle(self, *args, due_days, **options):
        days = declared_days(MonitoredList.Slug.OTHERS)[-due_days:]
        if days:
            self._print(
                f"Historique déclaré, du {days[0]:%d/%m/%Y} au {days[-1]:%d/%m/%Y}",
                scores(pharmacies(MonitoredList.Slug.OTHERS, days)),
            )
        self._print("Historique simulé, livraisons par à-coups", scores(jerky_pharmacies()))

    def _print(self, title: str, found: Mapping[str, Score]) -> None:
        self.stdout.write(f"{title}\n\n| {' | '.join(HEADERS)} |")
        self.stdout.write(f"| --- |{' ---: |' * (len(HEADERS) - 1)}")
        for name, score in found.items():
            self.stdout.write(f"| {' | '.join([name, *cells(score)])} |")
        self.stdout.write("")


def cells(score: Score) -> list[str]:
    shares = (score.inside, score.below / score.trials, score.above / score.trials)
    means = (score.width, score.loss, score.naive_loss)
    return [
        str(score.trials),
        *(f"{100 * share:.0f}\u00a0%" for share in shares),
        *(f"{score.mean(total):.2f}".replace(".", ",") for total in means),
    ]
