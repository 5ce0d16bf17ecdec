"""The administration of the platform: `/administration/`."""

from django.urls import path

from config.administration import measure_views, views

app_name = "administration"
urlpatterns = [
    path("", views.hub, name="hub"),
    path("regles-fixes/", views.fixed_rules, name="fixed"),
    path("sante/", views.health, name="health"),
    path("sante/travaux/", views.jobs, name="jobs"),
    path("sante/travaux/agir/", views.act_on_jobs, name="jobs_act"),
    path("sante/courriels/", views.mails, name="mails"),
    path("sante/objectif/", measure_views.errors, name="errors"),
    path("sante/durees/", measure_views.slowness, name="slowness"),
    path("sante/instructions/", measure_views.statements, name="statements"),
]
