"""Addresses of a platform's own pages: its account, members, keys, clients and usage."""

from django.urls import path

from registry.developers.console import clients, invitation, keys, live, members, platforms, usage

_ONE = "platforms/<uuid:platform_id>/"
urlpatterns = [
    path("platforms/", platforms.index, name="platforms"),
    path("platforms/new/", platforms.new, name="platform_new"),
    path("platforms/invitation/<str:token>/", invitation.landing, name="invitation"),
    path(_ONE, platforms.overview, name="platform"),
    path(f"{_ONE}members/", members.index, name="members"),
    path(f"{_ONE}members/<uuid:member_id>/role/", members.role, name="member_role"),
    path(f"{_ONE}members/<uuid:member_id>/remove/", members.remove, name="member_remove"),
    path(f"{_ONE}invitations/<uuid:invitation_id>/end/", members.take_back, name="invitation_end"),
    path(f"{_ONE}keys/", keys.index, name="keys"),
    path(f"{_ONE}keys/new/", keys.new, name="key_new"),
    path(f"{_ONE}keys/<uuid:key_id>/rotate/", keys.rotate, name="key_rotate"),
    path(f"{_ONE}keys/<uuid:key_id>/end/", keys.end, name="key_end"),
    path(f"{_ONE}keys/<uuid:key_id>/addresses/", keys.addresses, name="key_addresses"),
    path(f"{_ONE}clients/", clients.index, name="clients"),
    path(f"{_ONE}clients/new/", clients.new, name="client_new"),
    path(f"{_ONE}clients/<uuid:client_id>/revoke/", clients.revoke, name="client_revoke"),
    path(f"{_ONE}usage/", usage.show, name="usage"),
    path(f"{_ONE}usage.csv", usage.download, name="usage_csv"),
    path(f"{_ONE}live/", live.ask, name="live"),
    path("requests/", live.requests, name="requests"),
    path("requests/<uuid:request_id>/", live.answer, name="request"),
]
