"""The other ways in. What allauth names and we do not use leads back to the login page."""

from django.urls import path

from accounts.views.identity import ways_in

urlpatterns = [
    path("connexion/service/<slug:provider_id>/", ways_in.leave, name="way_in"),
    path("connexion/service/<slug:provider_id>/retour/", ways_in.come_back, name="way_in_return"),
    path("identites/", ways_in.links, name="socialaccount_connections"),
    path("identites/relier/", ways_in.link_identity, name="way_in_link"),
    path("identites/activites/", ways_in.activities, name="way_in_activities"),
    path("connexion/annulee/", ways_in.nothing_here, name="socialaccount_login_cancelled"),
    path("connexion/manquee/", ways_in.nothing_here, name="socialaccount_login_error"),
    path("connexion/creer/", ways_in.nothing_here, name="socialaccount_signup"),
]
