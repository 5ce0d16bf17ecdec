"""Every form comes out in the design system, its help and its errors tied to the input."""

import pytest
from django import forms

from tests.html_rules import html_faults


class EveryKind(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Nom", help_text="Comme sur votre carte.")
    kind = forms.ChoiceField(label="Nature", choices=[("a", "A"), ("b", "B")], required=False)
    file = forms.FileField(label="Fichier", help_text="XLSX ou CSV, 10 Mo au plus.")
    agreed = forms.BooleanField(label="J’ai relu")
    choice = forms.ChoiceField(
        label="Décision", choices=[("yes", "Oui"), ("no", "Non")], widget=forms.RadioSelect
    )
    several = forms.MultipleChoiceField(
        label="Sites", choices=[("1", "Un")], widget=forms.CheckboxSelectMultiple, required=False
    )
    password = forms.CharField(label="Mot de passe", widget=forms.PasswordInput)
    token = forms.CharField(widget=forms.HiddenInput)


class Filters(forms.Form):
    """A row of filters: nothing is compulsory."""

    town = forms.CharField(label="Commune", required=False)


def as_page(form) -> str:
    return (
        "<!DOCTYPE html><html lang='fr'><title>a — b</title><h1>a</h1>"
        f"<form method='get'>{form}</form></html>"
    )


@pytest.mark.parametrize("data", [None, {}])
def test_a_form_of_every_kind_is_sound_html(data):
    assert html_faults(as_page(EveryKind(data))) == []


def test_the_help_describes_the_input():
    assert 'aria-describedby="id_name_helptext"' in str(EveryKind()["name"])


def test_an_error_is_added_to_the_help_and_does_not_replace_it():
    field = str(EveryKind({})["name"])
    assert 'aria-describedby="id_name_helptext id_name_error"' in field
    assert 'aria-invalid="true"' in field


def test_a_description_of_ones_own_comes_first():
    class Described(forms.Form):
        name = forms.CharField(
            help_text="x", widget=forms.TextInput(attrs={"aria-describedby": "rule"})
        )

    assert 'aria-describedby="rule id_name_helptext"' in str(Described()["name"])


@pytest.mark.parametrize(
    ("name", "css"),
    [("name", "fr-input"), ("kind", "fr-select"), ("file", "fr-upload"), ("password", "fr-input")],
)
def test_each_kind_has_its_class(name, css):
    form = EveryKind()
    assert f'class="{css}"' in str(form[name])


def test_a_file_stands_in_its_own_group():
    assert "fr-upload-group" in EveryKind()["file"].as_field_group()


def test_radio_buttons_are_a_fieldset_with_a_legend():
    html = EveryKind({})["choice"].as_field_group()
    assert "<fieldset" in html
    assert "fr-fieldset--error" in html
    assert 'aria-labelledby="id_choice_legend id_choice_error"' in html


def test_optional_is_said_beside_compulsory_fields_only():
    assert "facultatif" in EveryKind()["kind"].as_field_group()
    assert "facultatif" not in EveryKind()["name"].as_field_group()
    assert "facultatif" not in str(Filters())


def test_what_a_person_typed_is_escaped():
    class Named(forms.Form):
        name = forms.CharField(max_length=3)

    html = str(Named({"name": "<script>x</script>"}))
    assert "<script>" not in html


def test_a_help_text_made_of_what_somebody_typed_is_not_read_as_html():
    class Beside(forms.Form):
        name = forms.CharField(label="<i>Nom</i>", help_text="Enregistré par <b>x</b>")

    page = as_page(Beside())
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<i>Nom</i>" not in page
