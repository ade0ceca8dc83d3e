"""Addresses under /personas/."""

from django.urls import path

from registry.personas import views

app_name = "personas"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("portraits/<uuid:portrait_id>/", views.portrait, name="portrait"),
    path("<uuid:persona_id>/edit/", views.edit, name="edit"),
    path("<uuid:persona_id>/portraits/", views.portraits, name="portraits"),
    path("<uuid:persona_id>/portraits/<uuid:portrait_id>/remove/", views.remove, name="portrait_remove"),
    path("<uuid:persona_id>/portraits/<uuid:portrait_id>/move/", views.move, name="portrait_move"),
]
