"""The catalogue, the basket, and what one does with an order sent."""

from django.urls import path

from orders.views import basket, catalogue, order_actions, ordering_rules

ORDER = "commandes/<int:pk>/"

urlpatterns = [
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/prevenez-moi/", catalogue.watch_product, name="watch_product"),
    path("panier/", basket.basket, name="basket"),
    path("panier/transmise/<int:pk>/", basket.order_sent, name="order_sent"),
    path(f"{ORDER}modifier/", order_actions.order_change, name="order_change"),
    path(f"{ORDER}annuler/", order_actions.order_cancel, name="order_cancel"),
    path(f"{ORDER}arret/", order_actions.order_stop, name="order_stop"),
    path(f"{ORDER}recommander/", order_actions.order_again, name="order_again"),
    path("reglages/commandes/", ordering_rules.ordering_rules, name="ordering_rules"),
]
