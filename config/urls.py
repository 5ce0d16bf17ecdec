"""All the addresses (`docs/addresses` tells why they are French and stable)."""

from django.conf import settings
from django.urls import include, path

from config import api, legal
from config.access.views import access
from config.aid import aid
from config.health import health
from config.news import changes
from config.replica.pages import read_on_replica
from config.search import search
from config.views import home
from medications.urls import addresses as medications
from pui.reach import Pharmacies

urlpatterns = [
    path("", home, name="home"),
    path("epi-stocks/", include("epi_stocks.urls")),  # first: each cell typed comes here
    path("dispostock/", include(medications(Pharmacies()))),
    path("dispostock/", include("pui.urls")),
    path("dispostock/", include("vaccines.urls")),
    path("distrilog/", include("orders.urls")),
    path("entraide/", aid, name="aid"),
    path("entraide/medicaments/", include("pui.urls.aid")),
    path("entraide/epi/", include("epi_stocks.aid_urls")),
    path("donnees/", include("steering.urls.open_data")),
    path("", include("steering.urls")),
    path("aide/", include("support.urls")),
    path("administration/textes/", include("support.texts.urls")),
    path("administration/", include("config.administration.urls")),
    path("changements/", changes, name="changes"),
    path("recherche/", search, name="search"),
    path("acces/", access, name="access"),
    path("sante/", health, name="health"),
    path("plan-du-site/", legal.sitemap, name="sitemap"),
    path("accessibilite/", legal.accessibility, name="accessibility"),
    path("mentions-legales/", legal.legal_notice, name="legal_notice"),
    path("donnees-personnelles/", legal.personal_data, name="personal_data"),
    path("cookies/", legal.cookies, name="cookies"),
    path("cgu/", legal.terms, name="terms"),
    path(".well-known/security.txt", legal.security_contact, name="security_contact"),
    path("robots.txt", legal.robots, name="robots"),
    path("comptes/", include("accounts.urls.account")),
    path("comptes/", include("accounts.urls.ways_in")),
    path("identite/", include("accounts.urls.identity")),
    path("api/v1/", api.urls),
    path("profils/", include("accounts.urls.profiles")),
    path("plage/", include("accounts.urls.plage")),
    path("invitation/", include("accounts.urls.invitation")),
    path("", include("establishments.urls")),
]
if settings.DATABASE_REPLICA_URL:
    read_on_replica(urlpatterns)
handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
