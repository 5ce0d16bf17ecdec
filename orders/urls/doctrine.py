"""Doctrines: read by all, written by the national cell."""

from django.urls import path

from orders.views import doctrine

BASE = "contingentement/doctrines/"
urlpatterns = [
    path(BASE, doctrine.doctrines, name="doctrines"),
    path(f"{BASE}nouvelle/", doctrine.doctrine_copy, name="doctrine_copy"),
    path(f"{BASE}comparer/", doctrine.doctrine_compare, name="doctrine_compare"),
    path(f"{BASE}<int:pk>/", doctrine.doctrine, name="doctrine"),
    path(f"{BASE}<int:pk>/modifier/", doctrine.doctrine_edit, name="doctrine_edit"),
    path(f"{BASE}<int:pk>/supprimer/", doctrine.doctrine_delete, name="doctrine_delete"),
]
