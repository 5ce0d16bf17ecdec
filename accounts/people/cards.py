"""One person as an administrator sees them: profiles within reach, and what may be done to each."""

from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Case, Prefetch, Value, When
from django.urls import reverse

from accounts.grants import code_of
from accounts.models import AccessRequest, Domain, Habilitation, Profile, Role, User
from accounts.models.entity import ENTITIES
from accounts.offers import ALLOWS, DELEGATED
from accounts.people.reading import readable_profiles
from accounts.scopes import scope_in_words
from accounts.services.authority import Act, refusal_to_decide
from accounts.services.people import locked_until, refusal_to_help
from establishments.perimeter import Action

State = Profile.State
LOOKS = {
    State.ACTIVE: ("ok", "fr-icon-checkbox-circle-line"),
    State.PENDING: ("attente", "fr-icon-time-line"),
    State.SUSPENDED: ("attention", "fr-icon-error-line"),
    State.REFUSED: ("erreur", "fr-icon-close-circle-line"),
    State.ENDED: ("", "fr-icon-archive-line"),
}
FACTORS = {
    Authenticator.Type.TOTP: "application d’authentification",
    Authenticator.Type.WEBAUTHN: "clé d’accès",
    Authenticator.Type.RECOVERY_CODES: "codes de secours",
}
RANK = Case(
    When(state=State.ACTIVE, then=Value(0)),
    When(state=State.SUSPENDED, then=Value(1)),
    When(state=State.PENDING, then=Value(2)),
    default=Value(3),
)


@dataclass(frozen=True, slots=True)
class Link:
    """Something that may be done: what it is called, and its page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class RightLine:
    """A habilitation: how far it goes, what one may do to it."""

    right: Habilitation
    scope: str
    links: list[Link] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        return self.right.state in ("pending", "active")


@dataclass(frozen=True, slots=True)
class Card:
    """A profile: its state, its habilitations, what one may do; else who can."""

    profile: Profile
    css: str
    icon: str
    held: list[RightLine]
    past: list[RightLine]
    links: list[Link]
    why_not: str
    waiting: AccessRequest | None


@dataclass(frozen=True, slots=True)
class Account:
    """What is said of the account itself."""

    is_verified: bool
    factors: str
    locked_until: object
    may_unlock: bool
    may_lift: bool


def account_of(person: User, by: User) -> Account:
    kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    helps = by.may(Action.ACC_UNLOCK)
    until = locked_until(person)
    return Account(
        is_verified=EmailAddress.objects.filter(user=person, verified=True).exists(),
        factors=", ".join(label for kind, label in FACTORS.items() if kind in kinds),
        locked_until=until,
        may_unlock=bool(until) and helps and not refusal_to_help(person, by, wholly=False),
        may_lift=bool(kinds) and helps and not refusal_to_help(person, by, wholly=True),
    )


def cards_of(person: User, by: User) -> list[Card]:
    """Those within reach, the ones in force first; as many queries for one as for ten."""
    rights = Habilitation.objects.select_related("decided_by").order_by("domain", "role", "-pk")
    waiting = AccessRequest.objects.open()
    profiles = (
        readable_profiles(by)
        .filter(user=person)
        .select_related(*ENTITIES, "decided_by")
        .prefetch_related(
            Prefetch("habilitations", queryset=rights),
            Prefetch("requests", queryset=waiting, to_attr="waiting"),  # type: ignore[no-redef]
        )
        .order_by(RANK, "pk")
    )
    return [_card(profile, person, by) for profile in profiles]


def losses_of(profile: Profile) -> list[tuple[Habilitation, str]]:
    """What somebody can no longer do without this profile."""
    rights = profile.habilitations.in_force().order_by("domain", "role")
    return [(right, allows_of(right, profile)) for right in rights]


def allows_of(right: Habilitation, profile: Profile) -> str:
    """The sentence that says what a habilitation allows."""
    if right.role == Role.DELEGATED_ADMINISTRATOR:
        return DELEGATED
    return ALLOWS.get((code_of(right, profile), Domain(right.domain)), "")


def leaves_nobody(profile: Profile, rights: list[Habilitation]) -> bool:
    """Whether nobody would administer the entity without these habilitations."""
    administers = (Role.ADMINISTRATOR, Role.DELEGATED_ADMINISTRATOR)
    if profile.body_id or not any(one.role in administers for one in rights):
        return False
    others = Habilitation.objects.in_force().filter(
        domain=Domain.ADMINISTRATION,
        role__in=administers,
        profile__state=State.ACTIVE,
        profile__establishment=profile.establishment_id,
        profile__legal_entity=profile.legal_entity_id,
    )
    return not others.exclude(profile=profile).exists()


def _card(profile: Profile, person: User, by: User) -> Card:
    profile.user = person
    css, icon = LOOKS[State(profile.state)]
    lines = [_right_line(right, profile, person, by) for right in profile.habilitations.all()]
    is_living = profile.state in (State.ACTIVE, State.SUSPENDED)
    refusal = _refusal(profile, by, Act.AFTER_SUSPENSION) if is_living else ""
    return Card(
        profile=profile,
        css=css,
        icon=icon,
        held=[one for one in lines if one.is_held],
        past=[one for one in lines if not one.is_held],
        links=_profile_links(profile, person, by),
        why_not=refusal if _decides_somewhere(by) else "",
        waiting=next(iter(profile.waiting), None),
    )


def _decides_somewhere(by: User) -> bool:
    """Who decides of nothing anywhere (the assistance) is not told each time why not here."""
    return by.may(Action.PROF_DECIDE_ETAB) or by.may(Action.PROF_DECIDE_REG)


def _profile_links(profile: Profile, person: User, by: User) -> list[Link]:
    def link(label: str, deed: str) -> Link:
        arguments = [person.public_id, profile.pk, deed]
        return Link(label, reverse("plage:profile_act", args=arguments))

    links = []
    if profile.state == State.ACTIVE and not refusal_to_decide(profile, by):
        url = reverse("plage:right_new", args=[person.public_id, profile.pk])
        links.append(Link("Ajouter une habilitation", url))
    is_living = profile.state in (State.ACTIVE, State.SUSPENDED)
    if is_living and not _refusal(profile, by, Act.GIVE):
        arguments = [person.public_id, profile.pk]
        url = reverse("plage:profile_contact", args=arguments)
        links.append(Link("Changer les coordonnées", url))
    if profile.state == State.ACTIVE and not _refusal(profile, by, Act.SUSPEND):
        links.append(link("Suspendre", "suspendre"))
    if not _refusal(profile, by, Act.AFTER_SUSPENSION):
        if profile.state == State.SUSPENDED:
            links.append(link("Rouvrir", "rouvrir"))
        if is_living:
            links.append(link("Mettre fin", "terminer"))
    return links


def _refusal(profile: Profile, by: User, act: Act) -> str:
    """For the whole profile: that of an APE is for the ARS to stop."""
    active = [one for one in profile.habilitations.all() if one.state == "active"]
    is_ape = any(one.role == Role.ADMINISTRATOR for one in active)
    return refusal_to_decide(profile, by, Role.ADMINISTRATOR if is_ape else None, act=act)


def _right_line(right: Habilitation, profile: Profile, person: User, by: User) -> RightLine:
    right.profile = profile
    links = []
    if right.state == Habilitation.State.ACTIVE and profile.state in (
        State.ACTIVE,
        State.SUSPENDED,
    ):
        role, arguments = Role(right.role), [person.public_id, right.pk]
        if not refusal_to_decide(profile, by, role):
            links.append(Link("Modifier", reverse("plage:right_change", args=arguments)))
        if not refusal_to_decide(profile, by, role, act=Act.AFTER_SUSPENSION):
            links.append(Link("Retirer", reverse("plage:right_revoke", args=arguments)))
    return RightLine(right, scope_in_words(right), links)
