"""The themes of the forum: those known at the start, and what support changes of them."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from journal.services import record
from support.models import ForumTheme
from support.services.forum.errors import ForumError
from support.services.forum.rules import check_moderator

KNOWN = (  # [001] [002]: what the former forum had a theme for, then one for each tool
    (
        "PLAGE et comptes",
        "Connexion, compte, demande de profil, habilitations, changement d’employeur.",
    ),
    (
        "e-Dispostock\u00a0: médicaments",
        "PUI, transmission des stocks, codes UCD, jours de couverture, répartition.",
    ),
    (
        "e-Dispostock\u00a0: vaccins",
        "Lignes de vaccins COVID-19, besoins, réceptions, campagne de vaccination grippe.",
    ),
    (
        "EPI-Stocks",
        "Inventaire hebdomadaire des équipements de protection, sites, semaines closes.",
    ),
    (
        "Distrilog-Santé",
        "Accès aux commandes, contingents, livraisons, réclamations, factures du Consortium.",
    ),
    ("Entraide", "Dépannages entre établissements, demandes d’aide à l’ARS."),
    (
        "Idées d’amélioration",
        "Ce qui vous ferait gagner du temps\u00a0: dites votre besoin, d’autres diront «\u00a0moi "
        "aussi\u00a0».",
    ),
)
NAMED = "Un thème porte déjà ce titre."
FIELDS = ("title", "description")


@transaction.atomic
def load_themes() -> int:
    """Those of the start, where there is none yet; what somebody changed stays."""
    if ForumTheme.objects.exists():
        return 0
    rows = [
        ForumTheme(title=title, description=description, position=position)
        for position, (title, description) in enumerate(KNOWN, start=1)
    ]
    return len(ForumTheme.objects.bulk_create(rows))


@transaction.atomic
def save_theme(
    *, by: User, title: str, description: str, theme: ForumTheme | None = None
) -> ForumTheme:
    """Add a theme, after the others, or describe one again."""
    check_moderator(by)
    title, description = _line(title), _line(description)
    if not title or not description:
        raise ForumError("Donnez un titre, et dites ce que l’on demande dans ce thème.")
    rows = ForumTheme.objects.select_for_update(no_key=True)
    found: ForumTheme = rows.get(pk=theme.pk) if theme else ForumTheme(position=_last() + 1)
    namesakes = ForumTheme.objects.filter(title__iexact=title).exclude(pk=found.pk)
    if namesakes.exists():
        raise ForumError(NAMED)
    before = {name: getattr(found, name) for name in FIELDS} if theme else None
    found.title, found.description = title[:80], description[:300]
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:  # the other one of two clicks
        raise ForumError(NAMED) from None
    after = {name: getattr(found, name) for name in FIELDS}
    if before != after:
        verb = "described" if theme else "added"
        record(f"support.forum_theme_{verb}", by=by, target=found, before=before, after=after)
    return found


@transaction.atomic
def move_theme(*, by: User, theme: ForumTheme, up: bool) -> None:
    """One rank nearer to the head of the list, or to its end; at the edge, nothing."""
    check_moderator(by)
    themes = list(ForumTheme.objects.select_for_update(no_key=True).order_by("position", "pk"))
    place = themes.index(theme)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(themes):
        return
    themes[place], themes[other] = themes[other], themes[place]
    for position, one in enumerate(themes, start=1):
        one.position = position
    ForumTheme.objects.bulk_update(themes, ["position"])
    record("support.forum_theme_moved", by=by, target=theme, rank=other + 1)


@transaction.atomic
def archive_theme(*, by: User, theme: ForumTheme, is_archived: bool) -> ForumTheme:
    """Nobody asks there any more, and all is still read; or take questions again."""
    check_moderator(by)
    found: ForumTheme = ForumTheme.objects.select_for_update(no_key=True).get(pk=theme.pk)
    if (found.archived_at is not None) == is_archived:
        return found
    if is_archived and not ForumTheme.objects.open().exclude(pk=found.pk).exists():
        raise ForumError("C’est le dernier thème ouvert\u00a0: ajoutez-en un autre avant.")
    found.archived_at = timezone.now() if is_archived else None
    found.save(update_fields=["archived_at"])
    verb = "archived" if is_archived else "reopened"
    record(f"support.forum_theme_{verb}", by=by, target=found)
    return found


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _last() -> int:
    return int(ForumTheme.objects.aggregate(last=Max("position"))["last"] or 0)
