"""The FINESS directory."""

app_name = "establishments"
urlpatterns: list = []
