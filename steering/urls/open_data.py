"""Open data: `/donnees/`. The names have no prefix: they were there before this floor."""

from django.urls import URLPattern, path

from steering.views import open_data

urlpatterns: list[URLPattern] = [
    path("", open_data.open_data, name="open_data"),
    path("schema.json", open_data.open_data_schema, name="open_data_schema"),
    path("datapackage.json", open_data.open_data_package, name="open_data_package"),
    path("catalogue.jsonld", open_data.open_data_catalogue, name="open_data_catalogue"),
    path("<slug:name>.csv", open_data.open_data_file, name="open_data_file"),
    path("<slug:slug>/", open_data.open_data_set, name="open_data_set"),
    path("<slug:slug>/schema.json", open_data.open_data_set_schema, name="open_data_set_schema"),
]
