"""The file of the directory, handed over by the national cell."""

from django import forms
from django.core.exceptions import ValidationError

from establishments.finess.opening import ACCEPTED, HEAD, layout_of
from establishments.finess.records import FinessFileError

LARGEST_UPLOAD = 300 << 20  # the national JSON is large: other uploads stop at 10 MB


class FinessUploadForm(forms.Form):
    """One FINESS file, recognised at once by what it holds."""

    file = forms.FileField(
        label="Fichier FINESS",
        help_text=f"{ACCEPTED} 300 Mo au plus : compressez le fichier national en .gz.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UPLOAD:
            size = file.size >> 20
            raise ValidationError(
                f"Ce fichier pèse {size} Mo ; 300 Mo sont acceptés. Compressez-le en .gz."
            )
        try:
            layout_of(file.read(HEAD))
        except FinessFileError as refusal:
            raise ValidationError(str(refusal)) from None
        file.seek(0)
        return file
