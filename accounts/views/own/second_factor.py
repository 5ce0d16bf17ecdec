"""One's own second factors: what is missing is said, and the last required one stays."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.shortcuts import redirect

from accounts.conditions import email_code_suffices, second_factor_is_needed


class FactorsView(IndexView):
    """The page where one is sent while a required second factor is missing."""

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "is_needed": second_factor_is_needed(user),
            "is_held": user.has_second_factor,
            "code_by_email": email_code_suffices(user),
        }


class RemoveKeyView(RemoveWebAuthnView):
    """allauth's removes any key; the last second factor that a role requires stays."""

    def form_valid(self, form):
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        return super().form_valid(form)


factors = FactorsView.as_view()
remove_key = RemoveKeyView.as_view()
