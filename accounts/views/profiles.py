"""One's own profiles: their states, and the one in use."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.choice import use_profile
from accounts.models import Profile
from accounts.waiting import explain
from establishments.access import RouteAccess, everyone
from establishments.models import Establishment


@everyone
def profile_list(request):
    """All of one's profiles, whatever their state, and what each waits for."""
    profiles = Profile.objects.for_list().filter(user=request.user)
    context = {
        "lines": [explain(profile, request.user) for profile in profiles],
        "may_choose": len(request.user.usable_profiles) > 1,
    }
    return render(request, "profiles/list.html", context)


@everyone
def choose(request):
    """Which profile to work under, right after login or from the header."""
    if len(request.user.usable_profiles) < 2:
        return redirect(return_address(request, request.GET.get("next")) or "profiles:list")
    came_from = request.GET.get("next") or request.headers.get("referer", "")
    profiles = Profile.objects.usable().for_list().filter(user=request.user)
    context = {
        "lines": [explain(profile, request.user) for profile in profiles],
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
    finess = match.kwargs.get("finess")
    if finess is None:
        return any(user.may(action) for action in access.actions)
    sites = Establishment.objects.filter(finess=finess)
    return any(sites.for_user(user, to=action).exists() for action in access.actions)
