"""Data keys, sealed columns and sealed files. Deleting a wrapped key is the erasure of all that it sealed."""

import secrets
import uuid
from typing import Any

from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.vault import cipher


class Retention(models.TextChoices):
    """The class of what a key seals; each class has its own clock (PIPL art. 19 and 47; see docs/privacy.md)."""

    PICTURE = "picture", _("Pictures given for a check")
    TEMPLATE = "template", _("Face templates")
    IDENTITY = "identity", _("Verified identities")
    PORTRAIT = "portrait", _("Portraits of a persona")
    CONTACT = "contact", _("Addresses")
    EXCHANGE = "exchange", _("What platforms are told, and the secrets shared with them")


class Erased(cipher.VaultError):
    """The data key was destroyed: what it sealed is gone, as intended."""


class DataKey(models.Model):
    """One record's key, wrapped by a master key. `wrapped` is emptied when the record is erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    master = models.CharField(max_length=64)
    wrapped = models.BinaryField(null=True)
    retention = models.CharField(max_length=16, choices=Retention)
    created_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=False) | models.Q(destroyed_at__isnull=False),
                name="data_key_is_wrapped_or_destroyed",
            ),
        ]

    @classmethod
    def draw(cls, retention: str) -> "DataKey":
        """Returns a new, stored key for one record."""
        row = cls(retention=retention)
        row.master, row.wrapped = cipher.wrap(secrets.token_bytes(cipher.KEY_BYTES), f"key:{row.pk}")
        row.save(force_insert=True)
        return row

    def open(self) -> bytes:
        """Returns the plain key; raises Erased after its destruction, VaultError if it does not open."""
        if self.wrapped is None:
            raise Erased(f"key {self.pk} was destroyed")
        return cipher.unwrap(self.master, bytes(self.wrapped), f"key:{self.pk}")


class SealedModel(models.Model):
    """A row with a random key of its own; its `SealedTextField`s are sealed under it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+", editable=False)
    retention: Retention

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Draws the data key at the first save."""
        if not self.data_key_id:
            self.data_key = DataKey.draw(self.retention)
        super().save(*args, **kwargs)


class SealedFile(SealedModel):
    """A file of the vault: sealed bytes in the storage, under a random name; nothing of the upload's own name is kept."""

    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Retention)
    created_at = models.DateTimeField(auto_now_add=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The file's kind is the retention class of its key."""
        self.retention = Retention(self.kind)
        super().save(*args, **kwargs)

    @property
    def path(self) -> str:
        """The name in the storage."""
        return f"{self.pk.hex[:2]}/{self.pk.hex}"

    @property
    def place(self) -> str:
        """The associated data of the sealed bytes."""
        return f"vault.SealedFile:{self.pk}"

    def read(self) -> bytes:
        """Returns the plain bytes; raises Erased or VaultError."""
        with storages["vault"].open(self.path) as stored:
            return cipher.unseal(self.data_key.open(), stored.read(), self.place)
