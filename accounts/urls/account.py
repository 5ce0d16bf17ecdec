"""One's own account: allauth's pages, each under a French address.

They are listed by hand: including allauth's own list beside would leave every page live twice. A
test compares this list with allauth's.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.urls import path, re_path

from accounts.views import legacy, mails
from accounts.views.own import account as own
from accounts.views.own import data, entrance, second_factor, sessions
from establishments.access import everyone, public

PUBLIC = {
    "account_login": ("connexion/", account.login),
    "account_logout": ("deconnexion/", account.logout),
    "account_inactive": ("inactif/", account.account_inactive),
    "account_signup": ("inscription/", account.signup),
    "account_email_verification_sent": (
        "inscription/verifier/",
        account.email_verification_sent,
    ),
    "account_confirm_login_code": ("connexion/code/", entrance.confirm_login_code),
    "account_reset_password": ("mot-de-passe/oublie/", account.password_reset),
    "account_reset_password_done": (
        "mot-de-passe/oublie/envoye/",
        account.password_reset_done,
    ),
    "account_reset_password_from_key_done": (
        "mot-de-passe/nouveau/",
        account.password_reset_from_key_done,
    ),
    "mfa_authenticate": ("connexion/second-facteur/", mfa.authenticate),
    "mfa_login_webauthn": ("connexion/cle/", webauthn.login_webauthn),
}
OWN = {
    "account_email": ("adresse/", account.email),
    "account_change_password": ("mot-de-passe/", account.password_change),
    "account_set_password": ("mot-de-passe/premier/", account.password_set),
    "account_reauthenticate": ("confirmer/", account.reauthenticate),
    "mfa_index": ("second-facteur/", second_factor.factors),
    "mfa_reauthenticate": ("confirmer/second-facteur/", mfa.reauthenticate),
    "mfa_activate_totp": ("second-facteur/application/", totp.activate_totp),
    "mfa_deactivate_totp": ("second-facteur/application/retirer/", totp.deactivate_totp),
    "mfa_view_recovery_codes": (
        "second-facteur/codes-de-secours/",
        recovery_codes.view_recovery_codes,
    ),
    "mfa_generate_recovery_codes": (
        "second-facteur/codes-de-secours/renouveler/",
        recovery_codes.generate_recovery_codes,
    ),
    "mfa_download_recovery_codes": (
        "second-facteur/codes-de-secours/fichier/",
        recovery_codes.download_recovery_codes,
    ),
    "mfa_list_webauthn": ("second-facteur/cles/", webauthn.list_webauthn),
    "mfa_add_webauthn": ("second-facteur/cles/ajouter/", webauthn.add_webauthn),
    "mfa_reauthenticate_webauthn": ("confirmer/cle/", webauthn.reauthenticate_webauthn),
    "mfa_remove_webauthn": ("second-facteur/cles/<int:pk>/retirer/", second_factor.remove_key),
    "mfa_edit_webauthn": ("second-facteur/cles/<int:pk>/", webauthn.edit_webauthn),
    "usersessions_list": ("sessions/", sessions.session_list),
}

urlpatterns = [
    *(path(address, public(view), name=name) for name, (address, view) in PUBLIC.items()),
    *(path(address, everyone(view), name=name) for name, (address, view) in OWN.items()),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("", own.account_home, name="own_home"),
    path("identite/", own.identity, name="own_identity"),
    path("historique/", own.connections, name="own_history"),
    path("donnees/", data.data, name="own_data"),
    path("fermer/", data.close, name="own_closing"),
    path("session/", sessions.session_time, name="session_time"),
    path("identifiant-oublie/", entrance.forgotten_identifier, name="forgotten_identifier"),
    path(
        "identifiant-oublie/envoye/",
        entrance.forgotten_identifier_done,
        name="forgotten_identifier_done",
    ),
    path("es/", legacy.claim, name="legacy_claim"),
    path("es/codes/", legacy.code_list, name="legacy_codes"),
    path("es/codes/<finess:finess>/", legacy.code_issue, name="legacy_code_issue"),
]
if settings.DEMO:
    urlpatterns.append(path("courriels/", mails.mail_list, name="demo_mails"))
