"""Whether an urgent message is in force: asked above every page, and most days there is none."""

from common.kept import Kept
from steering.models import Message


def _is_one_in_force() -> bool:
    return Message.objects.in_force().filter(is_urgent=True).exists()


urgent_in_force: Kept[bool] = Kept(_is_one_in_force, nothing=False)
