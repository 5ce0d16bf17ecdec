"""Waves, delivery plan, vials: SPF and the pivot hospitals; the vaccines of the national cell."""

from django.urls import path

from vaccines.views import plans, vaccines, waves

ROOT = "vaccins/covid/vagues/"
ONE = f"{ROOT}<int:pk>/"
VACCINES = "vaccins/covid/vaccins/"

urlpatterns = [
    path(ROOT, waves.waves, name="waves"),
    path(f"{ROOT}nouvelle/", waves.wave_new, name="wave_new"),
    path(f"{ROOT}modele/", waves.wave_template, name="wave_template"),
    path(f"{ROOT}refus/", waves.wave_errors, name="wave_errors"),
    path(ONE, plans.wave, name="wave"),
    path(f"{ONE}ajouter/", waves.wave_add, name="wave_add"),
    path(f"{ONE}date-limite/", waves.wave_deadline, name="wave_deadline"),
    path(f"{ONE}pui/", plans.wave_puis, name="wave_puis"),
    path(f"{ONE}proposer/", plans.wave_propose, name="wave_propose"),
    path(f"{ONE}plan/", plans.wave_plan, name="wave_plan"),
    path(f"{ONE}telecharger/<str:kind>/", plans.wave_file, name="wave_file"),
    path(VACCINES, vaccines.vaccines, name="vaccines"),
    path(f"{VACCINES}nouveau/", vaccines.vaccine_new, name="vaccine_new"),
    path(f"{VACCINES}<int:pk>/", vaccines.vaccine, name="vaccine"),
    path(f"{VACCINES}<int:pk>/flacons/", vaccines.vaccine_vial, name="vaccine_vial"),
]
