"""File names, types by content, and the storage."""

import hashlib
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from zhangshi.base.errors import ZhangshiError
from zhangshi.records.files.names import NAME_LENGTH_MAX, safe_name
from zhangshi.records.files.sniffing import shown_inline, sniff
from zhangshi.records.files.storage import ObjectStorage, storage_at

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("图纸 A.pdf", "图纸 A.pdf"), ("../../etc/passwd", "passwd"), ("C:\\temp\\a.png", "a.png"), ("", "file"),
        ("con.txt", "_con.txt"), ("a\x00b\r\nc.txt", "a_b_c.txt"), ("fdp\u202egpj.exe", "fdp_gpj.exe"), ("...", "file"),
    ],
)  # fmt: skip
def test_names_lose_what_could_hurt(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_ending() -> None:
    assert safe_name("长" * 300 + ".pdf").endswith("长.pdf")
    assert len(safe_name("长" * 300 + ".pdf")) == NAME_LENGTH_MAX


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.png", PNG, "image/png"), ("a.JPG", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.pdf", b"%PDF-1.7", "application/pdf"),
        ("a.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.zip", b"PK\x03\x04", "application/zip"), ("a.csv", "编号,名称".encode("gb18030"), "text/csv"),
        ("a.txt", "说明".encode(), "text/plain"), ("a.dwg", b"AC1032", "image/vnd.dwg"),
        ("a.webp", b"RIFF\0\0\0\0WEBP", "image/webp"), ("a.step", b"ISO-10303-21;", "model/step"),
    ],
)  # fmt: skip
def test_a_type_is_what_the_content_says(name: str, content: bytes, media_type: str) -> None:
    assert sniff(name, content) == media_type


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.svg", b"<svg xmlns='x'>", "records.file_type_refused"), ("a.txt", b"<html>", "records.file_type_refused"),
        ("a.exe", b"MZ\0\0", "records.file_type_refused"), ("a.png", b"\xff\xd8\xff\xe0", "records.file_type_differs"),
        ("a.html", b"hello", "records.file_type_differs"), ("a.pdf", b"plain text", "records.file_type_differs"),
        ("a.txt", b"\xef\xbb\xbf  <!DOCTYPE html>", "records.file_type_refused"),
    ],
)  # fmt: skip
def test_scripts_and_disguises_are_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(ZhangshiError) as caught:
        sniff(name, content)
    assert caught.value.code == code


def test_only_pictures_and_pdf_are_shown_in_place() -> None:
    assert shown_inline("image/png")
    assert shown_inline("application/pdf")
    assert not shown_inline("text/plain")
    assert not shown_inline("application/zip")


def test_a_storage_keeps_a_content_once_and_notices_damage(tmp_path: Path) -> None:
    content = b"drawing"
    digest = hashlib.sha256(content).hexdigest()
    for store in (ObjectStorage(MemoryStore()), storage_at(f"file://{tmp_path}/files", prefix="acme")):
        assert store.get(digest) is None
        store.put(digest, content)
        store.put(digest, content)
        assert store.get(digest) == content
    (kept,) = [file for file in (tmp_path / "files").rglob("*") if file.is_file()]
    assert "acme" in kept.parts
    kept.write_bytes(b"damaged")
    assert store.get(digest) is None


def test_an_address_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(ZhangshiError, match=r"records\.file_storage_failed"):
        storage_at("nonsense://x")
