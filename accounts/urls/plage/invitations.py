"""Invitations."""

from django.urls import path

from accounts.views.plage import invitation_files, invitations, inviting

urlpatterns = [
    path("invitations/", invitations.invitation_list, name="invitations"),
    path("invitations/nouvelle/", inviting.invitation_new, name="invitation_new"),
    path(
        "invitations/nouvelle/structure/<int:pk>/",
        inviting.invitation_body_form,
        name="invitation_body_form",
    ),
    path("invitations/nouvelle/<finess:finess>/", inviting.invitation_form, name="invitation_form"),
    path("invitations/fichier/", invitation_files.invitation_file, name="invitation_file"),
    path(
        "invitations/fichier/envoyer/",
        invitation_files.invitation_file_send,
        name="invitation_file_send",
    ),
    path(
        "invitations/fichier/refus/",
        invitation_files.invitation_file_errors,
        name="invitation_file_errors",
    ),
    path(
        "invitations/fichier/modele/",
        invitation_files.invitation_template,
        name="invitation_template",
    ),
    path("invitations/<int:pk>/", invitations.invitation_detail, name="invitation"),
    path("invitations/<int:pk>/renvoyer/", invitations.invitation_resend, name="invitation_resend"),
    path("invitations/<int:pk>/annuler/", invitations.invitation_cancel, name="invitation_cancel"),
    path(
        "invitations/<int:pk>/confirmer/", invitations.invitation_confirm, name="invitation_confirm"
    ),
]
