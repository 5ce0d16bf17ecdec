"""What a person tells of themselves before the first order of a profile [003]."""

from django.db import models

from accounts.models import Profile
from common.history import tracked


@tracked()
class Registration(models.Model):
    """The « formulaire d’inscription » of [003], once for each profile, changed by its owner.

    It prints on orders whom to call: an account's own name and number may be another's desk.
    """

    class Civility(models.TextChoices):
        MRS = "mme", "Madame"
        MR = "m", "Monsieur"

    class Status(models.TextChoices):
        PUBLIC = "public", "Public"
        PRIVATE = "private", "Privé"

    profile = models.OneToOneField(
        Profile, on_delete=models.PROTECT, related_name="registration", verbose_name="profil"
    )
    civility = models.CharField("civilité", max_length=3, choices=Civility)
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom", max_length=100)
    email = models.EmailField("email professionnel")
    phone = models.CharField("téléphone", max_length=20)
    status = models.CharField("statut de l’établissement", max_length=7, choices=Status)
    told_at = models.DateTimeField("enregistrée le", auto_now=True)

    class Meta:
        verbose_name = "inscription"
        ordering = ["profile"]

    def __str__(self):
        return f"{self.get_civility_display()} {self.first_name} {self.last_name}"
