"""The national services that log people in; allauth looks for them in this module, by its name."""

import secrets

from allauth.socialaccount.providers.openid_connect.provider import (
    OpenIDConnectProvider,
    OpenIDConnectProviderAccount,
)
from django.urls import reverse

from accounts.identity.client import ServiceClient


class ServiceProvider(OpenIDConnectProvider):
    """An OpenID Connect service asked with a nonce, for what the settings say and nothing else.

    allauth lets the visitor add parameters in the address; here they could lower what is asked.
    """

    account_class = OpenIDConnectProviderAccount
    oauth2_adapter_class = ServiceClient
    supports_token_authentication = False

    def get_login_url(self, request, **kwargs):
        return reverse("way_in", args=[self.app.provider_id])

    def get_callback_url(self):
        return reverse("way_in_return", args=[self.app.provider_id])

    def get_scope_from_request(self, request):
        return self.get_scope()

    def get_auth_params_from_request(self, request, action):
        return self.get_auth_params()

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        """The nonce goes with the state, in the session of who asked."""
        nonce = secrets.token_urlsafe(32)
        kwargs["auth_params"] = self.get_auth_params() | {"nonce": nonce}
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)

    def extract_common_fields(self, data):
        """ProConnect and Pro Santé Connect name the family name each in their way."""
        told = data.get("userinfo") or {}
        fields = super().extract_common_fields(data)
        return fields | {"last_name": told.get("usual_name") or told.get("family_name")}

    def extract_email_addresses(self, data):
        """None is taken: one's address is proved here, by a code."""
        return []


class ProSanteConnectProvider(ServiceProvider):
    id = "pro_sante_connect"
    name = "Pro Santé Connect"


class ProConnectProvider(ServiceProvider):
    id = "proconnect"
    name = "ProConnect"


provider_classes = [ProSanteConnectProvider, ProConnectProvider]
