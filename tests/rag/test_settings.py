"""Settings: which source wins, which mistakes are told, and that a key never shows itself."""

from __future__ import annotations

import copy
import json
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import Address, Secret, Settings, environment_name, masked_url, read_settings

KEY = "sk-TEST-never-to-be-seen-42"


def read(
    flags: dict[str, object] | None = None, environment: dict[str, str] | None = None, env: Path | None = None
) -> Settings:
    return read_settings(flags, {"HOME": "/nowhere", **(environment or {})}, env or Path("/nowhere/.env"))


def test_defaults_hold_where_nothing_is_said() -> None:
    settings = read()
    assert (settings.store, settings.engine, settings.language, settings.top_k) == (
        "/nowhere/.local/share/nonmun/store",
        "auto",
        "auto",
        5,
    )
    assert settings.host == "127.0.0.1"
    assert not settings.has_model
    assert set(settings.origin.values()) == {"default"}


def test_a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("NONMUN_MODEL=from-file\nNONMUN_PORT=1111\nNONMUN_TOP_K=7\n", encoding="utf-8")
    settings = read({"port": 3333, "host": None}, {"NONMUN_PORT": "2222", "NONMUN_MODEL": "from-environment"}, env)
    assert (settings.port, settings.model, settings.top_k, settings.host) == (3333, "from-environment", 7, "127.0.0.1")
    origin = {name: settings.origin[name] for name in ("port", "model", "top_k", "host")}
    assert origin == {"port": "flag", "model": "environment", "top_k": ".env", "host": "default"}


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("NONMUN_STOER", "NONMUN_STORE"),
        ("NONMUN_TOPK", "NONMUN_TOP_K"),
        ("NONMUN_EMBEDER", "NONMUN_EMBEDDER"),
        ("NONMUN_LANG", "NONMUN_LANGUAGE"),
    ],
)
def test_a_misspelt_name_is_an_error_that_names_the_nearest_one(name: str, nearest: str) -> None:
    with pytest.raises(SettingsError, match=rf"{name} \(environment\).*{nearest}\?"):
        read(environment={name: "x"})


def test_a_misspelt_name_in_the_file_is_told_with_the_file(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("NONMUN_STOER=x\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"\.env.*NONMUN_STORE\?"):
        read(env=env)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("NONMUN_TOP_K", "many", "number"), ("NONMUN_TOP_K", "0", "between 1 and 50"), ("NONMUN_TOP_K", "2.5", "number"),
        ("NONMUN_PORT", "70000", "between"), ("NONMUN_LLM_TIMEOUT", "0", "between"), ("NONMUN_LLM_TIMEOUT", "nan", "between"),
        ("NONMUN_ENGINE", "magic", "auto, offline, llm"), ("NONMUN_LANGUAGE", "fr", "auto, ko, en"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_an_error_that_says_what_can(name: str, value: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        read(environment={name: value})


def test_an_empty_variable_counts_as_not_given() -> None:
    assert read(environment={"NONMUN_MODEL": "", "OPENAI_API_KEY": ""}).model == "gpt-4.1-mini"


def test_the_key_and_the_address_of_openai_have_their_usual_names() -> None:
    settings = read(environment={"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"})
    assert settings.openai_api_key.reveal() == KEY
    assert settings.openai_base_url == "http://127.0.0.1:1/v1"
    assert settings.has_model
    assert read(environment={"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}).has_model


def test_a_key_never_shows_itself() -> None:
    settings = read(environment={"OPENAI_API_KEY": KEY})
    secret = settings.openai_api_key
    shown = [
        repr(settings),
        str(settings),
        f"{settings}",
        f"{secret}",
        f"{secret!r}",
        f"{secret:>40}",
        str(secret),
        repr([secret]),
        repr(copy.copy(secret)),
    ]
    assert not [text for text in shown if KEY in text]
    assert str(Secret()) == ""
    assert secret.reveal() == KEY


def test_an_address_shows_no_password_and_the_client_gets_it_whole() -> None:
    for text in ("https://kim:hush@models.example/v1?key=hush", "https://hush@models.example/v1"):
        settings = read(environment={"OPENAI_BASE_URL": text})
        shown = [str(settings.openai_base_url), f"{settings.openai_base_url}", repr(settings)]
        assert not [said for said in shown if "hush" in said or "kim" in said]
        assert all("models.example" in said for said in shown)
        assert settings.openai_base_url.reveal() == text
    assert masked_url("https://kim:hu@/?sh@models.example/v1") == "https://•••@models.example/v1"
    assert str(Address("http://127.0.0.1:11434/v1")) == "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize("name", ["NONMUN_STORE", "OPENAI_BASE_URL"])
@pytest.mark.parametrize(
    "text", ["ftp://127.0.0.1", "http://127.0.0.1:99999", "http://127.0.0.1:0", "https://", "http://[::1"]
)
def test_a_url_that_no_server_can_have_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=rf"{name} \(environment\) is “.*”"):
        read(environment={name: text})


def test_a_scheme_in_capitals_is_understood_and_a_folder_stays_as_it_is() -> None:
    assert read(environment={"NONMUN_STORE": "HTTP://localhost:8000"}).store == "http://localhost:8000"
    assert read({"store": "index of 2024: mine"}).store == "index of 2024: mine"


def test_an_env_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("\ufeffNONMUN_TOP_K=7\n".encode())
    assert read(env=tmp_path / ".env").top_k == 7


def test_every_setting_says_what_it_means_and_has_one_name() -> None:
    specs = [spec for spec in fields(Settings) if spec.name != "origin"]
    assert all(spec.metadata["doc"] for spec in specs)
    names = [environment_name(spec.name) for spec in specs]
    assert len(set(names)) == len(names)
    assert all(name.startswith(("NONMUN_", "OPENAI_", "CHROMA_")) for name in names)


def test_a_setting_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        read().port = 1  # type: ignore[misc]


def test_settings_are_plain_data() -> None:
    assert json.loads(json.dumps({k: str(v) for k, v in asdict(read()).items() if k != "origin"}))["port"] == "7860"
