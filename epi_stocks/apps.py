from django.apps import AppConfig


class EpiStocksConfig(AppConfig):
    name = "epi_stocks"
    verbose_name = "EPI-Stocks"
