"""One's own profiles."""

app_name = "profiles"
urlpatterns: list = []
