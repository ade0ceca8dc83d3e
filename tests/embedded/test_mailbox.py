"""The demo's mailbox reads what Django's file-based mail writes."""

from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from pytest_django import Settings

from portal.embedded import mailbox


def send(folder: Path, *subjects: str) -> None:
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(folder))
    messages = [
        EmailMessage(subject, f"登记 http://localhost:8000/x/{number}/ <b>", "registry@localhost", ["alice@example.com"])
        for number, subject in enumerate(subjects)
    ]
    connection.send_messages(messages)


def test_the_newest_mail_comes_first(tmp_path: Path) -> None:
    send(tmp_path, "First", "Second")
    assert [mail.subject for mail in mailbox.newest(tmp_path)] == ["Second", "First"]


def test_a_mail_is_found_by_its_key(tmp_path: Path) -> None:
    send(tmp_path, "确认邮箱")
    listed = mailbox.newest(tmp_path)[0]
    found = mailbox.find(tmp_path, listed.key)
    assert found is not None
    assert (found.to, found.subject) == ("alice@example.com", "确认邮箱")
    assert "登记 http://localhost:8000/x/0/" in found.text
    assert found.sent_at is not None
    assert found.sent_at.tzinfo is not None


@pytest.mark.parametrize("key", ["", "missing.0", "../secrets.0", "a/b.0", "%2e%2e.0"])
def test_a_key_never_leads_out_of_the_folder(tmp_path: Path, key: str) -> None:
    (tmp_path / "secrets.log").write_text("Subject: no\n\nno")
    (tmp_path / "mail").mkdir()
    assert mailbox.find(tmp_path / "mail", key) is None


def test_an_empty_or_missing_folder_holds_no_mail(tmp_path: Path) -> None:
    assert mailbox.newest(tmp_path / "none") == []


@pytest.mark.django_db
def test_outside_the_demo_there_is_no_mailbox(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    assert client.get("/demo/mail/").status_code == 404
    assert client.get("/demo/mail/x.0/").status_code == 404


@pytest.mark.django_db
def test_the_demos_mails_are_listed_and_their_links_can_be_clicked(client: Client, settings: Settings) -> None:
    send(Path(settings.EMAIL_FILE_PATH), "Confirm")
    key = mailbox.newest(Path(settings.EMAIL_FILE_PATH))[0].key
    assert f"/demo/mail/{key}/" in client.get("/demo/mail/").content.decode()
    page = client.get(f"/demo/mail/{key}/").content.decode()
    assert 'href="http://localhost:8000/x/0/"' in page
    assert "&lt;b&gt;" in page
