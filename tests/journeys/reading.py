"""What can be read off a page by machine: its language, its width, texts that were not translated, axe's findings."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parent.parent / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# What stands in Latin letters on a Chinese page, too: addresses, numbers, names of things.
SAME_EVERYWHERE = (
    r"[^\s@]+@[^\s@]+",  # e-mail addresses
    r"(Demo Live: )?@\w+",  # handles
    r"https?://\S+|localhost:\d+",
    r"VH(-[0-9A-Z]{4}){3}",
    r"[ACGLOU]-[0-9A-F]{8}|R-[0-9A-F]{12}",
    r"…\w+|\w*•+\w*|UTO",  # the ends of a document's number, or of a name; nobody's country
    r"[A-Z]+ SPECIMEN",  # names of invented people
    r"Mozilla/.*",
    r"[\w-]+\.(jpe?g|png|webp)",
    r"(\w+ (· )?)?vh[kc]_\S+",  # hints of keys and clients' identifiers, after their names
    r"River Video|river-video",  # an invented platform
    r"JSON|QR|English|Demo Live|demo-live|CN",
    r"decision|reasons|obligations|as_of|environment",  # members of the gate's answer
    r"(persona|consent|endpoint)\.\w+|webhook-id",  # types of events, and their header
    r"verify_offline\.py|\.jwt( VH(-[0-9A-Z]{4}){3})?|Webhook",
)

_UNTRANSLATED = """([same, typed]) => {
  const known = new RegExp(`^[\\\\s\\\\d\\\\p{P}\\\\p{S}]*(${same.join('|')})?[\\\\s\\\\d\\\\p{P}\\\\p{S}]*$`, 'u');
  const told = [];
  const look = (text, element) => {
    const language = element.closest('[lang]')?.lang.toLowerCase() ?? '';
    if (!/\\p{L}/u.test(text) || /\\p{Script=Han}/u.test(text) || known.test(text.trim())) return;
    if (typed.some(each => each.includes(text.trim()) || text.trim().includes(each))) return;
    if (!language.startsWith('zh') || element.closest('code, pre, script, style, template, [translate=no]')) return;
    if (element.closest('.registry-id') || !element.checkVisibility()) return;
    told.push(`<${element.localName}> ${text.trim()}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) look(walker.currentNode.data, walker.currentNode.parentElement);
  for (const element of document.querySelectorAll('[alt], [aria-label], [title], [placeholder]')) {
    for (const name of ['alt', 'aria-label', 'title', 'placeholder']) look(element.getAttribute(name) ?? '', element);
  }
  look(document.title, document.documentElement);
  return told;
}"""

_OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth, screen = window.visualViewport.width * window.visualViewport.scale;
  if (wide <= Math.ceil(screen)) return '';
  const past = [...document.body.querySelectorAll('*')].filter(each => each.getBoundingClientRect().right > screen + 1);
  return `${wide} > ${screen}: ` + past.slice(0, 5).map(each => `${each.localName}.${each.className}`).join(', ');
}"""


def language(page: Page) -> str:
    """Returns the language the page says it is in."""
    return str(page.evaluate("() => document.documentElement.lang"))


def overflow(page: Page) -> str:
    """Returns what reaches past the right edge of the screen; empty if nothing does."""
    return str(page.evaluate(_OVERFLOW))


def untranslated(page: Page, typed: Sequence[str] = ()) -> list[str]:
    """Returns the visible texts of a Chinese page that have letters and no Chinese character, and were typed by nobody."""
    found: list[str] = page.evaluate(_UNTRANSLATED, [list(SAME_EVERYWHERE), list(typed)])
    return found


@cache
def _axe() -> str:
    return AXE.read_text()


def violations(page: Page, *only: str) -> list[str]:
    """Returns what axe finds against WCAG 2.2 AA, or against the named rules only."""
    page.evaluate(_axe())
    what = {"type": "rule", "values": list(only)} if only else {"type": "tag", "values": RULES}
    found: list[dict[str, Any]] = page.evaluate(
        "async options => (await axe.run(options)).violations", {"runOnly": what, "resultTypes": ["violations"]}
    )
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]
