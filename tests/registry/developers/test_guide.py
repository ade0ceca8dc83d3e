"""The guide's pages: what they list is what the code has, and what they show can be copied as it stands."""

import ast
import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from portal.feed.types import EventType
from portal.kit.errors import PortalError
from portal.kit.problems import as_dict
from registry.developers import catalogue, wording
from registry.gate.checks import Stale
from registry.issuing import registry_id as ids
from registry.issuing.reasons import REASONS
from registry.sandbox.cast import BUSY, OUT_OF_REACH, PERSONAS

pytestmark = pytest.mark.django_db
PROJECT = Path(__file__).resolve().parents[3]
PAGES = ("", "quickstart/", "sandbox/", "webhooks/", "certificates/", "events/", "errors/")


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_to_anybody_and_fills_in_its_commands(client: Client, page: str) -> None:
    response = client.get(f"/developers/{page}")
    assert response.status_code == 200
    shown = re.findall(r"<code data-snippet[^>]*>(.*?)</code>", response.content.decode(), re.DOTALL)
    assert not [text for text in map(unescape, shown) if "{{" in text or "{%" in text]


def test_the_old_address_leads_to_the_guide(client: Client) -> None:
    assert client.get("/platforms/")["Location"] == "/developers/"


def test_the_catalogue_has_every_error_of_the_doors_for_programs(client: Client) -> None:
    page = client.get("/developers/errors/").content.decode()
    told = {each.code: each.status for each in catalogue.problems()}
    assert told["registry_unreachable"] == 503
    assert told["key_bad"] == 401
    assert told["cursor_gone"] == 410
    assert "code_in_use" not in told  # an officer's, on a page of the desk
    for code in (*told, *(f"reason-{each}" for each in REASONS)):
        assert page.count(f'id="{code}"') == 1, code


def test_an_error_of_its_own_is_in_the_catalogue_as_soon_as_it_is_written() -> None:
    kind = type("New", (PortalError,), {"code": "brand_new", "status": 418, "__module__": "portal.feed.views"})
    assert "brand_new" in {each.code for each in catalogue.problems()}
    del kind


def test_the_link_of_a_problem_leads_to_its_line(client: Client) -> None:
    told = as_dict(Stale())
    assert told["type"] == "urn:vhr:problem:registry_unreachable"
    address, _hash, anchor = told["documentation"].partition("#")
    assert f'id="{anchor}"' in client.get(address.removeprefix("http://localhost:8000")).content.decode()


def narrowed() -> set[str]:
    """Returns each code that is given to an error where it is raised, in the modules that answer programs."""
    found = set()
    for door in catalogue.DOORS:
        place = PROJECT.joinpath(*door.split("."))
        for path in [place.with_suffix(".py")] if place.with_suffix(".py").exists() else place.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                    given = [each.value for each in node.exc.keywords if each.arg == "code"]
                    found |= {each.value for each in given if isinstance(each, ast.Constant)}
    return {str(each) for each in found}


def test_no_code_that_is_given_on_the_way_is_missing() -> None:
    assert narrowed() <= {each.code for each in catalogue.problems()}
    assert "delivery_waits" in narrowed()


def test_every_event_has_its_meaning_and_an_example(client: Client) -> None:
    assert set(wording.EVENTS) == set(EventType)
    page = unescape(client.get("/developers/events/").content.decode())
    for kind in EventType:
        assert f'"type": "{kind.value}"' in page


def test_the_sandbox_page_shows_what_the_verdict_says(client: Client) -> None:
    page = client.get("/developers/sandbox/").content.decode()
    for each in PERSONAS:
        row = page.split(f'<tr id="{ids.printed(each.registry_id)}"')[1].split("</tr>")[0]
        assert set(re.findall(r"#reason-(\w+)", row)) == {*each.live, *each.upload}
    assert ids.printed(BUSY) in page
    assert ids.printed(OUT_OF_REACH) in page


def test_the_script_that_is_served_is_that_of_the_documents(client: Client) -> None:
    response = client.get("/developers/verify_offline.py")
    assert response.content == (PROJECT / "docs" / "verify_offline.py").read_bytes()
    assert response["Content-Disposition"] == 'attachment; filename="verify_offline.py"'
