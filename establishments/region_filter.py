"""« Région »: who looks at the whole country looks at one region of it."""

from typing import Any

from django import forms
from django.http import QueryDict

from establishments.models import Region


class RegionFilter(forms.Form):
    """Blank keeps everything; a value that is not offered too. Nothing for those of a region."""

    region = forms.ChoiceField(label="Région", required=False)

    def __init__(self, data: QueryDict, *, is_country: bool) -> None:
        super().__init__(data)
        fields: Any = self.fields
        if is_country:
            fields["region"].choices = region_choices()
        else:
            del fields["region"]
        self.is_valid()

    @property
    def code(self) -> str:
        """The region chosen; empty: all of them."""
        found: str = self.cleaned_data.get("region", "")
        return found


def region_choices() -> list[tuple[str, str]]:
    regions = Region.objects.order_by("name").values_list("pk", "name")
    return [("", "France entière"), *regions]
