"""« Demande vaccins grippe »: needs of a season, what was delivered; campaigns."""

from django.urls import path

from vaccines.views import flu, flu_campaigns, flu_followed

ROOT = "vaccins/grippe/demande/"
SETTINGS = "national/grippe/"

urlpatterns = [
    path(ROOT, flu.flu, name="flu"),
    path(f"{ROOT}livre/", flu.flu_delivered, name="flu_delivered"),
    path(f"{ROOT}pui/<int:pk>/", flu.flu_pui, name="flu_pui"),
    path(f"{ROOT}telecharger/<slug:kind>/", flu_followed.flu_file, name="flu_file"),
    path(SETTINGS, flu_campaigns.campaigns, name="flu_campaigns"),
    path(f"{SETTINGS}nouvelle/", flu_campaigns.NewCampaignView.as_view(), name="flu_campaign_new"),
    path(f"{SETTINGS}<int:pk>/", flu_campaigns.CampaignView.as_view(), name="flu_campaign"),
    path(f"{SETTINGS}publics/nouveau/", flu_campaigns.NewGroupView.as_view(), name="flu_group_new"),
    path(f"{SETTINGS}publics/<int:pk>/", flu_campaigns.GroupView.as_view(), name="flu_group"),
]
