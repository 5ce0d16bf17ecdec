"""The FINESS directory."""

from django.urls import path

from establishments.views import beneficiary_categories, directory, imports, main_site

app_name = "establishments"
urlpatterns = [
    path("etablissements/", directory.search, name="search"),
    path(
        "etablissements/categories-beneficiaires/",
        beneficiary_categories.beneficiary_categories,
        name="beneficiary_categories",
    ),
    path(
        "etablissements/categories-beneficiaires/ouvrir/",
        beneficiary_categories.OpenCategory.as_view(),
        name="beneficiary_category_open",
    ),
    path(
        "etablissements/categories-beneficiaires/<slug:code>/fermer/",
        beneficiary_categories.CloseCategory.as_view(),
        name="beneficiary_category_close",
    ),
    path("etablissements/import/", imports.import_list, name="imports"),
    path("etablissements/import/<int:pk>/", imports.import_detail, name="import"),
    path(
        "etablissements/import/<int:pk>/confirmer/", imports.import_confirm, name="import_confirm"
    ),
    path("etablissements/import/<int:pk>/abandonner/", imports.import_cancel, name="import_cancel"),
    path("etablissements/import/<int:pk>/relancer/", imports.import_restart, name="import_restart"),
    path(
        "etablissements/import/<int:pk>/remarques/", imports.import_remarks, name="import_remarks"
    ),
    path("etablissements/<finess:finess>/", directory.detail, name="detail"),
    path("etablissements/<finess:finess>/principal/", main_site.main_site, name="main_site"),
    path("entites/<finess:finess>/", directory.entity, name="entity"),
]
