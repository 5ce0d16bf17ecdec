"""The link of an invitation, and the page that it opens."""

from django.urls import path

from accounts.views import invitation

urlpatterns = [
    path("", invitation.invitation_page, name="invitation"),
    path("<str:token>/", invitation.follow_link, name="invitation_accept"),
]
