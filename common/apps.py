from django.apps import AppConfig
from django.urls import register_converter

from common.converters import DayConverter, FinessConverter, WeekConverter


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "parties communes"

    def ready(self) -> None:
        """Weeks and FINESS numbers can stand in the addresses of every app."""
        register_converter(WeekConverter, "week")
        register_converter(DayConverter, "day")
        register_converter(FinessConverter, "finess")
