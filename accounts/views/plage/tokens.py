"""Tokens of the machines of one's entity: make one, see which are in use, revoke."""

import json
import shlex
from datetime import timedelta
from functools import wraps

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken
from accounts.services.tokens import (
    TokenError,
    bodies_offered,
    create_token,
    may_manage_tokens,
    revoke_token,
    scopes_of,
    tokens_of,
)
from accounts.views.telling import telling
from establishments.access import RouteAccess, as_shown, refusal
from establishments.models import AdministrativeBody
from establishments.perimeter import Action

Scope = ApiToken.Scope
PER_PAGE = 50
CALL = 'curl --fail-with-body -H "Authorization: Bearer $JETON"'
PREPARATION = {"type": "preparation", "commande": "C-2026-000001", "le": "2026-11-23T08:00:00"}
LIVES = [("90", "trois mois"), ("180", "six mois"), ("365", "un an")]


class TokenForm(forms.Form):
    """Which machine, for what, how long; for which administration, where one may choose."""

    body = forms.ModelChoiceField(
        AdministrativeBody.objects.none(),
        label="Administration",
        help_text="L’ARS ou l’OMEDIT qui le demande, par exemple.",
        empty_label="La mienne",
        required=False,
    )
    label = forms.CharField(
        label="Nom de la machine",
        max_length=120,
        help_text="Par exemple\u00a0: logiciel de la pharmacie, portail de commande.",
    )
    scopes = forms.MultipleChoiceField(
        label="Ce que ce jeton permet",
        widget=forms.CheckboxSelectMultiple,
    )
    life = forms.ChoiceField(label="Durée", choices=LIVES, initial="180")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        own, bodies = user.active_profile.entity, bodies_offered(user)
        offered = scopes_of(own)
        self.fields["scopes"].choices = [(one.value, one.label.capitalize()) for one in offered]
        if bodies:
            self.fields["body"].queryset = bodies
        else:
            del self.fields["body"]


def for_token_holders(view):
    """Open to whoever manages tokens, logistics operators too, whose right covers no site."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not may_manage_tokens(request.user):
            raise PermissionDenied(refusal(Action.API_TOKEN))
        return view(request, *args, **kwargs)

    guarded.access = RouteAccess(actions=(Action.API_TOKEN,))
    return guarded


@for_token_holders
@as_shown
def tokens(request):
    """The list and, under it, the form; a new token is shown once, on the answer itself."""
    form = TokenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            token, value = create_token(
                form.cleaned_data.get("body") or request.user.active_profile.entity,
                form.cleaned_data["scopes"],
                by=request.user,
                label=form.cleaned_data["label"],
                life=timedelta(days=int(form.cleaned_data["life"])),
            )
        except TokenError as error:
            form.add_error(None, str(error))
        else:
            context = {
                "title": "Nouveau jeton",
                "above": [("Jetons d’API", reverse("plage:tokens"))],
                "token": token,
                "value": value,
                "examples": examples(request, token),
            }
            return render(request, "plage/token_created.html", context)
    page = Paginator(tokens_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "title": "Jetons d’API",
        "form": form,
        "page": page,
        "lines": [(one, one.entity, state_of(one, now)) for one in page],
    }
    return render(request, "plage/tokens.html", context)


@for_token_holders
@as_shown
def revoke(request, number):
    """Read again which one, then revoke."""
    token = get_object_or_404(tokens_of(request.user), pk=number)
    if request.method != "POST":
        context = {
            "title": "Révoquer un jeton",
            "above": [("Jetons d’API", reverse("plage:tokens"))],
            "token": token,
            "entity": token.entity,
        }
        return render(request, "plage/token_revoke.html", context)
    with telling(request, f"Le jeton «\u00a0{token}\u00a0» est révoqué."):
        revoke_token(token, by=request.user)
    return redirect("plage:tokens")


def examples(request, token: ApiToken) -> list[tuple[str, str]]:
    """For each use, a command ready to try from a terminal, at this very address."""
    finess = getattr(token.entity, "finess", "450990106")
    stock = {"pui": {"finess": finess}, "lignes": [{"ucd": "9999021", "stock": 420}]}
    person = {"courriel": "camille.durand@ch.example", "finess": finess}
    sent = {
        Scope.PUI_TRANSMIT: ("transmit", {}, ["-H", "Idempotency-Key: essai-0001", *body(stock)]),
        Scope.PUI_STOCKS: ("stocks", {}, []),
        Scope.PUI_SNAPSHOTS: ("snapshot", {"jour": "dernier"}, ["--output", "releve.csv"]),
        Scope.LOGISTICS_FILES: ("logistics_files", {}, []),
        Scope.LOGISTICS_REPORTS: (
            "logistics_report",
            {},
            ["-H", "Idempotency-Key: essai-0001", *body(PREPARATION)],
        ),
        Scope.ACCOUNT_EXISTS: ("account_exists", {}, body(person)),
    }
    return [
        (scope.label.capitalize(), command(request, name, kwargs, more))
        for scope, (name, kwargs, more) in sent.items()
        if scope in token.scopes
    ]


def body(sent: dict) -> list[str]:
    return ["-H", "Content-Type: application/json", "-d", json.dumps(sent)]


def command(request, name: str, kwargs: dict, more: list[str]) -> str:
    address = request.build_absolute_uri(reverse(f"api:{name}", kwargs=kwargs))
    return f"{CALL} {shlex.join([address, *more])}"


def state_of(token: ApiToken, now) -> tuple[str, str]:
    """How it looks, and the word that says it."""
    if token.revoked_at:
        return "ko", "révoqué"
    if token.expires_at and token.expires_at <= now:
        return "attente", "expiré"
    return "ok", "en service"
