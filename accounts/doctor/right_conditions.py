"""What is asked of the profile: it reaches the place, is active, holds the right, is in use."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from accounts.doctor.application import Place, Right, Step
from accounts.doctor.asking import ask_habilitation_step, ask_profile_step, remind_step
from accounts.doctor.case import Candidate, Case
from accounts.doctor.condition import Condition, and_others
from accounts.grants import SITE, kind_of
from accounts.models import AccessRequest, Habilitation, Profile
from accounts.services.requests import may_remind, reminder_opens_at
from establishments.models import AdministrativeBody

State, RightState = Profile.State, Habilitation.State
FORGOTTEN = "C’est l’oubli le plus fréquent."
DEAD = (State.REFUSED, State.ENDED)


def profile_condition(case: Case) -> Condition:
    """A profile reaches the place, whatever its state."""
    candidate, where = case.candidate, named(case.target)
    if candidate:
        return Condition("profile", f"Vous avez un profil{where}", True, f"{candidate.profile}.")
    if is_reserved(case):
        return _reserved(case)
    living = case.person.living
    if living:
        names = " ; ".join(_with_state(one) for one in living[:3])
        told = f"Vos profils n’y mènent pas : {names}{and_others(len(living) - 3)}."
    else:
        told = f"Vous n’avez pas encore demandé de profil. {FORGOTTEN}"
    return Condition(
        "profile",
        f"Vous avez un profil{where}",
        False,
        told,
        you="en demandant ce profil",
        needs_others=True,
        step=ask_profile_step(case.target, right_to_ask(case)),
        short="un profil (non demandé)",
    )


def state_condition(case: Case) -> Condition:
    candidate, title = case.candidate, "Ce profil est actif"
    if candidate is None:
        return Condition(
            "state", title, False, "Il le sera dès que la demande sera acceptée.", needs_others=True
        )
    profile = candidate.profile
    if candidate.is_usable:
        told = f"Actif depuis le {day(profile.decided_at)}." if profile.decided_at else "Actif."
        return Condition("state", title, True, told)
    waiting = next(iter(profile.waiting), None)
    told, short = _why_shut(profile, waiting)
    is_dead = profile.state in DEAD
    return Condition(
        "state",
        title,
        False,
        told,
        waits=profile.state == State.PENDING,
        you="en le demandant à nouveau" if is_dead else "",
        needs_others=True,
        step=ask_profile_step(case.target or profile.entity, right_to_ask(case))
        if is_dead
        else remind_step(waiting),
        short=short,
    )


def _why_shut(profile: Profile, waiting: AccessRequest | None) -> tuple[str, str]:
    """Why a profile is not active: a sentence, and what is missing for a table."""
    reason = f" : {profile.reason.rstrip('.')}" if profile.reason else ""
    it = f"Votre profil sur {profile.entity}"
    match profile.state:
        case State.PENDING:
            asked = waiting.asked_at if waiting else profile.requested_at
            return _asked(asked, waiting), f"votre demande du {day(asked)} attend"
        case State.SUSPENDED:
            return f"{it} est suspendu{reason}.", "un profil suspendu est à rouvrir"
        case State.REFUSED:
            return f"{it} a été refusé le {day(profile.decided_at)}{reason}.", "un profil (refusé)"
    return f"{it} est terminé.", "un profil (terminé)"


def right_condition(case: Case) -> Condition:
    """The profile holds a right that gives the action, in force today."""
    candidate, names = case.candidate, role_names(case)
    title = f"Ce profil porte l’habilitation {names}"
    right = candidate.right if candidate else None
    if candidate is None or right is None:
        return _right_not_asked(case, title)
    told = right_in_words(right, case, is_in_force=candidate.is_in_force)
    if candidate.is_in_force:
        return Condition("right", title, True, told)
    waits = right.state == RightState.PENDING and bool(candidate.profile.waiting)
    begins = right.state == RightState.ACTIVE and right.starts_on and not _is_over(right, case)
    step = None if begins else ask_again_step(case, candidate)
    return Condition(
        "right",
        title,
        False,
        told,
        waits=waits,
        you="" if waits or begins else "en la demandant à nouveau",
        needs_others=not begins,
        step=remind_step(candidate.profile.waiting[0]) if waits else step,
        short=f"l’habilitation {names} ({_short(right, case)})",
    )


def _right_not_asked(case: Case, title: str) -> Condition:
    candidate, names = case.candidate, role_names(case)
    return Condition(
        "right",
        title,
        False,
        f"L’habilitation {names} n’a pas été demandée. {FORGOTTEN}"
        if candidate
        else "Demandez-la avec lui.",
        you="en la demandant" if candidate else "en la cochant dans la demande",
        needs_others=True,
        step=ask_again_step(case, candidate),
        short=f"l’habilitation {names} (non demandée)",
    )


def use_conditions(case: Case) -> list[Condition]:
    """Said when there is something to choose: one works under one profile at a time."""
    candidate = case.candidate
    if candidate is None or not candidate.is_usable or not candidate.is_in_force:
        return []
    usable = case.person.user.usable_profiles
    if candidate.counts and len(usable) < 2:
        return []
    in_use = case.person.in_use
    if candidate.counts:
        told = "EPI-Stocks réunit tous vos profils." if in_use != candidate.profile else ""
    else:
        told = f"Vous utilisez « {in_use} »." if in_use else "Vous n’avez choisi aucun profil."
    address = case.application.address
    fields: tuple[tuple[str, str], ...] = (("profile", str(candidate.profile.pk)),)
    if address:
        fields += (("next", address(case.place)),)
    return [
        Condition(
            "use",
            "C’est sous ce profil que vous travaillez",
            candidate.counts,
            told or f"{in_use}.",
            you="en changeant de profil",
            step=Step(
                f"Travailler pour {candidate.profile.entity}", reverse("profiles:use"), fields
            ),
            short="changer de profil",
        )
    ]


def is_reserved(case: Case) -> bool:
    """Nobody of this person's kinds of entity may do it, whatever they ask for."""
    kinds = case.person.kinds
    return bool(kinds) and not kinds & set(case.application.kinds)


def right_to_ask(case: Case) -> Right | None:
    """The habilitation to tick: the usual one where the profile would stand."""
    kind = kind_of(case.candidate.profile) if case.candidate else SITE
    return next(iter(case.application.rights_on(kind)), None)


def role_names(case: Case) -> str:
    """« Opérateur d’inventaire EPI », or several when several give it."""
    application = case.application
    kind = kind_of(case.candidate.profile) if case.candidate else next(iter(application.kinds), "")
    roles = dict.fromkeys(role.label for _, role in application.rights_on(kind))
    return " ou ".join(f"« {role} »" for role in roles)


def ask_again_step(case: Case, candidate: Candidate | None) -> Step | None:
    right = right_to_ask(case)
    if candidate is None:
        return ask_profile_step(case.target, right)
    if not candidate.is_usable or candidate.profile.waiting:
        return None
    return ask_habilitation_step(candidate.profile, right)


def right_in_words(right: Habilitation, case: Case, *, is_in_force: bool) -> str:
    """Who gave or took it, when and why: a sentence that stands alone."""
    reason = f" : {right.reason.rstrip('.')}" if right.reason else ""
    named = f"« {right.get_role_display()} » (domaine {right.get_domain_display()})"
    if is_in_force:
        return f"{named}{f', jusqu’au {right.ends_on:%d/%m/%Y}' if right.ends_on else ''}."
    match right.state:
        case RightState.PENDING:
            told = f"a été demandée le {day(right.requested_at)}{ago(right.requested_at)}"
        case RightState.REFUSED:
            told = f"a été refusée le {day(right.decided_at)}{reason}"
        case RightState.REVOKED:
            told = f"a été retirée le {day(right.decided_at)}{reason}"
        case _ if _is_over(right, case):
            told = f"a pris fin le {right.ends_on:%d/%m/%Y}"
        case _:
            told = f"commencera le {right.starts_on:%d/%m/%Y}"
    return f"L’habilitation {named} {told}."


def named(place: Place | None) -> str:
    return f" pour {place}" if place else ""


def day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y}" if moment else ""


def ago(moment: datetime) -> str:
    """« , il y a 5 jours »; nothing on the day itself."""
    days = (timezone.localdate() - timezone.localtime(moment).date()).days
    return f", il y a {days} jour{'s' if days > 1 else ''}" if days > 0 else ""


def _asked(asked: datetime, waiting: AccessRequest | None) -> str:
    first = (
        " Une première personne est d’accord ; il en faut une seconde."
        if (waiting and waiting.first_by_id)
        else ""
    )
    reminded = (
        f" Dernière relance le {day(waiting.reminded_at)}."
        if (waiting and waiting.reminded_at)
        else ""
    )
    opens = (
        f" Relance possible à partir du {day(reminder_opens_at(waiting))}."
        if waiting and not may_remind(waiting)
        else ""
    )
    told = f"Demandé le {day(asked)}{ago(asked)} : la demande attend une décision."
    return f"{told}{first}{reminded}{opens}"


def _is_over(right: Habilitation, case: Case) -> bool:
    return right.ends_on is not None and right.ends_on < case.facts.today


def _short(right: Habilitation, case: Case) -> str:
    if right.state != RightState.ACTIVE:
        return str(right.get_state_display())
    if _is_over(right, case):
        return f"terminée le {right.ends_on:%d/%m/%Y}"
    return f"à partir du {right.starts_on:%d/%m/%Y}"


def _with_state(profile: Profile) -> str:
    is_active = profile.state == State.ACTIVE
    return str(profile) if is_active else f"{profile}, {profile.get_state_display()}"


def _reserved(case: Case) -> Condition:
    """Told as it is: no request of theirs would open it; their ARS can often do it for them."""
    kinds = [AdministrativeBody.Kind(kind).label for kind in case.application.kinds if kind != SITE]
    if case.application.is_on_sites:
        told = "Elle se fait avec un profil d’établissement ou d’entité juridique."
    else:
        told = (
            f"Cette action est réservée à : {', '.join(kinds)}."
            if kinds
            else "Personne n’y a accès."
        )
    return Condition(
        "profile",
        "Cette action est ouverte à votre structure",
        False,
        told,
        needs_others=not case.application.is_on_sites,
        short="une action réservée",
    )
