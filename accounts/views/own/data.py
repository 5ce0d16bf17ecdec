"""One's own data: take them away, and close the account."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import ClosingForm
from accounts.own_data import archive_of
from accounts.services.account import KEPT, close_account, left_without_administrator
from accounts.services.errors import AccountError
from establishments.access import everyone
from journal.services import record


@everyone
@reauthentication_required(allow_get=True)
def data(request):
    """All that the service holds on the person, in one file; asked by POST, told in the journal."""
    if request.method != "POST":
        return render(request, "accounts/data.html")
    record("account.data_exported", by=request.user, target=request.user.username)
    response = HttpResponse(archive_of(request.user), content_type="application/zip")
    name = f"mes-donnees-{timezone.localdate():%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@everyone
@sensitive_post_parameters("password")
@reauthentication_required(enabled=lambda request: not request.user.has_usable_password())
def close(request):
    """Close one's account, after the password and a warning to the last administrator."""
    form = ClosingForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            close_account(request.user, by=request.user)
        except AccountError as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, "Votre compte est fermé. Un courriel vous le confirme.")
            return redirect("home")
    context = {
        "form": form,
        "alone_on": left_without_administrator(request.user),
        "profiles": request.user.usable_profiles,
        "days": KEPT.days,
    }
    return render(request, "accounts/close.html", context)
