"""What PLAGE counts on the home page: places without an APE, what waits, what the journal holds."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.administrators.places import places_within
from accounts.decisions.lines import days_since
from accounts.grants import code_of
from accounts.models import AccessRequest, Profile, User
from common.home import Figure
from common.kept import KeptByKey
from common.numbers import format_integer
from establishments.perimeter import Action, Perimeter
from journal.models import Entry

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
APE = KeptByKey[list[Figure]]()
WATCHED = (
    ("Accès refusés", Q(verb="account.access_denied"), "account.access_denied"),
    ("Connexions manquées", Q(verb="account.login_failed"), "account.login_failed"),
    (
        "Habilitations accordées",
        Q(verb="account.habilitation_granted"),
        "account.habilitation_granted",
    ),
)


def has_code(user: User, code: str) -> bool:
    """Whether the profile in use holds a role of the matrix."""
    profile = user.active_profile
    return profile is not None and any(code_of(one, profile) == code for one in profile.rights)


def ape_figures(user: User) -> list[Figure]:
    held = user.perimeter_to(Action.PROF_DECIDE_APE)
    return APE.value(held, lambda: ape_within(held)) if held.region_codes else []


def ape_within(held: Perimeter) -> list[Figure]:
    """For an ARS, as its page « Gestion des APE » counts them."""
    places = places_within(held)
    found, asked = places.figures, places.coverage.requests
    s = "s" if asked > 1 else ""
    note = f"{format_integer(found.idle)} sans rien en cours"
    if asked:
        note = f"{format_integer(asked)} demande{s} d’APE à décider"
    return [
        Figure(
            label="Établissements sans APE",
            value=format_integer(found.lonely),
            detail=f"sur {format_integer(found.places)}",
            note=note,
            url=reverse("plage:ape"),
        )
    ]


def audit_figures(user: User) -> list[Figure]:
    """For an auditor: the last day of the journal, beside the same day a week before."""
    if not has_code(user, "AUD"):
        return []
    now = timezone.now()
    wanted = {"entries": Q()} | {verb: condition for _, condition, verb in WATCHED}
    spans = {"now": Q(at__gt=now - DAY), "before": Q(at__lte=now - WEEK)}
    counts = Entry.objects.filter(
        Q(at__gt=now - DAY) | Q(at__gt=now - WEEK - DAY, at__lte=now - WEEK)
    ).aggregate(
        **{
            f"{span}_{number}": Count("pk", filter=when & what)
            for number, what in enumerate(wanted.values())
            for span, when in spans.items()
        }
    )
    address = f"{reverse('plage:journal')}?du={timezone.localdate(now - DAY):%Y-%m-%d}"
    named = [("Actes au journal", ""), *((label, verb) for label, _, verb in WATCHED)]
    return [
        Figure(
            label=label,
            value=format_integer(counts[f"now_{number}"]),
            detail="en 24 heures",
            note="Il y a une semaine, à la même heure\u00a0: "
            f"{format_integer(counts[f'before_{number}'])}",
            url=f"{address}&action={verb}" if verb else address,
        )
        for number, (label, verb) in enumerate(named)
    ]


def support_figures(user: User) -> list[Figure]:
    """For the assistance: whose access waits for somebody else, and who asked for nothing yet."""
    if not has_code(user, "SUP"):
        return []
    open_ones = AccessRequest.objects.open().aggregate(count=Count("pk"), since=Min("asked_at"))
    living = Profile.objects.filter(user=OuterRef("pk"), state__in=Profile.LIVING)
    alone = User.objects.filter(~Exists(living), is_active=True, closed_at=None)
    counted = alone.aggregate(count=Count("pk"), new=Count("pk", filter=_new()))
    return [
        Figure(
            label="Demandes de profil en attente",
            value=format_integer(open_ones["count"]),
            note=_oldest(open_ones["since"]),
            url=f"{reverse('plage:people')}?etat={Profile.State.PENDING}",
        ),
        Figure(
            label="Comptes sans profil",
            value=format_integer(counted["count"]),
            note=f"Dont {format_integer(counted['new'])} depuis 7 jours\u00a0: ils n’ont "
            "rien demandé.",
            url=reverse("plage:people"),
        ),
    ]


def _new() -> Q:
    return Q(date_joined__gt=timezone.now() - WEEK)


def _oldest(since: datetime | None) -> str:
    return f"La plus ancienne attend depuis {days_since(since)}." if since else "Aucune n’attend."
