"""Dashboards of orders for the regions and the country."""

from django.urls import path

from orders.views import dashboards

urlpatterns = [
    path("tableaux/", dashboards.dashboard, name="dashboard"),
    path("tableaux/stock/", dashboards.state_stock, name="state_stock"),
    path(
        "tableaux/stock/fichier/<slug:kind>/", dashboards.state_stock_file, name="state_stock_file"
    ),
    path(
        "tableaux/fichier/<slug:table>/<slug:kind>/",
        dashboards.dashboard_file,
        name="dashboard_file",
    ),
]
