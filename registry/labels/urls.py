"""Addresses of the label pages and of a persona's label kit."""

from django.urls import path

from registry.labels import kit, pages

app_name = "labels"
urlpatterns = [
    path("", pages.page, name="page"),
    path("showing/", pages.showing, name="showing"),
    path("personas/<uuid:persona_id>/", kit.kit, name="kit"),
    path("personas/<uuid:persona_id>/apply/", kit.apply, name="apply"),
    path("personas/<uuid:persona_id>/overlays/<str:name>", kit.overlay, name="overlay"),
]
