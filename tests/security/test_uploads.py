"""Attacks with what is sent: too much, too many, too large when it unfolds."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from portal.accounts.models import User
from portal.kit.uploads import MAX_BODY
from registry.personas.models import Portrait
from tests.registry.desk.desk import signed_in
from tests.registry.rows import persona_of
from verification.engines import pictures


@pytest.mark.parametrize("length", [str(MAX_BODY + 1), "9" * 5000])
def test_a_body_beyond_every_form_is_not_read(length: str, client: Client, db: None) -> None:
    answer = client.generic("POST", "/accounts/login/", b"x", "multipart/form-data; boundary=b", CONTENT_LENGTH=length)
    assert answer.status_code == 413
    assert "64 megabytes" in answer.content.decode()


@pytest.mark.parametrize("length", ["", "-1", "abc", "²"])
def test_a_length_that_is_no_number_reads_nothing(length: str, client: Client, db: None) -> None:
    answer = client.generic("POST", "/i18n/setlang/", b"language=zh-hans", CONTENT_LENGTH=length)
    assert answer.status_code < 500


def test_more_files_than_any_form_takes_are_refused(alice: User) -> None:
    persona = persona_of(alice)
    files = [SimpleUploadedFile(f"{place}.png", b"x") for place in range(11)]
    assert signed_in(alice).post(reverse("personas:portraits", args=[persona.pk]), {"picture": files}).status_code == 400


def test_a_portrait_larger_than_ten_megabytes_is_not_kept(alice: User) -> None:
    persona = persona_of(alice)
    huge = SimpleUploadedFile("huge.jpg", b"\xff\xd8\xff" + bytes(pictures.MAX_BYTES))
    answer = signed_in(alice).post(reverse("personas:portraits", args=[persona.pk]), {"picture": huge})
    assert answer.status_code == 422
    assert not Portrait.objects.exists()


def _png(size: tuple[int, int]) -> bytes:
    out = BytesIO()
    Image.new("1", size).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("size", [(40_000, 1001), (65_000, 65_000), (1, 40_000_001)])
def test_a_picture_that_unfolds_too_far_is_refused_unopened(size: tuple[int, int]) -> None:
    head = bytearray(_png((8, 8)))
    head[16:24] = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big")
    with pytest.raises(pictures.BadPicture):
        pictures.clean(bytes(head))


@pytest.mark.parametrize("name", ["../../etc/passwd", "<script>alert(1)</script>.png", "a\r\nSet-Cookie: x=1.png"])
def test_the_name_of_a_file_leads_nowhere(name: str, alice: User) -> None:
    persona = persona_of(alice)
    answer = signed_in(alice).post(reverse("personas:portraits", args=[persona.pk]), {"picture": SimpleUploadedFile(name, b"no picture")})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert "Set-Cookie: x" not in str(answer.headers)
