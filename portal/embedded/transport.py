"""kombu's filesystem transport with whole files: a message appears complete, and one reader gets it.

kombu writes a message in place, so that a reader may find half of it, and moves it to the machine's shared temporary
folder, where two readers on different disks may both copy it. Here both steps are one rename inside the data directory.
"""

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

from portal.embedded.locks import FileLock


class Channel(filesystem.Channel):
    """Puts and takes messages by renaming them; the exchange table changes under a lock of its own."""

    # kombu's own classes disagree about this signature.
    def _put(self, queue: str, payload: dict[str, Any], **_: object) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        draft = Path(self.processed_folder) / name
        draft.write_text(dumps(payload))
        os.replace(draft, Path(self.data_folder_out) / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            claimed = Path(self.processed_folder) / name
            try:
                os.rename(Path(self.data_folder_in) / name, claimed)
            except FileNotFoundError:
                continue  # another reader was first
            text = claimed.read_text()
            claimed.unlink()
            return loads(text)
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str) -> None:
        with FileLock(self.control_folder / "binding.lock").wait():
            super()._queue_bind(exchange, routing_key or "", pattern or "", queue)

    def get_table(self, exchange: str) -> list[Any]:
        """Returns the bindings of an exchange, never a half-written table."""
        with FileLock(self.control_folder / "binding.lock").wait(shared=True):
            table: list[Any] = super().get_table(exchange)
        return table


class Transport(filesystem.Transport):
    """The transport behind `folder://`."""

    Channel = Channel
    driver_type = driver_name = "folder"
