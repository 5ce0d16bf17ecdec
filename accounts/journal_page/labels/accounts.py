"""What is done to accounts, requests, profiles, rights."""

from accounts.journal_page.labels.label import MACHINE, SOMEBODY, Label

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
