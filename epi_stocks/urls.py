"""EPI-Stocks: the weekly inventory and the real-time view."""

app_name = "epi_stocks"
urlpatterns: list = []
