"""What an ARS, an OMEDIT and the national cell follow: stocks of a territory, late pharmacies."""

from django.urls import path

from pui.views import region, region_donors, region_late

urlpatterns = [
    path("region/", region.region, name="region"),
    path("region/telecharger/<slug:table>/<slug:kind>/", region.region_file, name="region_file"),
    path("region/depanner/", region_donors.donors, name="donors"),
    path("region/retards/", region_late.late, name="late"),
    path("region/retards/relancer/", region_late.remind, name="remind"),
    path("region/retards/telecharger/<slug:kind>/", region_late.late_file, name="late_file"),
]
