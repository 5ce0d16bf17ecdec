"""All the addresses (`docs/addresses` tells why they are French and stable)."""

from django.urls import include, path

from config.views import health, home

urlpatterns = [
    path("", home, name="home"),
    path("sante/", health, name="health"),
    path("comptes/", include("accounts.urls.account")),
    path("profils/", include("accounts.urls.profiles")),
    path("", include("establishments.urls")),
    path("epi-stocks/", include("epi_stocks.urls")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
