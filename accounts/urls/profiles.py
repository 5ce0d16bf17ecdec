"""One's own profiles."""

from django.urls import path

from accounts.views import profiles

app_name = "profiles"
urlpatterns = [
    path("", profiles.profile_list, name="list"),
    path("choisir/", profiles.choose, name="choose"),
    path("utiliser/", profiles.use, name="use"),
]
