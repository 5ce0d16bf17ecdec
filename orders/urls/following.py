"""Orders followed to their reception; claims."""

from django.urls import path

from orders.views import carriers, claims, following, receptions

urlpatterns = [
    path("commandes/", following.orders, name="orders"),
    path("commandes/fichier/<str:kind>/", following.orders_file, name="orders_file"),
    path("commandes/<int:pk>/", following.order, name="order"),
    path("commandes/<int:pk>/bon/", following.order_slip, name="order_slip"),
    path("commandes/<int:pk>/reception/", receptions.reception, name="reception"),
    path("commandes/<int:pk>/reclamation/", claims.claim_new, name="claim_new"),
    path("receptions/<int:pk>/", receptions.correct, name="reception_correct"),
    path("photos/<int:pk>/", following.photo, name="photo"),
    path("reclamations/", claims.claims, name="claims"),
    path("reclamations/<int:pk>/", claims.claim, name="claim"),
    path("reclamations/<int:pk>/clore/", claims.claim_close, name="claim_close"),
    path("transporteurs/", carriers.carriers, name="carriers"),
]
