"""The words of the site: `/administration/textes/`."""

from django.urls import path

from support.texts import views

app_name = "texts"
urlpatterns = [
    path("", views.texts, name="texts"),
    path("annonces/nouvelle/", views.announcement_new, name="announcement_new"),
    path("annonces/<int:pk>/retirer/", views.announcement_end, name="announcement_end"),
    path("<slug:slug>/", views.text, name="text"),
]
