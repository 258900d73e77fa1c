"""Authentication: hashed passwords, the file that holds them, tokens, and settings that leave the page open."""

from __future__ import annotations

import asyncio
import base64
import io
import unicodedata
from pathlib import Path

import pytest

from app import main as serve
from rag.cli import main
from rag.errors import SettingsError
from rag.passwords import hash_password, is_hash, is_password
from rag.settings import read_settings
from tests.web.asgi import echo, sent_for
from web.authentication import BearerToken, Credentials, read_credentials

# The third vector of RFC 7914, section 12: what is asked for fewer bytes is the same as the first of more
RFC_KEY = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
RFC = f"scrypt$16384$8$1$U29kaXVtQ2hsb3JpZGU=${base64.b64encode(bytes.fromhex(RFC_KEY)).decode()}"


def test_the_hash_is_scrypt_as_the_rfc_computes_it() -> None:
    assert is_password("pleaseletmein", RFC)
    assert not is_password("pleaseletmeiN", RFC)


def test_a_password_is_kept_salted_and_a_korean_one_in_either_form() -> None:
    kept = hash_password("비밀번호는 길게")
    assert kept != hash_password("비밀번호는 길게")
    assert "비밀" not in kept
    assert kept.startswith("scrypt$16384$8$5$")
    assert is_password("비밀번호는 길게", kept)
    assert is_password(unicodedata.normalize("NFD", "비밀번호는 길게"), kept)
    assert not is_password("비밀번호는 짧게", kept)


@pytest.mark.parametrize(
    "kept",
    ["scrypt$", "scrypt$16384$8$1$U29k$xx", RFC + "x", RFC.replace("16384", "16383"), RFC.replace("16384", "4194304"),
     RFC.replace("$8$", "$0$"), RFC.replace("$8$1$", "$8$99$"), RFC.replace("U29", "=29"), "pbkdf2$1$2$3$4$5", ""],
)  # fmt: skip
def test_what_is_no_hash_or_costs_too_much_is_seen_before_it_is_tried(kept: str) -> None:
    assert not is_hash(kept)
    assert is_hash(RFC)


def test_only_the_right_password_of_a_known_name_fits() -> None:
    credentials = Credentials({"김": hash_password("나무는 푸르다"), "lee": RFC})

    async def tried(name: str, password: str) -> bool:
        return await credentials.verify(name, password)

    assert asyncio.run(tried("김", "나무는 푸르다"))
    assert asyncio.run(tried("lee", "pleaseletmein"))
    assert not asyncio.run(tried("lee", "나무는 푸르다"))
    assert not asyncio.run(tried("nobody", ""))  # the hash that stands in for nobody is of an empty password
    assert not asyncio.run(tried("", ""))


def test_names_come_from_the_file_and_the_setting_and_what_is_wrong_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "readers"
    file.write_text(f"# 독자\n\nkim:{RFC}\n 이 : {RFC}\n", encoding="utf-8")
    credentials = read_credentials(read_settings({"auth": "park:an old one", "auth_file": str(file)}, environment={}))
    assert credentials
    assert set(credentials._hashes) == {"kim", "이", "park"}
    assert read_credentials(read_settings({}, environment={})) is None
    assert read_credentials(read_settings({"auth": "off"}, environment={})) is None
    for text, said in (
        ("kim:hunter2\n", "Line 1"), ("# nobody\n", "lets nobody in"), (f"\n:{RFC}\n", "Line 2"), (None, "No such file")
    ):  # fmt: skip
        file.unlink(missing_ok=True)
        if text is not None:
            file.write_text(text, encoding="utf-8")
        with pytest.raises(SettingsError) as caught:
            read_credentials(read_settings({"auth_file": str(file)}, environment={}))
        assert said in str(caught.value)
        assert "hunter2" not in str(caught.value)
    with pytest.raises(SettingsError, match="NONMUN_AUTH holds no hash"):
        read_credentials(read_settings({"auth": "kim:scrypt$garbled"}, environment={}))


def test_the_password_command_makes_a_line_that_lets_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("솔방울을 줍는다\n"))
    assert main(["password", "김서연"]) == 0
    line = capsys.readouterr().out
    assert "솔방울" not in line
    (tmp_path / "readers").write_text(line, encoding="utf-8")
    credentials = read_credentials(read_settings({"auth_file": str(tmp_path / "readers")}, environment={}))
    assert credentials
    assert asyncio.run(credentials.verify("김서연", "솔방울을 줍는다"))
    for name, password, said in (("a:b", "long enough", "cannot be a name"), ("kim", "short", "at least 8")):
        monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        assert main(["password", name]) == 2
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("value", ["10.0.0.2", "10.0.0.0/24, ::1", "2001:db8::/32", ""])
def test_proxies_are_addresses_and_networks(value: str) -> None:
    assert len(read_settings({"trusted_proxy": value}, environment={}).proxies) == len(
        [part for part in value.split(",") if part]
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("trusted_proxy", "*", "addresses or networks"), ("trusted_proxy", "nginx", "“nginx”"),
     ("auth_header", "Remote User", "name of a header"), ("auth", "kim", "NAME:PASSWORD"), ("auth", "kim: ", "NAME:HASH")],
)  # fmt: skip
def test_a_setting_that_would_let_the_wrong_ones_in_is_refused(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read_settings({name: value}, environment={})


@pytest.mark.parametrize(
    ("flags", "settings", "said"),
    [
        (("--host", "0.0.0.0"), {}, "0.0.0.0 can be reached from outside"),
        (("--host", "::"), {}, ":: can be reached from outside"),
        (("--host", ""), {}, "Every address can be reached from outside"),
        (("--host", "127.evil.example"), {}, "NONMUN_AUTH=off"),
        ((), {"NONMUN_AUTH": "kim:a secret one", "NONMUN_MCP": "on"}, "NONMUN_MCP_TOKEN"),
        ((), {"NONMUN_AUTH_HEADER": "Remote-User"}, "NONMUN_TRUSTED_PROXY"),
        (
            (),
            {"NONMUN_AUTH_HEADER": "Remote-User", "NONMUN_TRUSTED_PROXY": "10.0.0.2", "NONMUN_AUTH": "kim:a secret one"},
            "Choose one way",
        ),
        ((), {"NONMUN_AUTH_FILE": "missing"}, "NONMUN_AUTH_FILE missing cannot be read"),
        ((), {"NONMUN_AUTH": "kim:scrypt$a secret one"}, "NONMUN_AUTH holds no hash"),
    ],
)  # fmt: skip
def test_settings_that_would_leave_the_page_open_are_refused_in_a_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    flags: tuple[str, ...],
    settings: dict[str, str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert serve(["--store", str(tmp_path / "store"), *flags]) == 2
    refused = capsys.readouterr().err
    assert said in refused
    assert "a secret one" not in refused


@pytest.mark.parametrize(
    ("said", "status"), [(b"Bearer a-token", 200), (b"Bearer A-token", 401), (b"a-token", 401), (b"", 401)]
)
def test_only_the_token_opens_the_tools(said: bytes, status: int) -> None:
    sent = sent_for(BearerToken(echo, "a-token"), headers=[(b"authorization", said)])
    assert sent[0]["status"] == status
