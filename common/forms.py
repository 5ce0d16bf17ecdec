"""One renderer for every form: ours, allauth's and the filters' come out in the design system.

Nothing to subclass: ``FORM_RENDERER`` draws ``{{ form }}``, ``{{ field.as_field_group }}`` and the
bare ``{{ field }}`` alike. The templates are in ``templates/forms/``.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates

CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)
UNSTYLED = (forms.CheckboxInput, *CHOICES)
ISO_DAY = "%Y-%m-%d"  # what the browser's own field for a day sends and takes


def day_field(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    """A day, typed in the browser's own field."""
    widget = forms.DateInput({"type": "date"}, ISO_DAY)
    return forms.DateField(label=label, help_text=help_text, widget=widget, required=required)


def search_field(label: str, longest: int = 100, **attrs: str) -> forms.CharField:
    """Words to find, in a row of filters: none keeps everything."""
    widget = forms.TextInput({"type": "search"} | attrs)
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget)


class BoundField(forms.BoundField):
    """A field drawn by the design system, its help and its errors both tied to the input."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        field.label_suffix = ""
        if not isinstance(field.widget, UNSTYLED) and not self.is_hidden:
            field.widget.attrs.setdefault("class", f"fr-{self.kind}")

    @property
    def kind(self) -> str:
        """Name the component: « input », « select », « upload », « checkbox » or « choices »."""
        widget = self.field.widget
        if isinstance(widget, CHOICES):
            return "choices"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.Select):
            return "select"
        return "upload" if isinstance(widget, forms.FileInput) else "input"

    @property
    def template_name(self) -> str:
        if chosen := getattr(self.field, "template_name", None):
            return str(chosen)
        if self.kind in ("choices", "checkbox"):
            return f"forms/{self.kind}.html"
        return "forms/password.html" if self.is_password else "forms/field.html"

    @property
    def is_password(self) -> bool:
        return isinstance(self.field.widget, forms.PasswordInput)

    @property
    def is_marked_optional(self) -> bool:
        """Say « facultatif » only beside compulsory fields: a row of filters needs no such word."""
        fields = self.form.fields.values()
        return not self.field.required and any(field.required for field in fields)

    @property
    def help_id(self) -> str:
        return f"{self.auto_id}_helptext" if self.help_text else ""

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}_error" if self.errors else ""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Describe the input by its own words, its help and its errors, in reading order."""
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        if (widget or self.field.widget).is_hidden or self.kind == "choices":
            return built
        own = attrs.get("aria-describedby") or self.field.widget.attrs.get("aria-describedby")
        if described_by := " ".join(filter(None, [own, self.help_id, self.error_id])):
            built["aria-describedby"] = described_by
        return built


class DsfrRenderer(DjangoTemplates):
    """The project's form renderer (``FORM_RENDERER``)."""

    form_template_name = "forms/form.html"
    bound_field_class = BoundField

    @cached_property
    def engine(self) -> Any:
        """Look in our templates first, then in Django's own."""
        folders = [settings.BASE_DIR / "templates", Path(forms.__file__).parent / "templates"]
        return self.backend(
            {"APP_DIRS": True, "DIRS": folders, "NAME": "djangoforms", "OPTIONS": {}}
        )
