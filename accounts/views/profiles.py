"""One's own profiles: their states, and the one in use."""

from copy import copy

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choice import use_profile
from accounts.forms import ContactForm
from accounts.services.contact import change_contact
from accounts.services.errors import AccountError
from accounts.services.profile_address import confirm_address, is_for, send_again
from accounts.services.requests import leave
from accounts.views.telling import telling
from accounts.waiting import explain, explain_each, own_profiles
from establishments.access import RouteAccess, everyone
from establishments.models import Establishment

STAYS = "Un profil suspendu reste en place : seul un administrateur peut le rouvrir ou le terminer."


@everyone
def profile_list(request):
    """All of one's profiles, whatever their state, and what each waits for."""
    lines = explain_each(own_profiles(request.user), request.user)
    context = {
        "lines": [line for line in lines if line.is_living],
        "past": [line for line in lines if not line.is_living],
        "may_choose": len(request.user.usable_profiles) > 1,
    }
    return render(request, "profiles/list.html", context)


@everyone
@require_safe
def profile_detail(request, number):
    """One profile of one's own: what it allows, what it waits for, its contact details."""
    profile = get_object_or_404(own_profiles(request.user), pk=number)
    return render_detail(request, profile, ContactForm(instance=profile))


@everyone
@require_POST
def contact(request, number):
    """Give a profile an address, a phone of its own."""
    profile = get_object_or_404(own_profiles(request.user), pk=number)
    form = ContactForm(request.POST, instance=copy(profile))
    if not form.is_valid():
        return render_detail(request, profile, form)
    try:
        changed = change_contact(profile, by=request.user, **form.cleaned_data)
    except AccountError as refusal:
        form.add_error(None, str(refusal))
        return render_detail(request, profile, form)
    messages.success(
        request, f"Les coordonnées de ce profil sont enregistrées.{next_step(changed)}"
    )
    return redirect("profiles:detail", profile.pk)


def next_step(profile):
    """What is left to do for the address of a profile to be used."""
    if not profile.email or profile.email_verified_at:
        return ""
    return f" Un lien de confirmation part pour {profile.email}."


@everyone
@require_POST
def send_confirmation(request, number):
    """Send once more the link that confirms the address of a profile."""
    profile = get_object_or_404(own_profiles(request.user), pk=number)
    with telling(request, f"Un nouveau lien part pour {profile.email}."):
        send_again(profile, by=request.user)
    return redirect("profiles:detail", profile.pk)


@everyone
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, number, token):
    """Where the link of the mail leads: look, then confirm."""
    profile = get_object_or_404(own_profiles(request.user), pk=number)
    if request.method != "POST" and is_for(profile, token) and not profile.email_verified_at:
        return render(request, "profiles/confirm_address.html", {"profile": profile})
    if request.method != "POST" and is_for(profile, token):
        messages.info(request, f"{profile.email} est déjà confirmée.")
        return redirect("profiles:detail", profile.pk)
    with telling(request, f"{profile.email} est confirmée : les courriels y arriveront."):
        confirm_address(profile, token, by=request.user)
    return redirect("profiles:detail", profile.pk)


def render_detail(request, profile, form):
    requests = profile.requests.exclude(closed_at=None).select_related("decided_by")
    context = {
        "profile": profile,
        "line": explain(profile, request.user),
        "form": form,
        "closed_requests": requests.prefetch_related("habilitations").order_by("-closed_at"),
    }
    return render(request, "profiles/detail.html", context)


@everyone
def leave_profile(request, number):
    """End one's own profile, once the page has said what that closes."""
    profile = get_object_or_404(own_profiles(request.user), pk=number)
    line = explain(profile, request.user)
    if not line.is_living:
        messages.info(request, f"Ce profil est {profile.get_state_display()} : rien n’a changé.")
        return redirect("profiles:detail", profile.pk)
    if not line.may_leave:
        messages.error(request, STAYS)
        return redirect("profiles:detail", profile.pk)
    if request.method != "POST":
        return render(request, "profiles/leave.html", {"profile": profile, "line": line})
    try:
        leave(profile, by=request.user, reason=request.POST.get("reason", "").strip()[:250])
    except AccountError as refusal:
        messages.error(request, str(refusal))
        return redirect("profiles:detail", profile.pk)
    messages.success(request, f"Votre profil sur {profile.entity} est terminé.")
    return redirect("profiles:list")


@everyone
def choose(request):
    """Which profile to work under, right after login or from the header."""
    if len(request.user.usable_profiles) < 2:
        return redirect(return_address(request, request.GET.get("next")) or "profiles:list")
    came_from = request.GET.get("next") or request.headers.get("referer", "")
    profiles = own_profiles(request.user).usable()
    context = {
        "lines": explain_each(profiles, request.user),
        "next": return_address(request, came_from),
    }
    return render(request, "profiles/choose.html", context)


@everyone
@require_POST
def use(request):
    """Work under another profile, on the same page when that profile may see it."""
    chosen = request.POST.get("profile", "")
    profile = next((one for one in request.user.usable_profiles if str(one.pk) == chosen), None)
    if profile is None:
        messages.error(request, "Ce profil n’est plus utilisable. Choisissez-en un autre.")
        return redirect("profiles:list")
    use_profile(request, profile)
    address = return_address(request, request.POST.get("next"))
    if address and may_see(request.user, address):
        return redirect(address)
    messages.success(request, f"Vous travaillez maintenant pour {profile.entity}.")
    return redirect("home")


def return_address(request, address):
    """The path of an address of this site, or nothing; never the pages of choice themselves."""
    allowed = {request.get_host()}
    if not address or not url_has_allowed_host_and_scheme(address, allowed_hosts=allowed):
        return ""
    path = address.removeprefix(f"{request.scheme}://{request.get_host()}")
    # asked again: what follows our own name may be « //elsewhere », another site for a browser
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return ""
    return "" if path.startswith((reverse("profiles:list"), "/comptes/")) else path


def may_see(user, address):
    """Whether the profile now in use opens the page: by its declaration, and by its place."""
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return False
    access = getattr(match.func, "access", RouteAccess())
    if not access.actions:
        return True
    if any(user.perimeter_to(action).is_national for action in access.actions):
        return True
    finess = match.kwargs.get("finess")
    if finess is None:
        return any(user.may(action) for action in access.actions)
    sites = Establishment.objects.filter(finess=finess)
    return any(sites.for_user(user, to=action).exists() for action in access.actions)
