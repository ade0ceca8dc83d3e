"""Reports from the public about a registered virtual human. Whoever reports needs no account."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.vault.fields import SealedTextField
from portal.vault.models import Retention, SealedModel
from registry.complaints.rules import OUTCOMES, REASONS
from registry.issuing.models import Registration


class Report(SealedModel):
    """What somebody told of a virtual human. Not closed (`closed_at` is null) it waits for an officer.

    Its words may name people, so they are sealed; emptied when their time is over, the row still counts.
    """

    retention = Retention.CONTACT

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="reports")
    reason = models.CharField(max_length=20, choices=list(REASONS.items()))
    text = SealedTextField(null=True)
    link = SealedTextField(null=True)
    language = models.CharField(max_length=10)  # of the answer
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=list(OUTCOMES.items()), blank=True)
    note = SealedTextField(null=True)  # from officer to officer
    closed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_report_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(closed_at=None), name="report_waits_for_officer"),
            models.Index(fields=["-closed_at"], condition=Q(closed_at__isnull=False), name="report_closed_lately"),
        ]

    @property
    def reference(self) -> str:
        """What whoever reported it quotes."""
        return f"R-{self.pk.hex[:12].upper()}"

    def get_state_display(self) -> str:
        """Whose turn it is."""
        return str(_("Closed") if self.closed_at else _("Waits for an officer"))


class Reporter(SealedModel):
    """Where the answer goes. Apart from the report, because it is kept for a shorter time."""

    retention = Retention.CONTACT

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="reporter")
    email = SealedTextField()
