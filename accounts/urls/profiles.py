"""One's own profiles, and what one asks for."""

from django.urls import path

from accounts.views import profiles, requests

app_name = "profiles"
urlpatterns = [
    path("", profiles.profile_list, name="list"),
    path("choisir/", profiles.choose, name="choose"),
    path("utiliser/", profiles.use, name="use"),
    path("demander/", requests.ask, name="ask"),
    path("demander/resultats/", requests.ask_results, name="ask_results"),
    path("demander/structures/<int:number>/", requests.ask_body, name="ask_body"),
    path("demander/<finess:finess>/", requests.ask_place, name="ask_place"),
    path("demandes/<int:number>/", requests.request_sent, name="request"),
    path("demandes/<int:number>/annuler/", requests.cancel, name="cancel"),
    path("demandes/<int:number>/relancer/", requests.remind_deciders, name="remind"),
    path("<int:number>/", profiles.profile_detail, name="detail"),
    path("<int:number>/coordonnees/", profiles.contact, name="contact"),
    path("<int:number>/adresse/renvoyer/", profiles.send_confirmation, name="send_confirmation"),
    path("<int:number>/adresse/<str:token>/", profiles.confirm, name="confirm_address"),
    path("<int:number>/habilitations/", requests.ask_more, name="ask_more"),
    path("<int:number>/terminer/", profiles.leave_profile, name="leave"),
]
