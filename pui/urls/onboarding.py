"""« Ouverture des PUI »: the calendar, the lists of the regions, their lines."""

from django.urls import path

from pui.views import (
    onboarding,
    onboarding_filling,
    onboarding_national,
    onboarding_steps,
)

ROOT = "region/pui/"
LINE = f"{ROOT}ligne/<int:pk>/"
REGION = f"{ROOT}<slug:code>/"

urlpatterns = [
    path(ROOT, onboarding.onboarding, name="onboarding"),
    path(
        f"{ROOT}avancement/<slug:kind>/", onboarding.progress_file, name="onboarding_progress_file"
    ),
    path(f"{ROOT}sources/", onboarding_national.onboarding_sources, name="onboarding_sources"),
    path(f"{ROOT}sources/etablir/", onboarding_national.onboarding_make, name="onboarding_make"),
    path(
        f"{ROOT}sources/refus/",
        onboarding_national.onboarding_sources_errors,
        name="onboarding_sources_errors",
    ),
    path(LINE, onboarding_filling.onboarding_line, name="onboarding_line"),
    path(
        f"{LINE}valider/",
        onboarding_steps.onboarding_validate_line,
        name="onboarding_validate_line",
    ),
    path(f"{LINE}lettre/", onboarding_steps.onboarding_letter, name="onboarding_letter"),
    path(REGION, onboarding.onboarding_region, name="onboarding_region"),
    path(f"{REGION}calendrier/", onboarding_national.onboarding_switch, name="onboarding_switch"),
    path(f"{REGION}liste/", onboarding.onboarding_file, name="onboarding_file"),
    path(f"{REGION}ajouter/", onboarding_filling.onboarding_add, name="onboarding_add"),
    path(f"{REGION}envoyer/", onboarding_filling.onboarding_upload, name="onboarding_upload"),
    path(
        f"{REGION}envoyer/enregistrer/",
        onboarding_filling.onboarding_apply,
        name="onboarding_apply",
    ),
    path(f"{REGION}envoyer/refus/", onboarding_filling.onboarding_errors, name="onboarding_errors"),
    path(f"{REGION}valider/", onboarding_steps.onboarding_validate, name="onboarding_validate"),
    path(f"{REGION}pharmaciens/", onboarding_steps.onboarding_tell, name="onboarding_tell"),
]
