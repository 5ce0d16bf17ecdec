"""Ways back to one's account: the identifier by mail, the code that stands for a second factor."""

from allauth.account.adapter import get_adapter
from allauth.account.views import ConfirmLoginCodeView
from allauth.core import ratelimit
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.backends import person_named
from accounts.forms import ForgottenIdentifierForm
from accounts.limits import SECOND_FACTOR_FAILURES, TooManyFailuresError
from establishments.access import public
from journal.services import record


@public
def forgotten_identifier(request):
    """Send the identifier to the address; the page answers alike whoever exists, and waits alike.

    A mail leaves in both cases: an address without account is told so, in its own letter box.
    """
    form = ForgottenIdentifierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        if not ratelimit.consume(request, action="reset_password", key=f"identifier {email}"):
            form.add_error(None, get_adapter().error_messages["rate_limited"])
        else:
            send_identifier(request, email)
            return redirect("forgotten_identifier_done")
    return render(request, "account/identifier.html", {"form": form})


def send_identifier(request, email: str) -> None:
    person = person_named(email)
    is_known = person is not None and person.is_active and person.email.lower() == email
    context = {
        "user": person,
        "email": email,
        "login_url": request.build_absolute_uri(reverse("account_login")),
        "signup_url": request.build_absolute_uri(reverse("account_signup")),
    }
    prefix = "account/email/identifier" if is_known else "account/email/unknown_identifier"
    get_adapter().send_mail(prefix, email, context)


@public
def forgotten_identifier_done(request):
    """The same page for everybody."""
    return render(request, "account/identifier_done.html")


class LoginCodeView(ConfirmLoginCodeView):
    """allauth's, whose wrong codes count on the person and not on the code sent last."""

    attempt = None

    def post(self, request, *args, **kwargs):
        if self._action == "verify":
            try:
                self.attempt = SECOND_FACTOR_FAILURES.begin(f"account {self._process.user.pk}")
            except TooManyFailuresError as locked:
                form = self.get_form()
                form.add_error(None, str(locked))
                return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        if self.attempt:
            self.attempt.succeed()
        return super().form_valid(form)

    def form_invalid(self, form):
        record("account.factor_failed", by=None, target=self._process.user.username)
        return super().form_invalid(form)


confirm_login_code = LoginCodeView.as_view()
