"""The reference as a whole: what is said once, and the last touches (OpenAPI 3.1)."""

from typing import Any

DESCRIPTION = """\
Ask the gate before a persona goes live or a video goes up, read registrations, and hear of changes.

- **Errors** are problems by RFC 9457 (`application/problem+json`) with a stable `code`.
- **Unknown** parameters and members are refused, so that a typing error is never taken for a smaller question.
- **Moments** are RFC 3339, given in UTC.
- **Lists** come in pages: follow `next_cursor` or `Link: …; rel="next"`.
- **Quotas**: every answer says in `RateLimit` what remains; after 429 wait as long as `Retry-After` says.
- **Repeating** a `POST` is safe under an `Idempotency-Key`.
- **Changing** needs the `ETag` that you have read, as `If-Match`.
- **X-Request-ID** names every answer in our logs; your own comes back as `X-Correlation-ID`.

New members, event types, reasons and codes may be added at any time: pass over what you do not know.
"""


def exact(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Returns the schema with what the framework does not say: bodies are closed, so an unknown member is refused."""
    result["info"]["description"] = DESCRIPTION
    components = result["components"]["schemas"]
    for path in result["paths"].values():
        for operation in path.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
                if name:
                    components[name]["additionalProperties"] = False
    _tidy(result)
    return result


def _tidy(node: Any) -> None:
    """Takes out what the framework notes for itself."""
    if isinstance(node, dict):
        node.pop("x-spec-enum-id", None)
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _tidy(inner)
