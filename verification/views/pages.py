"""How a page of the wizard is rendered."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from portal.accounts.doors import PortalRequest
from verification.models import Case
from verification.reasons import explained
from verification.views.doors import is_phone
from verification.views.steps import picture_stepper, stepper


def page(request: PortalRequest, case: Case, name: str, form: Any, **more: Any) -> HttpResponse:
    """Returns the wizard's page `name`: its steps, what is asked again there, and 422 for a form that was refused."""
    phone = is_phone(request)
    asked_again = [reason for reason in explained(case.reasons) if reason.step == name and name in case.redo]
    steps = picture_stepper(case, name) if phone else stepper(case, name)
    context = {"case": case, "form": form, "steps": steps, "asked_again": asked_again, "phone": phone, **more}
    refused = form is not None and form.is_bound and not form.is_valid()
    return render(request, f"verification/{name}.html", context, status=422 if refused else 200)
