"""The national cell opens a flu season, changes its dates, says for whom doses are asked."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from medications.services.settings import SettingsError, require_unchanged
from vaccines.models import FluCampaign, TargetGroup

NATIONAL = "La cellule nationale règle les campagnes de vaccination contre la grippe."
COVERED = "Une autre campagne couvre déjà ces jours, ou porte cette saison."


@dataclass(frozen=True, slots=True)
class Season:
    """What is typed of a campaign."""

    season: str
    starts_on: date
    ends_on: date
    needs_open_on: date
    needs_due_at: datetime

    @classmethod
    def of(cls, campaign: FluCampaign) -> "Season":
        return cls(*(getattr(campaign, name) for name in cls.__dataclass_fields__))

    @property
    def told(self) -> dict[str, str]:
        """For the journal."""
        return {
            name: value if isinstance(value, str) else value.isoformat()
            for name, value in asdict(self).items()
        }


def campaign_state(campaign: FluCampaign | None) -> str:
    """What a form carries, to know whether somebody changed the campaign since."""
    return " ".join(Season.of(campaign).told.values()) if campaign else ""


def group_state(group: TargetGroup) -> str:
    return f"{group.label} {group.is_used}"


@transaction.atomic
def open_campaign(*, by: User, typed: Season) -> FluCampaign:
    """Write a season of needs and deliveries; journaled."""
    _require_national(by)
    campaign = FluCampaign(**asdict(typed))
    _save(campaign)
    record("vaccines.flu_campaign_opened", by=by, target=campaign, after=typed.told)
    return campaign


@transaction.atomic
def change_campaign(
    *, by: User, campaign: FluCampaign, typed: Season, seen: str | None = None
) -> FluCampaign:
    """Write other dates; what pharmacies typed stays; journaled."""
    _require_national(by)
    locked = FluCampaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    require_unchanged(campaign_state(locked), seen)
    before = Season.of(locked).told
    if typed.told == before:
        raise SettingsError("Rien ne change\u00a0: ces dates sont déjà celles de la campagne.")
    for name, value in asdict(typed).items():
        setattr(locked, name, value)
    _save(locked)
    changed = {name: value for name, value in typed.told.items() if value != before[name]}
    record(
        "vaccines.flu_campaign_changed",
        by=by,
        target=locked,
        before={name: before[name] for name in changed},
        after=changed,
    )
    return locked


def _save(campaign: FluCampaign) -> None:
    """The constraints say what is wrong; two campaigns written at once are told apart by them.

    Days in disorder are refused before the database is asked of a span that cannot be.
    """
    if campaign.ends_on <= campaign.starts_on:
        raise SettingsError("La campagne finit avant de commencer.")
    try:
        campaign.full_clean()
        with transaction.atomic():
            campaign.save()
    except ValidationError as refusal:
        raise SettingsError(" ".join(refusal.messages)) from refusal
    except IntegrityError as refusal:
        raise SettingsError(COVERED) from refusal


@transaction.atomic
def add_group(*, by: User, label: str) -> TargetGroup:
    """Propose a group of people, after the others; journaled."""
    _require_national(by)
    last = TargetGroup.objects.aggregate(last=Max("rank"))["last"] or 0
    label = " ".join(label.split())
    known = TargetGroup.objects.filter(label__iexact=label).first()
    if known:
        how = "est déjà proposé" if known.is_used else "existe déjà\u00a0: proposez-le de nouveau"
        raise SettingsError(f"Le public «\u00a0{known.label}\u00a0» {how}.")
    try:
        with transaction.atomic():
            group = TargetGroup.objects.create(label=label, rank=last + 1)
    except IntegrityError as refusal:
        raise SettingsError(f"Le public «\u00a0{label}\u00a0» est déjà proposé.") from refusal
    record("vaccines.flu_group_added", by=by, target=group)
    return group


@transaction.atomic
def propose_group(
    *, by: User, group: TargetGroup, is_used: bool, seen: str | None = None
) -> TargetGroup:
    """Stop proposing a group, or propose it again; what was typed of it stays; journaled."""
    _require_national(by)
    locked = TargetGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    require_unchanged(group_state(locked), seen)
    if locked.is_used == is_used:
        raise SettingsError(f"C’est déjà ainsi pour le public «\u00a0{locked.label}\u00a0».")
    locked.is_used = is_used
    locked.save(update_fields=["is_used"])
    verb = "vaccines.flu_group_proposed" if is_used else "vaccines.flu_group_stopped"
    record(verb, by=by, target=locked)
    return locked


def _require_national(by: User) -> None:
    if not by.perimeter_to(Action.MED_SETTINGS).is_national:
        raise SettingsError(NATIONAL)
