"""A page that holds nothing but the liveness element, served by itself, which keeps what the form sends."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import UploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from verification.engines.challenge import Challenge

CSP = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'"
PAGE = """{% extends "layouts/base.html" %}
{% block title %}Selfie{% endblock %}
{% block content %}
  <div class="column mx-auto">
  <c-page-header title="{% translate 'Selfie' %}" />
  <form method="post" enctype="multipart/form-data">
    <input type="hidden" name="csrfmiddlewaretoken" value="x">
    <c-liveness draw="/draw/" other="/other/" upload="/upload/" />
    <div class="actions"><c-button>{% translate "Continue" %}</c-button></div>
  </form>
  </div>
{% endblock %}"""


class _Silent(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Says nothing."""


@contextmanager
def served(challenge: Challenge, sent: list[dict[str, Any]], language: str = "en") -> Iterator[str]:
    """Serves the page while the block runs and gives its address; each form that is sent is appended to `sent`."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        if environ["PATH_INFO"].startswith("/static/"):
            path = finders.find(environ["PATH_INFO"].removeprefix("/static/"))
            if not isinstance(path, str):
                start("404 Not Found", [])
                return [b""]
            start("200 OK", [("Content-Type", guess_type(path)[0] or "application/octet-stream")])
            return [Path(path).read_bytes()]
        if environ["PATH_INFO"] == "/draw/":
            start("200 OK", [("Content-Type", "application/json")])
            return [challenge.as_json().encode()]
        if environ["REQUEST_METHOD"] == "POST":
            request = WSGIRequest(environ)
            files = {name: file.read() for name, file in request.FILES.items() if isinstance(file, UploadedFile)}
            sent.append({**request.POST.dict(), **files})
            request.close()
        start("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", CSP)])
        return [_page(language).encode()]

    server = make_server("127.0.0.1", 0, answer, handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def _page(language: str) -> str:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with translation.override(language):
        return str(engines["django"].from_string(CottonCompiler().process(PAGE)).render({}, request))
