"""Doctrines, capacities, share-outs, and each one's calculation."""

from django.urls import path

from orders.views import allocations, comparing, quotas

BASE = "contingentement/"

urlpatterns = [
    path(BASE, quotas.quotas, name="quotas"),
    path(f"{BASE}repartitions/", allocations.allocations, name="allocations"),
    path(f"{BASE}repartitions/nouvelle/", allocations.new, name="allocation_new"),
    path(f"{BASE}repartitions/comparer/", comparing.comparison, name="allocation_compare"),
    path(
        f"{BASE}repartitions/comparer/<str:kind>/",
        comparing.comparison_file,
        name="allocation_compare_file",
    ),
    path(f"{BASE}repartitions/<int:pk>/", allocations.allocation, name="allocation"),
    path(f"{BASE}repartitions/<int:pk>/ajuster/", allocations.adjusted, name="allocation_adjust"),
    path(f"{BASE}repartitions/<int:pk>/<str:verb>/", allocations.act, name="allocation_act"),
    path(
        f"{BASE}ajustements/<int:pk>/retirer/",
        allocations.adjustment_removed,
        name="adjustment_removed",
    ),
    path(f"{BASE}contingents/", quotas.quota_list, name="quota_list"),
    path(f"{BASE}contingents/telecharger/<str:kind>/", quotas.quota_file, name="quota_file"),
    path(f"{BASE}contingents/<int:pk>/", quotas.quota, name="quota"),
    path(f"{BASE}contingents/<int:pk>/exceptionnel/", quotas.extra, name="quota_extra"),
    path(
        f"{BASE}exceptionnels/<int:pk>/reprendre/",
        quotas.extra_withdrawn,
        name="quota_extra_withdrawn",
    ),
    path(f"{BASE}equipements/<slug:code>/", quotas.own_quota, name="own_quota"),
]
