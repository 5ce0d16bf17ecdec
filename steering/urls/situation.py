"""The situation of a region or of the country, its weekly bulletin: `/situation/`."""

from django.urls import URLPattern, path

from steering.views import bulletins, situation

ROOT = "situation/"
OF = f"{ROOT}<slug:code>/"
BULLETIN = f"{OF}bulletin/<week:week>"

urlpatterns: list[URLPattern] = [
    path(ROOT, situation.situation, name="situation"),
    path(f"{ROOT}desabonnement/<str:token>/", situation.digest_leave, name="digest_leave"),
    path(OF, situation.situation, name="situation_of"),
    path(f"{OF}abonnement/", situation.digest, name="digest_of"),
    path(f"{OF}bulletins/", bulletins.bulletins, name="bulletins_of"),
    path(f"{OF}bulletins/mot/", bulletins.bulletin_word, name="bulletin_word_of"),
    path(f"{BULLETIN}/", bulletins.bulletin, name="bulletin_of"),
    path(f"{BULLETIN}/corriger/", bulletins.bulletin_correct, name="bulletin_correct_of"),
    path(f"{BULLETIN}.pdf", bulletins.bulletin_pdf, name="bulletin_pdf_of"),
    path(f"{BULLETIN}.csv", bulletins.bulletin_csv, name="bulletin_csv_of"),
]
