"""What each profile waits for before it can be used, in words, and who can act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.deciders import Deciders, deciders_of_each
from accounts.models import AccessRequest, Habilitation, Level, Profile, User
from accounts.services.requests import may_remind, reminder_opens_at

WAITING_STATES = (Profile.State.PENDING, Profile.State.SUSPENDED)


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """A profile as its owner sees it: its state, its roles, the step that is missing.

    ``deciders`` is there while somebody has to act; ``request`` while one waits for an answer.
    """

    profile: Profile
    is_active: bool
    css: str
    icon: str
    missing: str
    mailbox: str
    request: AccessRequest | None = None
    deciders: Deciders | None = None

    @property
    def habilitations(self) -> list[Habilitation]:
        """Those in force or asked for first; what was refused or taken back comes after."""
        states = list(Habilitation.State)
        rights = self.profile.habilitations.all()
        return sorted(rights, key=lambda right: right.state not in states[:2])

    @property
    def living(self) -> list[Habilitation]:
        return [one for one in self.habilitations if one.state in ("pending", "active")]

    @property
    def is_living(self) -> bool:
        return self.profile.state in Profile.LIVING

    @property
    def may_leave(self) -> bool:
        """One ends one's own profile, save one that somebody has suspended."""
        return self.profile.state in (Profile.State.PENDING, Profile.State.ACTIVE)

    @property
    def may_ask_more(self) -> bool:
        return self.profile.state == Profile.State.ACTIVE and self.request is None

    @property
    def may_remind(self) -> bool:
        return bool(self.request and may_remind(self.request) and self.deciders.people)

    @property
    def reminder_opens_at(self) -> datetime | None:
        """From when those who decide may be reminded, while it is too soon."""
        if self.request is None or self.may_remind or not self.deciders.people:
            return None
        return reminder_opens_at(self.request)

    @property
    def days(self) -> int:
        """For how many days the request has been waiting."""
        return days_since(self.request.asked_at) if self.request else 0


LOOKS = {
    Profile.State.ACTIVE: ("ok", "fr-icon-checkbox-circle-line"),
    Profile.State.PENDING: ("attente", "fr-icon-time-line"),
    Profile.State.SUSPENDED: ("attention", "fr-icon-error-line"),
    Profile.State.REFUSED: ("erreur", "fr-icon-close-circle-line"),
    Profile.State.ENDED: ("", "fr-icon-archive-line"),
}


def own_profiles(user: User) -> QuerySet[Profile]:
    """All one's profiles, those one can work under first, then what waits, then what is over."""
    waiting = AccessRequest.objects.open().select_related("first_by")
    profiles: QuerySet[Profile] = Profile.objects.for_list().filter(user=user)
    return profiles.prefetch_related(Prefetch("requests", queryset=waiting, to_attr="waiting"))


def explain_each(profiles: Sequence[Profile], user: User) -> list[ProfileLine]:
    """The lines of one's profiles, in as many queries for ten as for one."""
    acting = [profile for profile in profiles if _needs_somebody(profile)]
    found = deciders_of_each([(one.entity, _level(one)) for one in acting], but=user)
    deciders = dict(zip(acting, found, strict=True))
    return [_line(profile, user, deciders.get(profile)) for profile in profiles]


def explain(profile: Profile, user: User) -> ProfileLine:
    return explain_each([profile], user)[0]


def days_since(moment: datetime) -> int:
    return (timezone.localdate() - timezone.localtime(moment).date()).days


def request_of(profile: Profile) -> AccessRequest | None:
    """The request that waits, as ``own_profiles`` brought it."""
    return next(iter(getattr(profile, "waiting", ())), None)


def _needs_somebody(profile: Profile) -> bool:
    """Whether nothing moves until an administrator acts."""
    if profile.state in WAITING_STATES or request_of(profile):
        return True
    return profile.state == Profile.State.ACTIVE and not profile.rights


def _level(profile: Profile) -> Level:
    if request := request_of(profile):
        return Level(request.level)
    return Level.NATIONAL if profile.body else Level.ENTITY


def _line(profile: Profile, user: User, deciders: Deciders | None) -> ProfileLine:
    css, icon = LOOKS[Profile.State(profile.state)]
    return ProfileLine(
        profile=profile,
        is_active=profile == user.active_profile,
        css=css,
        icon=icon,
        missing=_missing(profile),
        mailbox=deciders.mailbox if deciders else "",
        request=request_of(profile),
        deciders=deciders,
    )


def _missing(profile: Profile) -> str:
    match profile.state:
        case Profile.State.PENDING:
            return "" if request_of(profile) else ("Ce profil attend qu’un administrateur l’ouvre.")
        case Profile.State.SUSPENDED:
            return f"Ce profil est suspendu{_because(profile)}. Un administrateur peut le rouvrir."
        case Profile.State.REFUSED:
            return f"Ce profil a été refusé{_because(profile)}. Vous pouvez le demander de nouveau."
        case Profile.State.ENDED:
            return f"Ce profil est terminé{_because(profile)}. Il reste affiché pour mémoire."
    if not profile.rights and not request_of(profile):
        return "Il manque une habilitation : sans elle, ce profil n’ouvre aucune application."
    return ""


def _because(profile: Profile) -> str:
    return f" : {profile.reason.rstrip('.')}" if profile.reason else ""
