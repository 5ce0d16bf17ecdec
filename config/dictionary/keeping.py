"""How long each table is kept, and what takes its rows away. What nothing takes away is said so."""

from typing import Final

from django.db import models

from config.dictionary.personal import model_followed

WITH_THE_ACT = "autant que ce qu’elle décrit\u00a0; aucune purge automatique"
REFERENCE = "référence\u00a0: tant que le service existe"
HISTORY = (
    "historique\u00a0: autant que la ligne suivie\u00a0; noms, coordonnées et adresses IP en sont "
    "vidés après `JOURNAL_KEPT_MONTHS` mois (`accounts.tasks.forget_in_histories`), ceux d’un "
    "compte fermé avec lui"
)
SESSION = "un jour après la fin de la session (`accounts.tasks.forget_people_and_sessions`)"
ACCOUNT = "le temps du compte, plus 90 jours après sa fermeture par la personne"
FIGURES = "chiffres tenus pour la vitesse\u00a0: refaits des tables qu’ils résument"

OF_APP: Final[dict[str, str]] = {
    "auth": "table de Django que rien ne lit ici",
    "contenttypes": REFERENCE,
    "dsfr": "table du système de design que rien ne lit ici",
    "procrastinate": "un jour une fois fait, trente jours s’il a échoué",
    "establishments": REFERENCE,
    "medications": REFERENCE,
}
OF_TABLE: Final[dict[str, str]] = {
    "journal.Entry": "`JOURNAL_KEPT_MONTHS` mois (`journal.tasks.purge_journal`)",
    "journal.Seal": "aussi longtemps que le service\u00a0: la chaîne se relit entière",
    "journal.Purge": "aussi longtemps que le service\u00a0: ce qui a été purgé reste dit",
    "monitoring.Traffic": (
        "par minute deux jours, par heure 92 jours (`monitoring.tasks.fold_measures`)"
    ),
    "monitoring.Total": REFERENCE,
    "monitoring.Fault": "92 jours (`monitoring.tasks.fold_measures`)",
    "monitoring.SlowStatement": "31 jours sans revenir (`monitoring.tasks.fold_measures`)",
    "accounts.User": (
        "le temps du compte\u00a0; nom, adresse, téléphone effacés 90 jours après sa "
        "fermeture\u00a0; la ligne reste, sans nom"
    ),
    "accounts.Profile": "la ligne reste\u00a0; coordonnées effacées avec celles du compte",
    "accounts.Invitation": "la ligne reste\u00a0; nom et adresse effacés avec ceux du compte",
    "accounts.LegacyCode": WITH_THE_ACT,
    "accounts.ApiToken": WITH_THE_ACT,
    "accounts.SignOn": "trente jours après sa fin (`accounts.identity.watch.forget_tokens`)",
    "accounts.SentMail": "trente jours (`accounts.tasks.forget_done_jobs`)",
    "account.EmailAddress": ACCOUNT,
    "account.EmailConfirmation": "vide\u00a0: l’adresse se vérifie par un code gardé en cache",
    "mfa.Authenticator": ACCOUNT,
    "sessions.Session": SESSION,
    "usersessions.UserSession": SESSION,
    "allauth_idp_oidc.Token": "jusqu’à sa fin (`accounts.identity.watch.forget_tokens`)",
    "allauth_idp_oidc.Client": "tant que l’application est connectée",
    "socialaccount.SocialAccount": ACCOUNT,
    "socialaccount.SocialApp": "vide\u00a0: les réglages viennent de l’environnement",
    "socialaccount.SocialToken": "vide\u00a0: aucun jeton n’est gardé",
    "pghistory.Context": HISTORY,
    "establishments.FinessImport": WITH_THE_ACT,
    "pui.Pui": "tant que la pharmacie est au registre",
    "pui.Transmission": (
        "une semaine si personne ne la confirme "
        "(`pui.tasks.transmissions.forget_old_transmissions`), "
        "sinon autant que les stocks qu’elle a donnés"
    ),
    "epi_stocks.InventoryImport": "un jour sans confirmation, sept si la personne le suit",
    "orders.CapacityImport": "sept jours sans confirmation",
    "orders.DeliveryAddress": WITH_THE_ACT,
    "orders.Order": WITH_THE_ACT,
    "orders.Registration": "la ligne reste\u00a0; nom et coordonnées effacés avec ceux du compte",
    "orders.Billing": "dix ans au moins avec la facture\u00a0; aucune purge automatique",
    "orders.Invoice": "dix ans au moins (pièce comptable)\u00a0; aucune purge automatique",
    "orders.InvoiceFile": "dix ans au moins (pièce comptable)\u00a0; aucune purge automatique",
    "orders.OrderFile": WITH_THE_ACT,
    "orders.LogisticsReport": WITH_THE_ACT,
    "orders.OrderStep": WITH_THE_ACT,
    "orders.ClaimMessage": WITH_THE_ACT,
    "orders.Photo": WITH_THE_ACT,
    "steering.Message": WITH_THE_ACT,
    "steering.MessageFile": WITH_THE_ACT,
    "steering.BulletinDocument": "quatre-vingt-dix jours, refait de la base",
    "steering.Visit": WITH_THE_ACT,
    "support.ForumPost": WITH_THE_ACT,
    "support.ForumImage": WITH_THE_ACT,
    "support.Ticket": (
        "`SUPPORT_KEPT_MONTHS` après sa clôture\u00a0; puis ne restent que sujet, "
        "service, région, dates et satisfaction"
    ),
    "support.TicketMessage": "`SUPPORT_KEPT_MONTHS` après la clôture de la demande",
    "support.Screenshot": "`SUPPORT_KEPT_MONTHS` après la clôture de la demande",
}


def kept(model: type[models.Model]) -> str:
    """How long the rows of this table are kept."""
    if model_followed(model) is not model:
        return HISTORY
    label, app = model._meta.label, model._meta.app_label
    if label in OF_TABLE:
        return OF_TABLE[label]
    if "Summar" in model.__name__:
        return FIGURES
    return OF_APP.get(app, WITH_THE_ACT)
