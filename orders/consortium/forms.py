"""What is typed to order products of the consortium: packs, whom to bill, where to deliver."""

from typing import Any

from django import forms
from stdnum.fr import siret as siret_number

from common.numbers import NumberError, parse_integer
from orders.chorus.recipients import recipient_of
from orders.consortium.payers import Payer
from orders.models import DeliveryAddress
from orders.services.sending import Delivery

DELIVERY = ("address", "contact_name", "contact_phone", "comment")
POSTAL_CODE = {"inputmode": "numeric", "autocomplete": "billing postal-code", "maxlength": "5"}


class PacksForm(forms.Form):
    """How many packs of a product; blank or 0: none."""

    packs = forms.CharField(label="Colis", required=False, max_length=20)

    def clean_packs(self) -> int:
        try:
            return parse_integer(self.cleaned_data["packs"], maximum=100_000) or 0
        except NumberError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class BillingForm(forms.Form):
    """Whom to bill; a public buyer says what Chorus Pro wants of it too."""

    name = forms.CharField(label="Raison sociale", max_length=99)
    siret = forms.CharField(
        label="SIRET", max_length=20, help_text="14 chiffres\u00a0: celui qui paie la facture."
    )
    lines = forms.CharField(label="Adresse de facturation", max_length=250)
    postal_code = forms.CharField(
        label="Code postal", max_length=5, widget=forms.TextInput(POSTAL_CODE)
    )
    town = forms.CharField(label="Commune", max_length=100)
    email = forms.EmailField(
        label="Courriel de la comptabilité",
        required=False,
        help_text="Prévenu de la facture, quand elle n’est pas déposée sur Chorus Pro.",
    )
    service_code = forms.CharField(
        label="Code service", max_length=100, required=False, help_text="Celui de Chorus Pro."
    )
    engagement = forms.CharField(
        label="Numéro d’engagement",
        max_length=50,
        required=False,
        help_text="De votre logiciel financier (engagement juridique ou bon de commande).",
    )
    reference = forms.CharField(
        label="Votre référence", max_length=50, required=False, help_text="Écrite sur la facture."
    )

    def __init__(self, *args: Any, is_public: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_public:
            del self.fields["service_code"], self.fields["engagement"]

    @property
    def billing_fields(self) -> list[Any]:
        return [self[name] for name in Payer.__slots__ if name in self.fields]

    def clean_siret(self) -> str:
        number: str = siret_number.compact(self.cleaned_data["siret"])
        if not siret_number.is_valid(number):
            raise forms.ValidationError(
                "Ce n’est pas un SIRET\u00a0: 14 chiffres, dont le dernier est une clé de contrôle."
            )
        return number

    def clean_postal_code(self) -> str:
        code: str = self.cleaned_data["postal_code"].strip()
        if len(code) != 5 or not code.isascii() or not code.isdigit():
            raise forms.ValidationError("5 chiffres, par exemple 45000.")
        return code

    def payer(self) -> Payer:
        typed = self.cleaned_data
        return Payer(**{name: typed.get(name, "") for name in Payer.__slots__})


class CorrectionForm(BillingForm):
    """The same of an order already sent; ``seen``: the mark of what was shown."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ReviewForm(BillingForm):
    """Delivery and billing of a basket (``token``); ``shown``: the mark of what was read."""

    address = forms.ModelChoiceField(
        DeliveryAddress.objects.none(),
        label="Adresse de livraison",
        widget=forms.RadioSelect,
        empty_label=None,
    )
    contact_name = forms.CharField(label="Personne à joindre à la livraison", max_length=100)
    contact_phone = forms.CharField(
        label="Son téléphone", max_length=20, widget=forms.TextInput({"autocomplete": "tel"})
    )
    comment = forms.CharField(label="Commentaire pour la livraison", max_length=300, required=False)
    shown = forms.CharField(widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, addresses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["address"]
        choice.queryset = addresses

    @property
    def delivery_fields(self) -> list[Any]:
        return [self[name] for name in DELIVERY]

    def delivery(self) -> Delivery:
        return Delivery(*(self.cleaned_data[name] for name in DELIVERY))


def wanted_in_words(siret: str) -> str:
    """What Chorus Pro says that a public buyer must write, told before it is missing."""
    found = recipient_of(siret)
    if found is None or not found.is_known:
        return ""
    wants = []
    if found.needs_service:
        wants.append("un code service")
    if found.needs_engagement:
        wants.append("un numéro d’engagement")
    if found.needs_either and not wants:
        wants.append("un code service ou un numéro d’engagement")
    if not wants:
        return f"{found.name} n’exige ni code service ni numéro d’engagement."
    return f"{found.name} exige {' et '.join(wants)}."
