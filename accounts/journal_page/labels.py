"""What each verb of the journal says, in words; a test finds the verb that has none.

The sentence follows the name of who acted; ``Label.nobody`` stands for them when nobody is known.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass

SYSTEM, SOMEBODY, MACHINE = "Le système", "Quelqu’un", "Une application"


@dataclass(frozen=True, slots=True)
class Label:
    """How the list names an action, and how a line tells it."""

    title: str
    sentence: str
    nobody: str = SYSTEM


FAMILIES: dict[str, dict[str, Label]] = {
    "Connexions": {
        "account.logged_in": Label("Connexion", "a ouvert une session"),
        "account.login_failed": Label(
            "Connexion manquée", "n’a pas donné le bon mot de passe", SOMEBODY
        ),
        "account.factor_failed": Label(
            "Second facteur manqué", "n’a pas donné le bon code", SOMEBODY
        ),
        "account.way_in_failed": Label(
            "Connexion par un service national manquée",
            "n’a pas pu entrer par un service national",
            SOMEBODY,
        ),
        "account.session_ended": Label("Session fermée", "a fermé une session"),
        "account.access_denied": Label("Accès refusé", "a demandé ce qui ne lui est pas ouvert"),
        "account.application_entered": Label(
            "Entrée dans une application", "a ouvert une autre application"
        ),
    },
    "Comptes": {
        "account.national_account_created": Label(
            "Premier compte national", "a ouvert un des deux premiers comptes nationaux"
        ),
        "account.password_changed": Label("Mot de passe changé", "a changé de mot de passe"),
        "account.email_changed": Label("Adresse changée", "a changé d’adresse électronique"),
        "account.identity_changed": Label(
            "Nom ou téléphone changé", "a changé de nom ou de téléphone"
        ),
        "account.factor_added": Label("Second facteur ajouté", "a ajouté un second facteur"),
        "account.factor_removed": Label("Second facteur retiré", "a retiré un second facteur"),
        "account.recovery_codes_renewed": Label(
            "Codes de secours renouvelés", "a renouvelé des codes de secours"
        ),
        "account.way_in_added": Label(
            "Service national ajouté", "a relié un compte à un service national"
        ),
        "account.way_in_removed": Label(
            "Service national retiré", "a détaché un compte d’un service national"
        ),
        "account.unlocked": Label("Compte débloqué", "a débloqué un compte"),
        "account.closed": Label("Compte fermé", "a fermé un compte"),
        "account.anonymised": Label("Compte anonymisé", "a effacé les données d’un compte fermé"),
        "account.data_exported": Label(
            "Données personnelles emportées", "a téléchargé ses données personnelles"
        ),
        "account.legacy_code_issued": Label("Code ES- délivré", "a délivré un code à usage unique"),
        "account.legacy_code_used": Label("Code ES- utilisé", "a utilisé un code à usage unique"),
    },
    "Demandes": {
        "account.profile_requested": Label("Profil demandé", "a demandé un profil"),
        "account.habilitation_requested": Label(
            "Habilitation demandée", "a demandé une habilitation"
        ),
        "account.request_reminded": Label("Demande relancée", "a relancé sa demande"),
        "account.request_escalated": Label(
            "Demande remontée à l’ARS", "a fait remonter à l’ARS une demande sans réponse"
        ),
        "account.request_cancelled": Label("Demande annulée", "a annulé une demande"),
        "account.request_accepted": Label("Demande acceptée", "a accepté une demande"),
        "account.request_refused": Label("Demande refusée", "a refusé une demande"),
        "account.request_first_agreed": Label(
            "Premier accord", "a donné le premier de deux accords"
        ),
        "account.request_agreement_withdrawn": Label(
            "Premier accord retiré", "a retiré son accord à une demande"
        ),
        "account.request_proposed": Label("Décision proposée", "a proposé une décision à deux"),
    },
    "Profils": {
        "account.profile_created": Label("Profil ouvert", "a ouvert un profil"),
        "account.profile_activated": Label("Profil activé", "a activé un profil"),
        "account.profile_suspended": Label("Profil suspendu", "a suspendu un profil"),
        "account.profile_ended": Label("Profil terminé", "a terminé un profil"),
        "account.profile_contact_changed": Label(
            "Coordonnées d’un profil changées", "a changé les coordonnées d’un profil"
        ),
        "account.profile_address_confirmed": Label(
            "Adresse d’un profil confirmée", "a confirmé l’adresse d’un profil"
        ),
    },
    "Habilitations": {
        "account.habilitation_granted": Label(
            "Habilitation accordée", "a accordé une habilitation"
        ),
        "account.habilitation_changed": Label("Habilitation changée", "a changé une habilitation"),
        "account.habilitation_revoked": Label("Habilitation retirée", "a retiré une habilitation"),
    },
    "Invitations": {
        "account.invitation_prepared": Label(
            "Invitation à confirmer", "a préparé une invitation à confirmer"
        ),
        "account.invitation_sent": Label("Invitation envoyée", "a invité une personne"),
        "account.invitation_confirmed": Label("Invitation confirmée", "a confirmé une invitation"),
        "account.invitation_resent": Label(
            "Invitation renvoyée", "a envoyé un nouveau lien d’invitation"
        ),
        "account.invitation_asked_again": Label(
            "Nouveau lien demandé", "a redemandé un lien d’invitation", SOMEBODY
        ),
        "account.invitation_cancelled": Label("Invitation annulée", "a annulé une invitation"),
        "account.invitation_account_opened": Label(
            "Compte ouvert sur invitation", "a ouvert son compte sur invitation"
        ),
        "account.invitation_accepted": Label("Invitation acceptée", "a accepté une invitation"),
    },
    "Applications": {
        "account.existence_asked": Label(
            "Existence d’un compte demandée", "a demandé si une adresse a un compte", MACHINE
        ),
        "account.token_created": Label("Jeton créé", "a créé un jeton d’API"),
        "account.token_revoked": Label("Jeton révoqué", "a révoqué un jeton d’API"),
        "account.signing_key_made": Label("Clé de signature créée", "a créé une clé de signature"),
        "account.application_registered": Label(
            "Application enregistrée", "a enregistré une application"
        ),
        "account.application_secret_renewed": Label(
            "Secret d’application renouvelé", "a renouvelé le secret d’une application"
        ),
        "account.application_closed": Label("Application fermée", "a fermé une application"),
    },
    "Établissements": {
        "establishment.main_site_set": Label(
            "Établissement principal désigné", "a désigné un établissement principal"
        ),
        "finess.deposited": Label("Fichier FINESS déposé", "a déposé un fichier FINESS"),
        "finess.confirmed": Label("Import FINESS confirmé", "a confirmé un import FINESS"),
        "finess.cancelled": Label("Import FINESS annulé", "a annulé un import FINESS"),
        "finess.restarted": Label("Import FINESS relancé", "a relancé un import FINESS"),
        "finess.imported": Label("Annuaire mis à jour", "a mis l’annuaire à jour"),
        "finess.remarks_exported": Label(
            "Remarques FINESS téléchargées", "a téléchargé les remarques d’un import FINESS"
        ),
    },
    "EPI-Stocks": {
        "epi.exported": Label("Visu téléchargée", "a téléchargé un tableau de la visu"),
        "epi_stocks.exported": Label(
            "Inventaires téléchargés", "a téléchargé des inventaires d’EPI"
        ),
        "epi_stocks.template_downloaded": Label(
            "Modèle téléchargé", "a téléchargé un modèle d’inventaire"
        ),
        "epi_stocks.inventory_imported": Label(
            "Inventaire importé", "a importé un inventaire d’EPI"
        ),
        "epi_stocks.import_deposited": Label(
            "Fichier d’inventaires déposé", "a déposé un fichier d’inventaires"
        ),
        "epi_stocks.import_confirmed": Label(
            "Import d’inventaires confirmé", "a confirmé un import d’inventaires"
        ),
        "epi_stocks.import_cancelled": Label(
            "Import d’inventaires annulé", "a annulé un import d’inventaires"
        ),
        "epi_stocks.import_restarted": Label(
            "Import d’inventaires relancé", "a relancé un import d’inventaires"
        ),
        "epi_stocks.coverage_set": Label(
            "Gestion centralisée changée", "a dit quels sites son inventaire couvre"
        ),
        "epi_stocks.doubt_confirmed": Label(
            "Valeur inhabituelle confirmée", "a confirmé une valeur inhabituelle"
        ),
        "epi_stocks.week_reopened": Label("Semaine rouverte", "a rouvert une semaine"),
        "epi_stocks.reopening_ended": Label("Semaine refermée", "a refermé une semaine"),
        "epi_stocks.item_switched": Label("Article suivi changé", "a changé un article suivi"),
        "epi_stocks.thresholds_set": Label("Seuils changés", "a changé les seuils de tension"),
        "epi_stocks.category_expected": Label(
            "Catégorie attendue changée", "a changé les catégories attendues"
        ),
        "epi_stocks.calendar_set": Label(
            "Calendrier changé", "a changé le calendrier des déclarations"
        ),
        "epi_stocks.aid_need_opened": Label(
            "Besoin d’équipements ouvert", "a demandé un dépannage d’équipements"
        ),
        "epi_stocks.aid_need_widened": Label(
            "Équipements demandés hors région", "a demandé des équipements hors de la région"
        ),
        "epi_stocks.aid_need_ended": Label(
            "Besoin d’équipements terminé", "a terminé un besoin d’équipements"
        ),
        "epi_stocks.aid_proposed": Label(
            "Donneurs d’équipements proposés", "a fait proposer des donneurs d’équipements"
        ),
        "epi_stocks.aid_transfer_added": Label(
            "Donneur d’équipements choisi", "a choisi un donneur d’équipements"
        ),
        "epi_stocks.aid_quantity_changed": Label(
            "Quantité d’équipements changée", "a changé la quantité d’un transfert d’équipements"
        ),
        "epi_stocks.aid_confirmed": Label(
            "Transfert d’équipements confirmé", "a confirmé un transfert d’équipements"
        ),
        "epi_stocks.aid_accepted": Label(
            "Transfert d’équipements accepté", "a accepté un transfert d’équipements"
        ),
        "epi_stocks.aid_shipped": Label(
            "Transfert d’équipements expédié", "a expédié un transfert d’équipements"
        ),
        "epi_stocks.aid_received": Label(
            "Transfert d’équipements reçu", "a reçu un transfert d’équipements"
        ),
        "epi_stocks.aid_refused": Label(
            "Transfert d’équipements refusé", "a refusé un transfert d’équipements"
        ),
        "epi_stocks.aid_cancelled": Label(
            "Transfert d’équipements annulé", "a annulé un transfert d’équipements"
        ),
    },
    "e-Dispostock": {
        "pui.created": Label("PUI créée", "a créé une PUI"),
        "pui.described": Label("PUI modifiée", "a modifié la fiche d’une PUI"),
        "pui.closed": Label("PUI fermée", "a fermé une PUI"),
        "pui.reopened": Label("PUI rouverte", "a rouvert une PUI"),
        "pui.served_added": Label(
            "Établissement desservi ajouté", "a dit quel établissement une PUI dessert"
        ),
        "pui.served_ended": Label(
            "Établissement desservi terminé", "a mis fin à la desserte d’un établissement"
        ),
        "pui.register_exported": Label(
            "Registre des PUI téléchargé", "a téléchargé le registre des PUI"
        ),
        "pui.state_exported": Label("Etat du stock téléchargé", "a téléchargé un état du stock"),
        "pui.switch_over_set": Label(
            "Calendrier de bascule changé", "a changé le calendrier de bascule d’une région"
        ),
        "pui.onboarding_list_made": Label(
            "Liste des PUI établie", "a établi ou complété la liste des PUI d’une région"
        ),
        "pui.onboarding_sources_completed": Label(
            "Sources de la liste complétées", "a complété les sources des listes de PUI"
        ),
        "pui.onboarding_line_filled": Label(
            "Ligne de la liste des PUI remplie", "a rempli une ligne de la liste des PUI"
        ),
        "pui.onboarding_line_added": Label(
            "Ligne ajoutée à la liste des PUI", "a ajouté une ligne à la liste des PUI"
        ),
        "pui.onboarding_file_applied": Label(
            "Liste des PUI remplie par fichier", "a rempli la liste des PUI par fichier"
        ),
        "pui.onboarding_line_validated": Label(
            "Ligne de la liste des PUI validée", "a validé une ligne de la liste des PUI"
        ),
        "pui.onboarding_letter_sent": Label(
            "Directeur saisi", "a demandé à un directeur de désigner un APE"
        ),
        "pui.onboarding_pharmacists_told": Label(
            "Pharmaciens informés", "a écrit aux pharmaciens pour ouvrir e-Dispostock"
        ),
        "pui.onboarding_exported": Label(
            "Liste des PUI téléchargée", "a téléchargé la liste ou l’avancement des PUI"
        ),
        "pui.region_exported": Label(
            "Stocks d’un territoire téléchargés", "a téléchargé les stocks d’un territoire"
        ),
        "pui.donors_exported": Label(
            "Recherche de dépannage téléchargée", "a téléchargé qui peut dépanner"
        ),
        "pui.aid_need_opened": Label("Besoin de dépannage ouvert", "a demandé un dépannage"),
        "pui.aid_need_widened": Label(
            "Dépannage demandé hors région", "a demandé un dépannage hors de la région"
        ),
        "pui.aid_need_ended": Label("Besoin de dépannage terminé", "a terminé un besoin"),
        "pui.aid_proposed": Label("Donneurs proposés", "a fait proposer des donneurs"),
        "pui.aid_transfer_added": Label("Donneur choisi", "a choisi un donneur"),
        "pui.aid_quantity_changed": Label(
            "Quantité d’un transfert changée", "a changé la quantité d’un transfert"
        ),
        "pui.aid_confirmed": Label("Transfert confirmé", "a confirmé un transfert"),
        "pui.aid_accepted": Label("Transfert accepté", "a accepté un transfert"),
        "pui.aid_shipped": Label("Transfert expédié", "a expédié un transfert"),
        "pui.aid_received": Label("Transfert reçu", "a reçu un transfert"),
        "pui.aid_refused": Label("Transfert refusé", "a refusé un transfert"),
        "pui.aid_cancelled": Label("Transfert annulé", "a annulé un transfert"),
        "pui.late_exported": Label("PUI en retard téléchargées", "a téléchargé les PUI en retard"),
        "pui.reminded": Label("PUI relancée", "a relancé une PUI en retard"),
        "pui.share_out_opened": Label("Répartition ouverte", "a ouvert une répartition"),
        "pui.share_out_adjusted": Label("Répartition ajustée", "a ajusté une répartition"),
        "pui.share_out_region_done": Label(
            "Ajustement terminé", "a terminé l’ajustement d’une région"
        ),
        "pui.share_out_region_resumed": Label(
            "Ajustement repris", "a repris l’ajustement d’une région"
        ),
        "pui.share_out_published": Label("Répartition publiée", "a publié une répartition"),
        "pui.share_out_cancelled": Label("Répartition annulée", "a annulé une répartition"),
        "pui.share_out_exported": Label("Répartition téléchargée", "a téléchargé une répartition"),
        "pui.share_received": Label(
            "Réception confirmée", "a confirmé la réception d’une répartition"
        ),
        "pui.help_asked": Label("Aide demandée", "a demandé de l’aide à son ARS"),
        "pui.help_answered": Label("Demande d’aide répondue", "a répondu à une demande d’aide"),
        "pui.help_withdrawn": Label("Demande d’aide retirée", "a retiré une demande d’aide"),
        "pui.help_exported": Label(
            "Demandes d’aide téléchargées", "a téléchargé les demandes d’aide"
        ),
        "pui.reminders_set": Label(
            "Calendrier des relances changé", "a changé quand les PUI en retard sont relancées"
        ),
        "pui.reminders_paused": Label(
            "Relances mises en pause", "a mis en pause les relances des PUI en retard"
        ),
        "pui.reminders_resumed": Label(
            "Relances reprises", "a repris les relances des PUI en retard"
        ),
        "pui.snapshot_made": Label(
            "Relevé quotidien fait", "a fait le relevé quotidien des stocks"
        ),
        "pui.snapshot_downloaded": Label(
            "Relevé quotidien téléchargé", "a téléchargé un relevé quotidien des stocks"
        ),
        "pui.snapshot_read": Label(
            "Relevé quotidien lu par une machine", "a donné un relevé quotidien à une machine"
        ),
        "pui.open_data_published": Label(
            "Données ouvertes publiées", "a publié les stocks agrégés d’une échéance"
        ),
        "pui.transmitted": Label("Stock transmis", "a transmis un stock de pharmacie"),
        "pui.transmission_exported": Label(
            "Transmission téléchargée", "a téléchargé un stock transmis"
        ),
        "pui.due_day_reopened": Label("Échéance rouverte", "a rouvert une échéance à une PUI"),
        "pui.reopening_ended": Label("Échéance refermée", "a refermé une échéance rouverte"),
        "pui.transmission_refused": Label(
            "Transmission d’une machine refusée", "a refusé la transmission d’une machine"
        ),
        "pui.stocks_read": Label("Stocks lus par une machine", "a donné des stocks à une machine"),
        "pui.transmission_abandoned": Label(
            "Déclaration abandonnée", "a abandonné une déclaration de stock qui attendait"
        ),
    },
    "Vaccins": {
        "vaccines.need_saved": Label("Besoin saisi", "a saisi un besoin en vaccins"),
        "vaccines.received": Label("Réception saisie", "a saisi une réception de vaccins"),
        "vaccines.reception_corrected": Label(
            "Réception corrigée", "a corrigé une réception de vaccins"
        ),
        "vaccines.vaccinated_saved": Label(
            "Personnes vaccinées saisies", "a saisi le nombre de personnes vaccinées"
        ),
        "vaccines.line_reported": Label(
            "Ligne signalée", "a signalé une ligne manquante ou mal affectée"
        ),
        "vaccines.question_asked": Label(
            "Question posée", "a posé une question sur l’approvisionnement en vaccin"
        ),
    },
    "Nomenclature des médicaments": {
        "medications.list_exported": Label("Liste d’UCD téléchargée", "a téléchargé une liste"),
        "medications.nomenclature_imported": Label(
            "Nomenclature mise à jour", "a mis à jour la nomenclature des médicaments"
        ),
        "medications.product_described": Label(
            "Produit décrit", "a décrit un produit absent des tables publiques"
        ),
        "medications.product_followed": Label("Produit suivi", "a fait suivre un produit"),
        "medications.follow_up_ended": Label("Suivi terminé", "a mis fin au suivi d’un produit"),
        "medications.priority_changed": Label(
            "Priorité changée", "a changé la priorité d’un produit"
        ),
        "medications.product_regrouped": Label(
            "UCD de référence changée", "a changé l’UCD de référence d’un produit"
        ),
        "medications.frequency_set": Label(
            "Fréquence changée", "a changé la fréquence de déclaration d’une liste"
        ),
        "vaccines.flu_campaign_opened": Label(
            "Campagne grippe ouverte", "a ouvert une campagne de vaccination contre la grippe"
        ),
        "vaccines.flu_campaign_changed": Label(
            "Campagne grippe changée", "a changé les dates d’une campagne contre la grippe"
        ),
        "vaccines.flu_group_added": Label(
            "Public visé ajouté", "a ajouté un public visé aux demandes de vaccins grippe"
        ),
        "vaccines.flu_group_stopped": Label(
            "Public visé arrêté", "a cessé de proposer un public visé"
        ),
        "vaccines.flu_group_proposed": Label(
            "Public visé proposé de nouveau", "a proposé de nouveau un public visé"
        ),
        "vaccines.flu_request_sent": Label(
            "Demande de vaccins grippe transmise", "a transmis une demande de vaccins grippe"
        ),
        "vaccines.flu_delivered_told": Label(
            "Vaccins grippe livrés saisis", "a saisi la quantité livrée de vaccins grippe"
        ),
        "vaccines.flu_exported": Label(
            "Vaccins grippe téléchargés", "a téléchargé les demandes de vaccins grippe"
        ),
    },
    "Vagues de vaccins": {
        "vaccines.wave_opened": Label("Vague créée", "a créé les lignes d’une vague de vaccins"),
        "vaccines.wave_extended": Label(
            "Vague complétée", "a ajouté des lignes à une vague de vaccins"
        ),
        "vaccines.wave_deadline_moved": Label(
            "Date limite des besoins changée", "a changé la date limite des besoins d’une vague"
        ),
        "vaccines.wave_exported": Label("Vague téléchargée", "a téléchargé une vague de vaccins"),
        "vaccines.delivery_planned": Label(
            "Livraison de vaccins prévue", "a écrit la livraison prévue d’une ligne de vaccins"
        ),
        "vaccines.delivery_changed": Label(
            "Livraison de vaccins changée", "a changé la livraison d’une ligne de vaccins"
        ),
        "vaccines.vaccine_described": Label("Vaccin décrit", "a décrit un vaccin"),
        "vaccines.vaccine_changed": Label("Vaccin corrigé", "a corrigé un vaccin"),
        "vaccines.vial_set": Label(
            "Doses par flacon changées", "a changé les doses par flacon d’un vaccin"
        ),
    },
    "Vaccins COVID": {
        "vaccines.line_created": Label(
            "Ligne de vaccins créée", "a créé une ligne d’approvisionnement"
        ),
        "vaccines.line_moved": Label(
            "Ligne de vaccins déplacée", "a déplacé une ligne d’approvisionnement"
        ),
        "vaccines.line_removed": Label(
            "Ligne de vaccins supprimée", "a supprimé une ligne d’approvisionnement"
        ),
        "vaccines.line_restored": Label(
            "Ligne de vaccins remise", "a remis une ligne d’approvisionnement supprimée"
        ),
        "vaccines.report_answered": Label(
            "Réponse au signalement d’une ligne", "a répondu au signalement d’une ligne"
        ),
        "vaccines.lines_exported": Label(
            "Suivi des vaccins téléchargé", "a téléchargé un tableau du suivi des vaccins"
        ),
    },
    "Journal et listes": {
        "account.ape_exported": Label(
            "Liste des APE téléchargée", "a téléchargé la liste des administrateurs"
        ),
        "account.accounts_exported": Label(
            "Liste de comptes téléchargée", "a téléchargé la liste des comptes"
        ),
        "account.journal_exported": Label(
            "Journal téléchargé", "a téléchargé un extrait du journal"
        ),
    },
}
LABELS: dict[str, Label] = {
    verb: label for family in FAMILIES.values() for verb, label in family.items()
}


def label_of(verb: str) -> Label:
    """The words of a verb; one that a past version wrote and no longer knows is shown as it is."""
    return LABELS.get(verb) or Label(verb, f"a fait «\u00a0{verb}\u00a0»")


def choices(verbs: Container[str] = LABELS) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """These actions as a drop-down list names them, by family; a family without any is left out."""
    for family, labels in FAMILIES.items():
        if offered := [(verb, label.title) for verb, label in labels.items() if verb in verbs]:
            yield family, offered
