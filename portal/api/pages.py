"""The reference: the schema for programs, and a page to read and try it."""

from typing import Any

from django.utils import translation
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer


class _Json(JSONRenderer):
    """The schema is JSON for whoever asks for nothing else."""


class Schema(SpectacularAPIView):
    """`GET /api/v1/schema`: JSON, or YAML by `Accept: application/vnd.oai.openapi`."""

    authentication_classes = ()
    permission_classes = ()
    renderer_classes = [_Json, OpenApiJsonRenderer, OpenApiYamlRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Returns the schema, in English."""
        with translation.override("en"):
            response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response["Cache-Control"], response["Access-Control-Allow-Origin"] = "public, max-age=300", "*"
        return response


class Reference(SpectacularSwaggerSplitView):
    """The Swagger page in two requests, so that it runs under our policy; nothing comes from another host."""

    authentication_classes = ()
    permission_classes = ()
    renderer_classes = [TemplateHTMLRenderer]
    template_name = "api/reference.html"
    template_name_js = "drf_spectacular/swagger_ui.js"
    url_name = "api:schema"
    title = "API reference"
