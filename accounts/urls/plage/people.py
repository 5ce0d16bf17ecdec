"""Accounts of the perimeter, and one person’s page."""

from django.urls import path

from accounts.views.plage import changing, opening, people, person

ONE = "comptes/<uuid:public_id>/"
urlpatterns = [
    path("comptes/", people.people, name="people"),
    path("comptes/fichier/<str:kind>/", people.people_file, name="people_file"),
    path("comptes/ouvrir/", opening.person_open, name="person_open"),
    path(ONE, people.person, name="person"),
    path(f"{ONE}debloquer/", person.person_unlock, name="person_unlock"),
    path(f"{ONE}second-facteur/", person.person_factor, name="person_factor"),
    path(f"{ONE}profils/<int:pk>/habilitations/", person.right_new, name="right_new"),
    path(f"{ONE}profils/<int:pk>/coordonnees/", changing.profile_contact, name="profile_contact"),
    path(f"{ONE}profils/<int:pk>/<slug:deed>/", person.profile_act, name="profile_act"),
    path(f"{ONE}habilitations/<int:pk>/", changing.right_change, name="right_change"),
    path(f"{ONE}habilitations/<int:pk>/retirer/", person.right_revoke, name="right_revoke"),
]
