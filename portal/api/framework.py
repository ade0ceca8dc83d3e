"""How Django REST framework and the maker of the reference are set up. Read by the settings: it asks for nothing of Django."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.api.authentication.CallerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsing.StrictJSONParser"],
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}


def reference(site: str) -> dict[str, Any]:
    """Returns the settings of drf-spectacular for a site at this address."""
    return {
        "OAS_VERSION": "3.1.0",
        "TITLE": "Virtual Human Registry",
        "VERSION": "1",
        "SERVERS": [{"url": site}],
        "SCHEMA_PATH_PREFIX": "/api/v1",
        "SERVE_INCLUDE_SCHEMA": False,
        "COMPONENT_SPLIT_REQUEST": True,
        "ENABLE_DJANGO_DEPLOY_CHECK": False,
        "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
        "SWAGGER_UI_DIST": "SIDECAR",
        "SWAGGER_UI_FAVICON_HREF": "/static/img/favicon.svg",
        "SWAGGER_UI_SETTINGS": {"deepLinking": True, "filter": True, "displayRequestDuration": True},
        "WEBHOOKS": "portal.feed.reference.WEBHOOKS",
        "POSTPROCESSING_HOOKS": ["portal.api.schema.exact", "registry.api.gate.postprocess"],
    }
