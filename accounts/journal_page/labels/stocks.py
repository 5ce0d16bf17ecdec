"""What is done to the directory and to stocks."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Établissements": {
        "establishment.main_site_set": Label(
            "Établissement principal désigné", "a désigné un établissement principal"
        ),
        "establishment.category_opened": Label(
            "Catégorie bénéficiaire ouverte",
            "a ouvert la commande à une catégorie",
        ),
        "establishment.category_closed": Label(
            "Catégorie bénéficiaire fermée", "a fermé la commande à une catégorie"
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
        "medications.thresholds_set": Label(
            "Seuils de couverture changés", "a changé les seuils de couverture des médicaments"
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
}
