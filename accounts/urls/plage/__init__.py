"""PLAGE: the administration of profiles, one file for each of its sections."""

from django.urls import path

from accounts.urls.plage import ape, invitations, journal, people, requests, tokens
from accounts.views.plage.start import start

app_name = "plage"
urlpatterns = [
    path("", start, name="start"),
    *requests.urlpatterns,
    *people.urlpatterns,
    *invitations.urlpatterns,
    *ape.urlpatterns,
    *journal.urlpatterns,
    *tokens.urlpatterns,
]
