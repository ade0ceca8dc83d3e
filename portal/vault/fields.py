"""A text column that holds only sealed bytes. It is opened when it is read, not when the row is loaded."""

from typing import TYPE_CHECKING, Any

from django.db import models

from portal.vault import cipher
from portal.vault.models import SealedModel

if TYPE_CHECKING:  # Django's fields take no type parameters at run time

    class TextColumn(models.Field[str | None, str | None]):
        """A column that reads and takes text."""
else:
    TextColumn = models.Field


class _Opening:
    """Opens the stored bytes at the first look and keeps the text on the instance."""

    def __init__(self, field: "SealedTextField") -> None:
        self.field = field

    def __get__(self, row: SealedModel | None, owner: type | None = None) -> Any:
        if row is None:
            return self
        held = row.__dict__.get(self.field.attname)
        if isinstance(held, (bytes, memoryview)):
            held = cipher.unseal(row.data_key.open(), bytes(held), self.field.place(row)).decode()
            row.__dict__[self.field.attname] = held
        return held

    def __set__(self, row: SealedModel, value: str | bytes | None) -> None:
        row.__dict__[self.field.attname] = value


class SealedTextField(TextColumn):
    """Text on a `SealedModel`, sealed under the row's data key with model, field and row as associated data.

    It cannot be searched; keep a blind index beside it where equality must be found. Update through `save()`:
    `QuerySet.update()` has no row to seal for and is refused.
    """

    descriptor_class = _Opening

    def get_internal_type(self) -> str:
        """The column is `bytea`."""
        return "BinaryField"

    def place(self, row: models.Model) -> str:
        """Returns the associated data: where this value belongs."""
        return f"{row._meta.label}.{self.name}:{row.pk}"

    def pre_save(self, row: models.Model, add: bool) -> bytes | None:
        """Returns the bytes to store: sealed now, or as they were if nobody looked."""
        held = row.__dict__.get(self.attname)
        if held is None or isinstance(held, (bytes, memoryview)):
            return held if held is None else bytes(held)
        if not isinstance(row, SealedModel):
            raise TypeError(f"{row._meta.label} must be a SealedModel")
        return cipher.seal(row.data_key.open(), str(held).encode(), self.place(row))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Refuses a plain text on its way to the database."""
        if isinstance(value, str):
            raise TypeError(f"{self.name} is sealed: set it on a row and save the row")
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj: models.Model) -> str:
        """A fixture holds no plain value."""
        return ""
