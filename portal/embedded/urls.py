"""Addresses of the health page and of the demo's mailbox."""

from django.urls import path

from portal.embedded import views

app_name = "embedded"
urlpatterns = [
    path("healthz/", views.healthz, name="healthz"),
    path("demo/mail/", views.mails, name="mails"),
    path("demo/mail/<str:key>/", views.mail, name="mail"),
]
