"""« Etat du stock »."""

from django.urls import path

from pui.views import state

STATE = "medicaments/etat-du-stock/"

urlpatterns = [
    path(STATE, state.state, name="state"),
    path(f"{STATE}telecharger/<slug:kind>/", state.state_file, name="state_file"),
    path(f"{STATE}<int:pk>/<slug:code>/", state.state_product, name="state_product"),
]
