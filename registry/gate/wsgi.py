"""The gate's own small process, outside the portal's middleware: a portal deployment never stops a live stream."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("DATABASE_CONN_MAX_AGE", "600")
get_wsgi_application()  # sets Django up; the handler itself is not used

from registry.gate.follower import start  # noqa: E402 - models can be imported only now
from registry.gate.projection import Projection  # noqa: E402
from registry.gate.server import Gate  # noqa: E402

application = Gate(Projection())
start(application)
