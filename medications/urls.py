"""The addresses of the lists of products, and of the national screens that change them."""

from django.urls import URLPattern, path

from medications.models import MonitoredList
from medications.reach import Reach
from medications.views.decisions import (
    EndView,
    FollowView,
    FrequencyView,
    PriorityView,
    RegroupView,
)
from medications.views.lists import list_file, product, product_list
from medications.views.settings import choose_product, settings

APP_NAME = "medications"
LISTS = {
    MonitoredList.Slug.OTHERS: "medicaments/ucd/",
    MonitoredList.Slug.FLU: "vaccins/grippe/ucd/",
    MonitoredList.Slug.COVID: "vaccins/covid/ucd/",
    MonitoredList.Slug.DEVICES: "vaccins/dispositifs/",
}
SETTINGS = "national/listes/"
PRODUCT = f"{SETTINGS}produits/<slug:code>/"
DECISIONS = {
    "settings_end": (f"{PRODUCT}terminer/", EndView),
    "settings_priority": (f"{PRODUCT}priorite/", PriorityView),
    "settings_regroup": (f"{PRODUCT}regrouper/", RegroupView),
    "settings_follow": (f"{SETTINGS}<slug:slug>/ajouter/<slug:code>/", FollowView),
    "settings_frequency": (f"{SETTINGS}<slug:slug>/frequence/", FrequencyView),
}


def addresses(reach: Reach) -> tuple[list[URLPattern], str]:
    """For ``include``: the national screens ask ``reach`` whom their decisions concern."""
    lists = [
        path(address, product_list, {"slug": slug.value}, name="list")
        for slug, address in LISTS.items()
    ]
    files = [
        path(f"{address}fichier/<str:kind>/", list_file, {"slug": slug.value}, name="list_file")
        for slug, address in LISTS.items()
    ]
    decisions = [
        path(address, view.as_view(reach=reach), name=name)
        for name, (address, view) in DECISIONS.items()
    ]
    others = [
        path("produits/<slug:code>/", product, name="product"),
        path(SETTINGS, settings, name="settings"),
        path(f"{SETTINGS}<slug:slug>/ajouter/", choose_product, name="settings_add"),
    ]
    return [*lists, *files, *others, *decisions], APP_NAME
