"""People's accounts and the operators they act for."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.roles import Role


class UserManager(BaseUserManager["User"]):
    """Makes accounts by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Returns a stored account; None as the password makes it unusable."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Finds an account by its address, whatever the case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person's account. It holds no real name: who the person is stands in `verification`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    # Invented people of the demonstration: excused from the second factor, and only while settings.DEMO is on.
    is_demo = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.email

    is_staff = False  # there is no Django admin here
    is_superuser = False


STAFF_CHOICES = [
    (Role.OFFICER.value, _("Compliance officer")),
    (Role.AUDITOR.value, _("Auditor")),
    (Role.ADMINISTRATOR.value, _("Administrator")),
]


class RoleGrant(models.Model):
    """A role beyond that of an operator, given by an administrator."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=16, choices=STAFF_CHOICES)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_is_granted_once")]


class OperatorKind(models.TextChoices):
    """Who answers: a person, or an organisation through its agents."""

    PERSON = "person", _("Natural person")
    ORGANISATION = "organisation", _("Organisation")


class Operator(models.Model):
    """Who uses virtual-human technology and answers for it. A person's operator has exactly one owner, that person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=OperatorKind, default=OperatorKind.PERSON)
    created_at = models.DateTimeField()


class MemberRole(models.TextChoices):
    """What a member may do in the operator's name."""

    OWNER = "owner", _("Owner")
    AGENT = "agent", _("Agent")


class Member(models.Model):
    """An account that acts for an operator, until it is taken away or `until` has come."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=MemberRole, default=MemberRole.OWNER)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operator", "user"], name="member_once_per_operator")]
