"""Real-name cases, the identities they establish, and the consents they rest on."""

import uuid
from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pgvector.django import HnswIndex, VectorField

from portal.accounts.models import User
from portal.vault.fields import SealedTextField
from portal.vault.models import Retention, SealedFile, SealedModel
from portal.vault.rotation import DIMENSIONS
from verification.states import OPEN, CaseState


class DocumentType(models.TextChoices):
    """Documents this portal reads."""

    RESIDENT_ID = "resident_id", _("Resident identity card (GB 11643)")
    PASSPORT = "passport", _("Passport")
    HK_MACAO_PERMIT = "hk_macao_permit", _("Mainland Travel Permit for Hong Kong and Macao Residents")
    TAIWAN_PERMIT = "taiwan_permit", _("Mainland Travel Permit for Taiwan Residents")
    RESIDENCE_PERMIT = "residence_permit", _("Residence Permit for Hong Kong, Macao and Taiwan Residents")
    FOREIGN_RESIDENT = "foreign_resident", _("Foreign Permanent Resident ID Card")


class Channel(models.TextChoices):
    """How a picture came: an upload is a risk fact."""

    CAMERA = "camera", _("Camera")
    UPLOAD = "upload", _("Upload")


class Liveness(models.TextChoices):
    """What the machine says of the recording; empty while there is none or it was not judged."""

    PASSED = "passed", _("Passed")
    DOUBTFUL = "doubtful", _("In doubt")
    FAILED = "failed", _("Failed")


class MeetingKind(models.TextChoices):
    """How a person is verified without a face comparison (Facial Recognition Measures art. 10)."""

    VIDEO = "video", _("Video call")
    DESK = "desk", _("Appointment at the desk")


class Purpose(models.TextChoices):
    """What a person consents to, separately (PIPL art. 23, 29; Facial Recognition Measures art. 6)."""

    PROCESSING = "processing", _("Processing of the identity document")
    FACE = "face", _("Comparison of the face")
    SHARING = "sharing", _("Sending the selfie to an authority")


class ConsentRecord(models.Model):
    """A consent to the processing of personal data, in the version the person read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=16, choices=Purpose)
    version = models.CharField(max_length=16)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "purpose"], condition=Q(withdrawn_at=None), name="consent_stands_once"),
        ]


class Case(SealedModel):
    """One way through real-name verification. While it waits (`processing`) the row is the job."""

    retention = Retention.IDENTITY

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(max_length=16, choices=CaseState, default=CaseState.DRAFT)
    document_type = models.CharField(max_length=16, choices=DocumentType, blank=True)
    full_name = SealedTextField(null=True)
    document_number = SealedTextField(null=True)
    birth_date = SealedTextField(null=True)  # ISO 8601; read from a resident ID number, asked for with a passport
    document_image = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")
    document_channel = models.CharField(max_length=8, choices=Channel, blank=True)
    document_back_image = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")
    document_back_channel = models.CharField(max_length=8, choices=Channel, blank=True)
    selfie_image = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")
    selfie_channel = models.CharField(max_length=8, choices=Channel, blank=True)
    recording = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")  # the frames of the movements
    challenge = models.ForeignKey("Challenge", null=True, on_delete=models.SET_NULL, related_name="+")  # what the recording answers
    liveness = models.CharField(max_length=8, choices=Liveness, blank=True)
    meeting_kind = models.CharField(max_length=8, choices=MeetingKind, blank=True)  # instead of the face
    meeting_wish = SealedTextField(null=True)  # when it suits the applicant
    quality = ArrayField(models.CharField(max_length=40), default=list)  # codes of pictures kept although they look poor
    findings = SealedTextField(null=True)  # JSON: what was read from the document beside what was typed, and the liveness measures
    redo = ArrayField(models.CharField(max_length=16), default=list)  # the wizard's steps that `retry` asks for again
    rounds = models.PositiveSmallIntegerField(default=0)  # how often the machine sent the case back
    attempts = models.PositiveSmallIntegerField(default=0)  # how often the machine began; a case that kills it goes to an officer
    distance = models.FloatField(null=True)
    authority = models.CharField(max_length=16, blank=True)  # what the authority answered
    authority_reference = models.CharField(max_length=80, blank=True)
    authority_tries = models.PositiveSmallIntegerField(default=0)
    waits_until = models.DateTimeField(null=True)  # the machine asks the authority again then
    reasons = ArrayField(models.CharField(max_length=40), default=list)  # codes the applicant reads
    risks = ArrayField(models.CharField(max_length=40), default=list)  # codes the officer reads
    officer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    note = SealedTextField(null=True)  # from the officer to the applicant
    appeal = SealedTextField(null=True)  # why the applicant thinks that the rejection is wrong
    appealed_at = models.DateTimeField(null=True)
    rejected_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")  # whom the appeal is about
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True)  # when the applicant last typed or added a picture
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(state__in=OPEN), name="one_open_case_per_person"),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=models.F("user")), name="nobody_decides_their_own_case"),
            models.CheckConstraint(
                condition=Q(rejected_by=None) | Q(decided_by=None) | ~Q(decided_by=models.F("rejected_by")),
                name="another_officer_decides_an_appeal",
            ),
        ]
        indexes = [
            models.Index(fields=["submitted_at"], condition=Q(state=CaseState.PROCESSING), name="case_waits_for_machine"),
            models.Index(fields=["submitted_at"], condition=Q(state=CaseState.REVIEW), name="case_waits_for_officer"),
        ]

    @property
    def reference(self) -> str:
        """What a person quotes when asking about the case."""
        return f"C-{self.pk.hex[:8].upper()}"

    @property
    def born(self) -> date:
        """The date of birth of a described case; raises ValueError before."""
        return date.fromisoformat(self.birth_date or "")

    @property
    def number_hint(self) -> str:
        """The end of the document's number, by which its holder knows it again."""
        return f"…{self.document_number[-4:]}" if self.document_number else ""


class Challenge(models.Model):
    """Movements that the server asked of a person at random. A recording answers one challenge, once, before it is over.

    Without a case they were asked for to confirm an identity again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="challenges")
    nonce = models.CharField(max_length=64, unique=True)
    script = models.TextField()  # JSON, as `engines.challenge` writes it
    drawn_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Handoff(models.Model):
    """A link by which a phone takes the pictures of a case that was begun on another device. It opens once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="handoffs")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(closed_at=None), name="one_open_handoff_per_case")]


class Meeting(SealedModel):
    """A video call or an appointment at the desk, arranged and noted by one officer; another one decides (four eyes)."""

    retention = Retention.IDENTITY

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="meetings")
    kind = models.CharField(max_length=8, choices=MeetingKind)
    at = models.DateTimeField()
    where = SealedTextField()  # a link or an address, read by the applicant
    arranged_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    arranged_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    noted_at = models.DateTimeField(null=True)
    same_person = models.BooleanField(null=True)  # None while it was not noted
    came = models.BooleanField(null=True)
    note = SealedTextField(null=True)  # read by officers alone

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(noted_at=None), name="one_meeting_ahead_per_case")]


class Attempt(models.Model):
    """A submission, counted against the limit."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "at"], name="attempts_in_window")]


class Identity(SealedModel):
    """Who an account really is: the outcome of the latest verified case. One per person, one per document number
    until it is revoked.
    """

    retention = Retention.IDENTITY

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="identity")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    document_type = models.CharField(max_length=16, choices=DocumentType)
    number_index = models.BinaryField(max_length=16)
    full_name = SealedTextField()
    document_number = SealedTextField()
    birth_date = SealedTextField()
    is_minor = models.BooleanField(default=False)  # 16 or 17 when verified; kept apart so that the gate needs no birth date
    verified_at = models.DateTimeField()
    reverified_at = models.DateTimeField(null=True)  # the last time the holder confirmed it since, without a new case
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    template_attempts = models.PositiveSmallIntegerField(default=0)  # how often the machine began to make the face template

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(fields=["number_index"], condition=Q(revoked_at=None), name="one_identity_per_document_number"),
        ]
        indexes = [
            models.Index(fields=["valid_until"], condition=Q(revoked_at=None), name="identity_by_end"),
        ]

    @property
    def born(self) -> date:
        """The date of birth."""
        return date.fromisoformat(self.birth_date or "")

    @property
    def confirmed_at(self) -> datetime:
        """When the holder was last seen to be who they are: verified, or verified again since."""
        return self.reverified_at or self.verified_at


class FaceTemplate(models.Model):
    """The face of a verified person, turned by the vault's rotation; kept while the person's face consent stands."""

    identity = models.OneToOneField(Identity, on_delete=models.CASCADE, related_name="template")
    vector = VectorField(dimensions=DIMENSIONS)
    created_at = models.DateTimeField()

    class Meta:
        # bench/face_search.py shows what fewer links (m) and a hastier construction miss at 100,000 templates.
        indexes = [HnswIndex(name="template_by_distance", fields=["vector"], m=24, ef_construction=200, opclasses=["vector_l2_ops"])]
