"""PASREL as OpenID Connect provider: allauth's pages, each under a French address.

They are listed by hand; a test compares this list with allauth's. Two are left out on purpose: a
device that shows a code lets somebody log another person in (RFC 8628 §5.4).
"""

from allauth.idp.oidc import views as allauth_views
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from accounts.views.identity import authorization, logout, machines
from establishments.access import machine, public

PAGES = {
    "authorization": ("autoriser/", authorization.AuthorizationView.as_view()),
    "logout": ("deconnexion/", logout.LogoutView.as_view()),
    "configuration": (".well-known/openid-configuration", machines.configuration),
    "jwks": ("cles.json", allauth_views.jwks),
}
MACHINES = {
    "token": ("jeton/", machines.TokenView.as_view()),
    "userinfo": ("personne/", machines.UserInfoView.as_view()),
    "revoke": ("revocation/", machines.RevokeView.as_view()),
}

oidc_patterns = [
    *(path(address, public(view), name=name) for name, (address, view) in PAGES.items()),
    *(
        path(address, machine(csrf_exempt(view)), name=name)
        for name, (address, view) in MACHINES.items()
    ),
]

app_name = "idp"
urlpatterns = [path("", include((oidc_patterns, "oidc")))]
