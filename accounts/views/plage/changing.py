"""What changes of a profile that stays: the span of a habilitation, the contact details."""

from copy import copy

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.people.cards import allows_of
from accounts.people.forms import ContactOfForm, SpanForm
from accounts.sections import DECIDE
from accounts.services.authority import highest_role, refusal_to_decide
from accounts.services.contact import change_contact, contact_text
from accounts.services.profiles import Span, change_habilitation
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


@require_http_methods(METHODS)
@as_shown
@allows(*DECIDE)
def right_change(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Change the days, *statuts* and *champs* of a habilitation."""
    person = find_person(request.user, public_id)
    right = find_right(request.user, person, pk)
    check_allowed(refusal_to_decide(right.profile, request.user, right.role))
    context = {
        "title": f"Modifier « {right} » {of(person)}",
        "lead": allows_of(right, right.profile),
        "profile_shown": right.profile,
        "shown": Span.of(right).text,
        "button": "Enregistrer",
    }

    def act(form: SpanForm) -> str:
        change_habilitation(
            right,
            form.span,
            by=request.user,
            reason=form.cleaned_data["reason"],
            seen=request.POST.get("shown"),
        )
        return f"« {right} » {of(person)} est à jour."

    return confirm(request, person, SpanForm.of(right, posted(request)), act, context)


@require_http_methods(METHODS)
@as_shown
@allows(*DECIDE)
def profile_contact(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Change the address, the phone of a profile; those of the account are its owner's."""
    person = find_person(request.user, public_id)
    profile = find_profile(request.user, person, pk)
    check_allowed(refusal_to_decide(profile, request.user, highest_role(profile)))
    context = {
        "title": f"Changer les coordonnées du profil {of(person)}",
        "lead": "Laissez vide ce qui est comme sur le compte : "
        f"{', '.join(filter(None, (person.email, person.phone)))}.",
        "profile_shown": profile,
        "shown": contact_text(profile),
        "button": "Enregistrer",
    }

    def act(form: ContactOfForm) -> str:
        change_contact(
            profile,
            by=request.user,
            **form.contact,
            seen=request.POST.get("shown"),
            reason=form.cleaned_data["reason"],
        )
        return f"Les coordonnées {of(person)} sur {profile.entity} sont à jour."

    form = ContactOfForm(posted(request), instance=copy(profile))
    return confirm(request, person, form, act, context)
