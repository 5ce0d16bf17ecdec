"""« Répartition »: the share-outs of the country, of a region, what a pharmacy receives."""

from django.urls import path

from pui.views import sharing, sharing_region

ROOT = "medicaments/repartition/"
ONE = f"{ROOT}<int:pk>/"
REGION = f"{ONE}region/<slug:code>/"

urlpatterns = [
    path(ROOT, sharing.sharing, name="sharing"),
    path(f"{ROOT}nouvelle/", sharing.sharing_new, name="sharing_new"),
    path(f"{ROOT}reception/<int:pk>/", sharing_region.sharing_receive, name="sharing_receive"),
    path(ONE, sharing.sharing_detail, name="sharing_detail"),
    path(f"{ONE}publier/", sharing.sharing_publish, name="sharing_publish"),
    path(f"{ONE}annuler/", sharing.sharing_cancel, name="sharing_cancel"),
    path(f"{ONE}telecharger/<slug:kind>/", sharing.sharing_file, name="sharing_file"),
    path(REGION, sharing_region.sharing_region, name="sharing_region"),
    path(f"{REGION}reprendre/", sharing_region.sharing_resume, name="sharing_resume"),
    path(
        f"{REGION}telecharger/<slug:kind>/",
        sharing_region.sharing_region_file,
        name="sharing_region_file",
    ),
]
