"""The broker when none is configured: files in the data directory, through kombu's filesystem transport."""

from pathlib import Path

SCHEME = "folder"
URL = f"{SCHEME}://"
TRANSPORT = "portal.embedded.transport:Transport"
POLL_SECONDS = 0.2


def transport_options(data_dir: Path) -> dict[str, object]:
    """Returns kombu's transport options; makes the folders it needs below `data_dir`."""
    folders = {name: data_dir / "broker" / name for name in ("queue", "claimed", "control")}
    for folder in folders.values():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "data_folder_in": str(folders["queue"]),
        "data_folder_out": str(folders["queue"]),
        "processed_folder": str(folders["claimed"]),
        "control_folder": str(folders["control"]),
        "polling_interval": POLL_SECONDS,
    }
