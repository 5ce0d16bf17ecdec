"""The single-use codes of the former « ES- » identifiers: given by the ARS, used by a person."""

from allauth.account.views import SignupView
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import FinessForm, LegacyCodeForm, LegacySignupForm
from accounts.lookups import get_in_perimeter
from accounts.models import LegacyCode
from accounts.services.errors import AccountError
from accounts.services.legacy import claim_legacy_code, issue_legacy_code
from establishments.access import allows, public
from establishments.models import Establishment
from establishments.perimeter import Action

SHOWN = 50


class LegacySignupView(SignupView):
    """allauth's sign-up, with the code: address check, limits and silence on who exists are its."""

    template_name = "accounts/legacy_signup.html"

    def get_form_class(self):
        return LegacySignupForm

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except AccountError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)


signup = LegacySignupView.as_view()


@public
@sensitive_post_parameters("code", "password1", "password2")
def claim(request):
    """A visitor opens an account; somebody logged in adds the profile to theirs."""
    if not request.user.is_authenticated:
        return signup(request)
    form = LegacyCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            profile = claim_legacy_code(form.legacy_code, by=request.user, is_verified=True)
        except AccountError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"Le profil « {profile.entity} » est ouvert : vous pouvez remplir son inventaire.",
            )
            return redirect("profiles:list")
    return render(request, "accounts/legacy_claim.html", {"form": form})


@allows(Action.EPI_CODE)
def code_list(request):
    """The codes given in one's territory, and the number of the next establishment."""
    form = FinessForm(request.GET or None)
    if request.GET and form.is_valid():
        sites = Establishment.objects.for_user(request.user, to=Action.EPI_CODE)
        if site := sites.filter(finess=form.cleaned_data["finess"]).first():
            return redirect("legacy_code_issue", site.finess)
        form.add_error("finess", "Aucun établissement de votre territoire ne porte ce numéro.")
    codes = LegacyCode.objects.for_user(request.user, to=Action.EPI_CODE)
    context = {
        "form": form,
        "codes": codes.select_related("establishment", "issued_by", "used_by")[:SHOWN],
        "now": timezone.now(),
    }
    return render(request, "accounts/legacy_codes.html", context)


@allows(Action.EPI_CODE)
@never_cache
def code_issue(request, finess):
    """Give a code: it is shown by the answer to the click, once, and stored nowhere in clear."""
    sites = Establishment.objects.select_related("region")
    site = get_in_perimeter(sites, request.user, to=Action.EPI_CODE, finess=finess)
    context = {
        "establishment": site,
        "last": site.legacy_codes.select_related("used_by").first(),
        "now": timezone.now(),
        "above": [("Codes des identifiants « ES- »", reverse("legacy_codes"))],
        "claim_url": request.build_absolute_uri(reverse("legacy_claim")),
    }
    if request.method == "POST":
        context["code"], context["text"] = issue_legacy_code(site, by=request.user)
    return render(request, "accounts/legacy_code_issue.html", context)
