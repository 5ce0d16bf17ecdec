"""PLAGE: the administration of profiles, one file for each of its sections."""

from accounts.urls.plage import ape, invitations, journal, people, requests, tokens

app_name = "plage"
urlpatterns = [
    *requests.urlpatterns,
    *people.urlpatterns,
    *invitations.urlpatterns,
    *ape.urlpatterns,
    *journal.urlpatterns,
    *tokens.urlpatterns,
]
