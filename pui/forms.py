"""What is typed of a pharmacy: its sheet, its closing, whom it serves."""

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from establishments.models import Establishment
from establishments.perimeter import Action
from pui.addresses import address_of
from pui.models import Pui
from pui.services.register import DESCRIPTION, RegisterError

DAY = {"type": "date"}
PHONE = RegexValidator(
    r"^\+?[0-9][0-9 .()/-]{5,18}$", "Écrivez un numéro de téléphone, par exemple 02 38 00 00 00."
)
POSTAL_CODE = RegexValidator(r"^[0-9]{5}$", "Un code postal a cinq chiffres, par exemple 45000.")
GROUPS = (
    ("La PUI", ("establishment", "label", "ipe", "opened_on")),
    (
        "Où livrer",
        ("recipient", "address", "postal_code", "town", "address_reason", "access"),
    ),
    ("Comment et quand livrer", ("delivery_terms", "opening_hours")),
    ("Qui joindre", ("contact_name", "contact_phone", "contact_email", "on_call_phone")),
)


def one_mark(value):
    """Browsers end the lines of a text in their own way; kept as it was, it has not changed."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


class PuiForm(forms.ModelForm):
    """The sheet of a pharmacy; ``seen`` is the version shown, empty for a new one."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Pui
        fields = ["establishment", *DESCRIPTION]
        labels = {
            "establishment": "Site (FINESS géographique)",
            "label": "Libellé de la PUI",
            "ipe": "IPE",
            "opened_on": "Suivie à partir du",
            "recipient": "Destinataire à écrire sur le colis",
            "address": "Adresse de livraison",
            "address_reason": "Pourquoi l’adresse n’est pas celle du site",
            "access": "Accès et quai",
            "contact_name": "Personne ou service à contacter",
            "contact_phone": "Téléphone",
            "contact_email": "Courriel",
            "on_call_phone": "Téléphone d’astreinte",
        }
        help_texts = {
            "establishment": "Celui où la PUI est physiquement implantée.",
            "label": "Comme vos fournisseurs l’appellent, par exemple «\u00a0PUI CH Blois\u00a0».",
            "ipe": "Identifiant permanent de l’établissement, si vous le connaissez.",
            "opened_on": "Premier jour où ses stocks sont attendus.",
            "recipient": "Par exemple «\u00a0Pharmacie, réception des commandes\u00a0».",
            "address": "Numéro et voie.",
            "address_reason": "À remplir seulement si elle en diffère, par exemple «\u00a0quai de "
            "livraison derrière le bâtiment C\u00a0».",
            "access": "Entrée, quai, hauteur limitée, code ou badge à demander.",
            "delivery_terms": "Palettes ou colis, froid, rendez-vous, bon à signer.",
            "opening_hours": "Jours et heures où quelqu’un réceptionne.",
            "on_call_phone": "Pour une livraison urgente hors des horaires.",
        }
        widgets = {
            "opened_on": forms.DateInput(DAY, format="%Y-%m-%d"),
            "postal_code": forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            "access": forms.Textarea({"rows": 2}),
            "delivery_terms": forms.Textarea({"rows": 3}),
            "opening_hours": forms.Textarea({"rows": 3}),
            "contact_phone": forms.TextInput({"inputmode": "tel"}),
            "on_call_phone": forms.TextInput({"inputmode": "tel"}),
        }

    def __init__(self, *args, site: Establishment, sites=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.site = site
        for name in ("address", "postal_code", "town"):
            self.fields[name].required = True
        for name in ("contact_phone", "on_call_phone"):
            self.fields[name].validators.append(PHONE)
        self.fields["postal_code"].validators.append(POSTAL_CODE)
        self.offer_sites(sites)
        if self.instance.pk is None:
            self.initial = address_of(site) | {"opened_on": timezone.localdate()} | self.initial

    def offer_sites(self, sites) -> None:
        """A choice of site is offered only where there is one."""
        choice = self.fields["establishment"]
        if sites is None or len(sites) < 2:
            del self.fields["establishment"]
            return
        choice.queryset, choice.empty_label = sites, None
        choice.label_from_instance = lambda one: f"{one.name}, {one.finess_text}"

    @property
    def groups(self):
        """The fields by subject, in the order in which one fills them."""
        for title, names in GROUPS:
            yield title, [self[name] for name in names if name in self.fields]

    @property
    def refused(self):
        """The fields to look at again."""
        return [field for field in self if field.errors]

    @property
    def values(self) -> dict:
        """What the service takes; the site by its number."""
        found = {name: one_mark(self.cleaned_data[name]) for name in DESCRIPTION}
        if site := self.cleaned_data.get("establishment"):
            found["establishment_id"] = site.pk
        return found

    def validate_constraints(self):
        """The service says them, with what to do."""

    def refuse(self, refusal: RegisterError) -> None:
        """Beside the field that it is about, when there is one."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


def sites_for(user, pui: Pui):
    """Where a pharmacy may be said to stand: the open sites of its entity that one reaches."""
    sites = Establishment.objects.for_user(user, to=Action.PUI_WRITE).filter(
        legal_entity=pui.establishment.legal_entity_id
    )
    return sites.filter(closed_on=None) | sites.filter(pk=pui.establishment_id)


class ClosingForm(forms.Form):
    """The last day, and why."""

    on = forms.DateField(
        label="Dernier jour",
        help_text="Aujourd’hui ou avant. Elle ne déclare plus à partir du lendemain.",
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label="Motif",
        max_length=250,
        help_text="Gardé dans son historique, par exemple «\u00a0regroupée avec la PUI du site "
        "principal\u00a0».",
    )


class ServedForm(forms.Form):
    """From which day an establishment is served; the establishment comes from the search."""

    starts_on = forms.DateField(
        label="Desservi à partir du", widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )


class EndForm(forms.Form):
    """The last day that an establishment is served."""

    on = forms.DateField(
        label="Dernier jour",
        help_text="Après ce jour, l’établissement n’est plus desservi par cette PUI.",
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
    )
