"""What anybody may read, without an account: `/donnees/`."""

from django.urls import path

from pui.views import open_data

urlpatterns = [
    path("", open_data.open_data, name="open_data"),
    path("schema.json", open_data.open_data_schema, name="open_data_schema"),
    path("<slug:name>.csv", open_data.open_data_file, name="open_data_file"),
]
