"""Messages as files: whole, once, and still there after a restart."""

import stat
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from threading import Thread

import pytest
from kombu import Connection

from portal.embedded import broker
from portal.embedded.transport import Channel, Transport


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Channel]:
    with Connection(transport=Transport, transport_options=broker.transport_options(tmp_path)) as connection:
        yield Channel(connection.transport)


def test_the_folders_are_made_for_their_owner_only(tmp_path: Path) -> None:
    options = broker.transport_options(tmp_path)
    folders = [Path(str(options[name])) for name in ("data_folder_in", "processed_folder", "control_folder")]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3


def test_messages_come_in_the_order_they_were_sent(channel: Channel) -> None:
    for number in range(3):
        channel._put("jobs", {"number": number})
    assert [channel._get("jobs")["number"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get("jobs")


def test_a_message_of_another_queue_is_left_alone(channel: Channel) -> None:
    channel._put("others", {})
    with pytest.raises(Empty):
        channel._get("jobs")
    assert channel._size("others") == 1


def test_a_message_outlives_its_sender(tmp_path: Path, channel: Channel) -> None:
    channel._put("jobs", {"number": 7})
    with Connection(transport=Transport, transport_options=broker.transport_options(tmp_path)) as later:
        assert Channel(later.transport)._get("jobs") == {"number": 7}


def test_readers_that_race_take_each_message_once(channel: Channel) -> None:
    sent = list(range(200))
    for number in sent:
        channel._put("jobs", {"number": number})
    taken: list[int] = []

    def drain() -> None:
        while True:
            try:
                taken.append(channel._get("jobs")["number"])
            except Empty:
                return

    readers = [Thread(target=drain) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert sorted(taken) == sent


def test_queues_that_bind_at_once_are_all_bound(channel: Channel) -> None:
    binders = [Thread(target=channel._queue_bind, args=("jobs", "key", "", f"queue{number}")) for number in range(8)]
    for binder in binders:
        binder.start()
    for binder in binders:
        binder.join()
    assert {row.queue for row in channel.get_table("jobs")} == {f"queue{number}" for number in range(8)}
