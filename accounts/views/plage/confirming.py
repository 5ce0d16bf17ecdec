"""What the acts on a person share: found within reach, shown, confirmed or refused in words."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import Habilitation, Profile, User
from accounts.people.reading import readable_profiles
from accounts.services.errors import AccountError
from accounts.views.plage.people import TITLE

METHODS = ["GET", "HEAD", "POST"]


def confirm(
    request: HttpRequest,
    person: User,
    form: Any,
    act: Callable[[Any], str],
    context: dict[str, Any],
) -> HttpResponse:
    """Show what will happen; posted, do it and go back to the person, or say why not."""
    page = reverse("plage:person", args=[person.public_id])
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                messages.success(request, act(form))
            except AccountError as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect(page)
        status = 422
    above = [(TITLE, reverse("plage:people")), (str(person), page)]
    shown = {"form": form, "person": person, "above": above, "back": page}
    return render(request, "plage/person_confirm.html", context | shown, status=status)


def find_profile(user: User, person: User, pk: int) -> Profile:
    """One of this person's profiles within reach; another does not exist."""
    rows = readable_profiles(user).with_entity()
    profile = rows.filter(user=person, pk=pk).first()
    if profile is None:
        raise Http404
    profile.user = person
    return profile


def find_right(user: User, person: User, pk: int) -> Habilitation:
    right = Habilitation.objects.filter(pk=pk, profile__user=person).first()
    if right is None:
        raise Http404
    right.profile = find_profile(user, person, right.profile_id)
    return right


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, were it empty."""
    return request.POST if request.method == "POST" else None


def check_allowed(refusal: str) -> None:
    if refusal:
        raise PermissionDenied(refusal)
