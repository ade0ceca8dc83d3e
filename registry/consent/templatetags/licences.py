"""Terms in templates."""

from collections.abc import Sequence

from django import template

from registry.consent import queries
from registry.consent.models import Licence
from registry.consent.wording import Fact

register = template.Library()


@register.filter
def in_words(terms: Licence | Sequence[Fact]) -> Sequence[Fact]:
    """Returns the terms of a licence as (label, text); what is in words already stays."""
    return queries.in_words(terms.terms) if isinstance(terms, Licence) else terms
