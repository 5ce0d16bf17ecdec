"""Leaving: an application sends somebody here, and what they entered with ends."""

from allauth.idp.oidc import views as allauth_views
from allauth.idp.oidc.forms import RPInitiatedLogoutForm
from django.db import transaction
from django.shortcuts import render

from accounts.identity import entry
from accounts.identity.checks import origins_of
from accounts.models import SignOn


class LogoutForm(RPInitiatedLogoutForm):
    """The address of return is exactly one that the application registered for leaving."""

    def clean(self):
        """allauth would take any address of the same origin: it is not asked."""
        asked = self.cleaned_data.pop("post_logout_redirect_uri", "")
        cleaned = super().clean()
        client = cleaned.get("client")
        registered = client.get_post_logout_redirect_uris() if client else []
        if asked and asked not in registered:
            self.add_error("post_logout_redirect_uri", "adresse de retour inconnue")
        return cleaned | {"post_logout_redirect_uri": asked or None}


class LogoutView(allauth_views.LogoutView):
    """Asked of the person unless the application shows the ID token of the session itself."""

    form_class = LogoutForm
    template_name = "identity/logout.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        client = context["form"].cleaned_data.get("client") if context["form"].is_valid() else None
        if client:
            self.request.form_origins = origins_of(client.application)
        return context | {"application": client}

    def form_invalid(self, form):
        reason = (
            "L’adresse de retour demandée n’est pas celle que cette application a enregistrée. "
            "Votre session est restée ouverte."
        )
        return render(self.request, "identity/error.html", {"reason": reason}, status=400)

    @transaction.atomic
    def _handle(self, form, op_logout: bool):
        for sign_on in self.sign_ons(form.cleaned_data["client"], everywhere=op_logout):
            entry.end(sign_on)
        return super()._handle(form, op_logout)

    def sign_ons(self, client, *, everywhere: bool) -> list[SignOn]:
        """Those of this session: all when it ends, else those of the application being left."""
        if not self.request.user.is_authenticated:
            return []
        here = SignOn.objects.living().filter(
            user=self.request.user, session__session_key=self.request.session.session_key
        )
        if not everywhere:
            here = here.filter(application__client=client)
        return list(here.select_related("application__client", "user"))
