"""Whether a tension has spread over regions: asked above every page, and most days none has."""

from typing import Final

from common.kept import Kept
from steering.models import Alert, AlertScale

SPREAD: Final = {"state__in": Alert.UNDER_WAY, "scale": AlertScale.COUNTRY, "is_spread": True}


def _is_one_under_way() -> bool:
    return Alert.objects.filter(**SPREAD).exists()


spread_under_way: Kept[bool] = Kept(_is_one_under_way, nothing=False)
