"""What one does for a person: each act says what it changes, asks why, and is confirmed."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.models import Profile
from accounts.people.cards import allows_of, leaves_nobody, losses_of
from accounts.people.forms import FactorForm, GivingForm, ReasonForm, offers_for
from accounts.sections import DECIDE
from accounts.services.authority import Act, highest_role, refusal_to_decide
from accounts.services.people import (
    give_rights,
    refusal_to_help,
    remove_second_factor,
    unlock,
)
from accounts.services.profiles import (
    end_profile,
    reopen_profile,
    revoke_habilitation,
    suspend_profile,
)
from accounts.views.plage.confirming import (
    METHODS,
    check_allowed,
    confirm,
    find_profile,
    find_right,
    posted,
)
from accounts.views.plage.people import find_person
from common.french import of
from establishments.access import allows, as_shown
from establishments.perimeter import Action


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done to a whole profile."""

    title: str
    explains: str
    button: str
    done: str
    act: Act
    service: Callable[..., Profile]
    takes_away: bool = True


DEEDS = {
    "suspendre": Deed(
        "Suspendre le profil",
        "Le profil s’arrête au prochain clic de la personne, pour un temps. Ses habilitations "
        "restent en place : rouvrir le profil les lui rend.",
        "Suspendre",
        "est suspendu",
        Act.SUSPEND,
        suspend_profile,
    ),
    "rouvrir": Deed(
        "Rouvrir le profil",
        "La personne retrouve ce profil et ses habilitations à son prochain clic.",
        "Rouvrir",
        "est rouvert",
        Act.AFTER_SUSPENSION,
        reopen_profile,
        takes_away=False,
    ),
    "terminer": Deed(
        "Mettre fin au profil",
        "La personne a quitté l’entité : le profil se termine pour de bon. Son compte et ses "
        "autres profils restent. Pour revenir, elle devra demander un nouveau profil.",
        "Mettre fin au profil",
        "est terminé",
        Act.AFTER_SUSPENSION,
        end_profile,
    ),
}


@require_http_methods(METHODS)
@as_shown
@allows(*DECIDE)
def profile_act(request: HttpRequest, public_id: str, pk: int, deed: str) -> HttpResponse:
    """Suspend, reopen or end a profile."""
    person = find_person(request.user, public_id)
    profile = find_profile(request.user, person, pk)
    if deed not in DEEDS:
        raise Http404
    chosen = DEEDS[deed]
    check_allowed(refusal_to_decide(profile, request.user, highest_role(profile), act=chosen.act))
    losses = losses_of(profile) if chosen.takes_away else []
    context = {
        "title": f"{chosen.title} {of(person)}",
        "lead": chosen.explains,
        "profile_shown": profile,
        "losses": losses,
        "leaves_nobody": leaves_nobody(profile, [right for right, _ in losses]),
        "button": chosen.button,
    }

    def act(form: ReasonForm) -> str:
        chosen.service(profile, by=request.user, reason=form.cleaned_data["reason"])
        return f"Le profil {of(person)} sur {profile.entity} {chosen.done}."

    return confirm(request, person, ReasonForm(posted(request)), act, context)


@require_http_methods(METHODS)
@as_shown
@allows(*DECIDE)
def right_new(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Give more habilitations on a profile, a delegation among them, with their days."""
    person = find_person(request.user, public_id)
    profile = find_profile(request.user, person, pk)
    check_allowed(refusal_to_decide(profile, request.user))
    offers = offers_for(profile, request.user)
    context = {
        "title": f"Ajouter une habilitation à {person}",
        "lead": "" if offers else "Ce profil a déjà tout ce que vous pouvez donner ici.",
        "profile_shown": profile,
        "button": "Accorder" if offers else "",
    }

    def act(form: GivingForm) -> str:
        given = give_rights(
            profile, form.given, by=request.user, reason=form.cleaned_data["reason"]
        )
        return f"{person} a maintenant : {', '.join(map(str, given))}."

    return confirm(request, person, GivingForm(posted(request), offers=offers), act, context)


@require_http_methods(METHODS)
@as_shown
@allows(*DECIDE)
def right_revoke(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Take a habilitation back."""
    person = find_person(request.user, public_id)
    right = find_right(request.user, person, pk)
    check_allowed(
        refusal_to_decide(right.profile, request.user, right.role, act=Act.AFTER_SUSPENSION)
    )
    context = {
        "title": f"Retirer « {right} » à {person}",
        "lead": "L’habilitation s’arrête au prochain clic de la personne. Le profil reste.",
        "profile_shown": right.profile,
        "losses": [(right, allows_of(right, right.profile))],
        "leaves_nobody": leaves_nobody(right.profile, [right]),
        "is_automatic": right.is_automatic,
        "button": "Retirer",
    }

    def act(form: ReasonForm) -> str:
        revoke_habilitation(right, by=request.user, reason=form.cleaned_data["reason"])
        return f"« {right} » est retirée à {person}."

    return confirm(request, person, ReasonForm(posted(request)), act, context)


@require_http_methods(METHODS)
@as_shown
@allows(Action.ACC_UNLOCK)
def person_unlock(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let somebody try their password again at once."""
    person = find_person(request.user, public_id)
    check_allowed(refusal_to_help(person, request.user, wholly=False))
    context = {
        "title": f"Débloquer le compte {of(person)}",
        "lead": (
            "Trop de mots de passe faux ont été essayés. Débloqué, le compte accepte de nouveau "
            "des essais tout de suite. Assurez-vous que c’est bien la personne qui vous le demande."
            " Vous ne choisissez ni ne voyez son mot de passe : « Mot de passe oublié » lui en "
            "donne un nouveau."
        ),
        "button": "Débloquer",
    }

    def act(form: forms.Form) -> str:
        unlock(person, by=request.user)
        return f"Le compte {of(person)} est débloqué. Un courriel le lui dit."

    return confirm(request, person, forms.Form(posted(request)), act, context)


@require_http_methods(METHODS)
@as_shown
@allows(Action.ACC_UNLOCK)
def person_factor(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lift the second factors of who lost theirs."""
    person = find_person(request.user, public_id)
    check_allowed(refusal_to_help(person, request.user, wholly=True))
    context = {
        "title": f"Retirer le second facteur {of(person)}",
        "lead": (
            "La personne a perdu son téléphone ou sa clé. Tous ses seconds facteurs et ses codes "
            "de secours sont retirés, ses sessions sont fermées. Elle entrera avec son mot de "
            "passe, et en activera un nouveau si son rôle le demande. Un courriel le lui dit : "
            "si ce n’est pas elle, elle le saura."
        ),
        "button": "Retirer le second facteur",
    }

    def act(form: FactorForm) -> str:
        remove_second_factor(person, by=request.user, reason=form.cleaned_data["reason"])
        return f"Le second facteur {of(person)} est retiré. Un courriel le lui dit."

    return confirm(request, person, FactorForm(posted(request)), act, context)
