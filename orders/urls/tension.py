"""The start page, registration, tensions and what feeds the decision, who may order."""

from django.urls import path

from orders.views import (
    beneficiaries,
    difficulties,
    questions,
    registration,
    start,
    tensions,
    watch,
)

urlpatterns = [
    path("", start.start, name="start"),
    path("questions/", questions.questions, name="questions"),
    path("inscription/", registration.registration, name="registration"),
    path("tension/", watch.watch, name="watch"),
    path("tension/fichier/<slug:kind>/", watch.watch_file, name="watch_file"),
    path("tension/equipements/<int:pk>/", watch.watched_item, name="watched_item"),
    path("tension/declarees/", tensions.tensions, name="tensions"),
    path("tension/declarer/", tensions.DeclareView.as_view(), name="tension_declare"),
    path("tension/declarees/<int:pk>/fin/", tensions.EndView.as_view(), name="tension_end"),
    path(
        "tension/declarees/<int:pk>/annuler/", tensions.CancelView.as_view(), name="tension_cancel"
    ),
    path("tension/difficultes/", difficulties.difficulties, name="difficulties"),
    path(
        "tension/difficultes/fichier/<slug:kind>/",
        difficulties.difficulties_file,
        name="difficulties_file",
    ),
    path("tension/difficultes/signaler/", difficulties.report, name="difficulty_new"),
    path("tension/difficultes/<int:pk>/clore/", difficulties.close, name="difficulty_close"),
    path("beneficiaires/", beneficiaries.beneficiaries, name="beneficiaries"),
    path(
        "beneficiaires/fichier/<slug:kind>/",
        beneficiaries.beneficiaries_file,
        name="beneficiaries_file",
    ),
    path("beneficiaires/mise-a-jour/", beneficiaries.refresh, name="beneficiaries_refresh"),
    path("beneficiaires/regions/", beneficiaries.served_regions, name="served_regions"),
    path("beneficiaires/regions/<slug:code>/", beneficiaries.RegionView.as_view(), name="region"),
]
