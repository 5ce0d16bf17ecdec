"""One renderer for every form: ours, allauth's and the filters' come out in the design system."""

from dsfr.forms import DsfrBoundField, DsfrDjangoTemplates
from dsfr.utils import dsfr_input_class_attr


class BoundField(DsfrBoundField):
    """A field drawn by the design system, its help and its errors both tied to the input."""

    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        dsfr_input_class_attr(self)


class DsfrRenderer(DsfrDjangoTemplates):
    """The project's form renderer (FORM_RENDERER)."""

    form_template_name = "dsfr/form_snippet.html"
    bound_field_class = BoundField
