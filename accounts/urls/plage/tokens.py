"""Tokens of machines."""

from django.urls import path

from accounts.views.plage import tokens

urlpatterns = [
    path("jetons/", tokens.tokens, name="tokens"),
    path("jetons/<int:number>/revoquer/", tokens.revoke, name="token_revoke"),
]
