"""The addresses of Distrilog-Santé, by subject."""

from orders.urls import (
    addresses,
    capacities,
    catalogue,
    consortium,
    dashboards,
    doctrine,
    following,
    logistics,
    quotas,
    relief,
    tension,
)

app_name = "orders"
urlpatterns = [
    *tension.urlpatterns,
    *doctrine.urlpatterns,
    *quotas.urlpatterns,
    *capacities.urlpatterns,
    *catalogue.urlpatterns,
    *addresses.urlpatterns,
    *following.urlpatterns,
    *relief.urlpatterns,
    *logistics.urlpatterns,
    *consortium.urlpatterns,
    *dashboards.urlpatterns,
]
