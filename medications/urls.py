"""The addresses of the lists of products, and of the national screens that change them."""

from django.urls import path

from medications.models import MonitoredList
from medications.views.lists import list_file, product, product_list

LISTS = {
    MonitoredList.Slug.OTHERS: "medicaments/ucd/",
    MonitoredList.Slug.FLU: "vaccins/grippe/ucd/",
    MonitoredList.Slug.COVID: "vaccins/covid/ucd/",
    MonitoredList.Slug.DEVICES: "vaccins/dispositifs/",
}

app_name = "medications"
urlpatterns = [
    *(
        path(address, product_list, {"slug": slug.value}, name="list")
        for slug, address in LISTS.items()
    ),
    *(
        path(f"{address}fichier/<str:kind>/", list_file, {"slug": slug.value}, name="list_file")
        for slug, address in LISTS.items()
    ),
    path("produits/<slug:code>/", product, name="product"),
]
