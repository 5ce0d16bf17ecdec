"""What anybody may read of how the service is used: `/stats/`."""

from django.urls import URLPattern, path

from steering.views import stats

urlpatterns: list[URLPattern] = [
    path("stats/", stats.stats, name="stats"),
    path("stats/stats.csv", stats.stats_file, name="stats_file"),
    path("stats/schema.json", stats.stats_schema, name="stats_schema"),
]
