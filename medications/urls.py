"""The addresses of the lists of products."""

app_name = "medications"
urlpatterns: list = []
