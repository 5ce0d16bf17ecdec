"""Alert rules and alerts: `/alertes/`."""

from django.urls import URLPattern, path

from steering.views import alert_rules, alerts

urlpatterns: list[URLPattern] = [
    path("alertes/", alerts.alerts, name="alerts"),
    path("alertes/fichier/<slug:kind>/", alerts.alerts_file, name="alerts_file"),
    path("alertes/courriels/", alerts.mails, name="alert_mails"),
    path("alertes/regles/", alert_rules.rules, name="alert_rules"),
    path("alertes/regles/nouvelle/", alert_rules.NewRuleView.as_view(), name="alert_rule_new"),
    path("alertes/regles/<int:pk>/", alert_rules.rule, name="alert_rule"),
    path(
        "alertes/regles/<int:pk>/changer/",
        alert_rules.ChangeRuleView.as_view(),
        name="alert_rule_change",
    ),
    path(
        "alertes/regles/<int:pk>/arreter/",
        alert_rules.StopRuleView.as_view(),
        name="alert_rule_stop",
    ),
    path(
        "alertes/regles/<int:pk>/reprendre/",
        alert_rules.ResumeRuleView.as_view(),
        name="alert_rule_resume",
    ),
    path("alertes/<int:pk>/", alerts.alert, name="alert"),
    path("alertes/<int:pk>/acquitter/", alerts.acknowledge, name="alert_acknowledge"),
    path("alertes/<int:pk>/commenter/", alerts.comment, name="alert_comment"),
]
