"""The situation of a region or of the country, its weekly bulletin: `/situation/`."""

from datetime import date

from django.utils import timezone

from accounts.models import User
from common.weeks import weeks_back
from establishments.models import Region
from steering.models import Bulletin
from steering.services.bulletin_documents import prepare_due
from steering.services.bulletins import correct, publish
from steering.services.digests import subscribe
from steering.situation.moment import Moment
from steering.situation.territory import Territory, country, region_territory
from steering.situation.weeks import ended_week, published_at

WEEKS, REGIONS = 6, ("24", "11", "84")
WORD = (
    "Les surblouses restent le premier sujet de la région. Deux transferts sont partis cette "
    "semaine vers les EHPAD qui en avaient pour moins de sept jours.\n\n"
    "Merci aux pharmaciens qui n’ont pas encore transmis de le faire avant vendredi 18 h."
)


def build_situation() -> None:
    """Six weeks of bulletins, one corrected, the last with their PDF; the agency gets its own by
    mail."""
    for territory in [country(), *_regions()]:
        for week in weeks_back(ended_week(timezone.now()), WEEKS):
            _publish(territory, week)
    _correct()
    _subscribe()
    prepare_due(timezone.now())


def _regions() -> list[Territory]:
    return [region_territory(one) for one in Region.objects.filter(code__in=REGIONS)]


def _publish(territory: Territory, week: date) -> None:
    if not Bulletin.objects.of(territory.region).filter(week=week).exists():
        at = min(published_at(week), timezone.now())
        publish(territory, Moment(week, at))


def _correct() -> None:
    """The last bulletin of the first region gets its word afterwards: a second version."""
    by = User.objects.get(email="ars@demo.example")
    rows = Bulletin.objects.filter(region=by.profiles.get().body.region).order_by(
        "-week", "-version"
    )
    last = rows.first()
    if last and last.version == 1:
        why = "Le mot de la cellule est ajouté\u00a0; les chiffres ne changent pas."
        correct(last, word=WORD, reason=why, reads_again=False, by=by)


def _subscribe() -> None:
    by = User.objects.get(email="ars@demo.example")
    profile = by.profiles.get()
    subscribe(profile, profile.body.region, by=by)
