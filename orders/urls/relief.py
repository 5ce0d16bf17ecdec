"""« Demandes de dépannage » to the ARS."""

from django.urls import path

from orders.views import relief, relief_order

urlpatterns = [
    path("depannages/", relief.relief, name="relief"),
    path("depannages/demander/", relief.relief_new, name="relief_new"),
    path("depannages/fichier/<slug:kind>/", relief.relief_file, name="relief_file"),
    path("depannages/<int:pk>/", relief.relief_request, name="relief_request"),
    path("depannages/<int:pk>/commander/", relief_order.relief_order, name="relief_order"),
]
