"""Every setting of the product, read once: flags over environment over `.env` over defaults. Holds data, builds nothing."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from dotenv import dotenv_values

from rag.errors import SettingsError


class Secret(str):
    """A string that shows itself only when asked by `reveal`; its repr is masked."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'•••'" if self.reveal() else "''"

    def __str__(self) -> str:
        return "•••" if self.reveal() else ""

    __format__ = lambda self, _spec: str(self)  # noqa: E731

    def reveal(self) -> str:
        """Return the value itself, for the one place that sends it."""
        return str.__str__(self)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `origin` tells where each value comes from: flag, environment, .env or default."""

    store: str = field(metadata={"doc": "folder of the index, or http://host:port of a Chroma server"})
    embedder: str = field(
        default="bundled", metadata={"doc": "bundled, openai:MODEL, or module:Class of a LlamaIndex embedder"}
    )
    reranker: str = field(
        default="",
        metadata={"doc": "module:Class of a LlamaIndex reranker that reorders the first papers; off when empty"},
    )
    engine: str = field(default="auto", metadata={"doc": "auto (a model when one is configured), offline, or llm"})
    model: str = field(default="gpt-4.1-mini", metadata={"doc": "the language model to ask for"})
    language: str = field(default="auto", metadata={"doc": "answer language: auto (the question's), ko or en"})
    top_k: int = field(default=5, metadata={"doc": "papers that an open question is answered from"})
    llm_timeout: float = field(default=30.0, metadata={"doc": "seconds to wait for the model's next word"})
    llm_deadline: float = field(
        default=90.0, metadata={"doc": "seconds a model's whole answer may take, attempts included"}
    )
    llm_evidence_tokens: int = field(default=6000, metadata={"doc": "tokens of evidence sent with a question"})
    llm_answer_tokens: int = field(
        default=1000, metadata={"doc": "tokens an answer may have (a reasoning model gets four times that)"}
    )
    llm_temperature: float = field(default=0.1, metadata={"doc": "0 to 2; reasoning models take none"})
    unsupported: str = field(default="drop", metadata={"doc": "a model's unsupported sentences: drop or mark"})
    trace: str = field(default="off", metadata={"doc": "on keeps a local trace of every answer (nonmun trace)"})
    host: str = field(default="127.0.0.1", metadata={"doc": "address the page listens on"})
    port: int = field(default=7860, metadata={"doc": "port of the page"})
    auth: Secret = field(
        default=Secret(),
        metadata={"doc": "NAME:PASSWORD, or NAME:HASH (nonmun password), that the page asks for; off lets anyone in"},
    )
    auth_file: str = field(default="", metadata={"doc": "file of lines NAME:HASH (nonmun password) that may sign in"})
    auth_header: str = field(
        default="", metadata={"doc": "header in which a trusted proxy names who has signed in with it, as Remote-User"}
    )
    hosts: str = field(
        default="", metadata={"doc": "names the page may be called by, by commas; those of this machine when empty"}
    )
    openai_api_key: Secret = field(
        default=Secret(), metadata={"doc": "key of the model's server", "env": "OPENAI_API_KEY"}
    )
    openai_base_url: str = field(default="", metadata={"doc": "any OpenAI-compatible server", "env": "OPENAI_BASE_URL"})
    trusted_proxy: str = field(
        default="",
        metadata={"doc": "addresses or networks of proxies that are believed about their callers, by commas"},
    )
    chroma_api_key: Secret = field(
        default=Secret(), metadata={"doc": "key of Chroma Cloud, for a store there", "env": "CHROMA_API_KEY"}
    )
    chroma_tenant: str = field(default="", metadata={"doc": "tenant of a Chroma server", "env": "CHROMA_TENANT"})
    chroma_database: str = field(default="", metadata={"doc": "database of a Chroma server", "env": "CHROMA_DATABASE"})
    feedback: str = field(
        default="", metadata={"doc": "folder that readers' verdicts on answers are written to, or off"}
    )
    mcp: str = field(default="off", metadata={"doc": "on offers the tools to assistants (MCP) beside the page"})
    mcp_token: Secret = field(default=Secret(), metadata={"doc": "bearer token that MCP asks for"})
    origin: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def has_model(self) -> bool:
        """Whether a language model is configured at all."""
        return bool(self.openai_api_key.reveal() or self.openai_base_url)

    @property
    def asks_password(self) -> bool:
        """Whether `auth` holds a name and a password."""
        return self.auth.reveal() not in ("", "off")

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of the trusted proxies."""
        return tuple(ip_network(part.strip()) for part in self.trusted_proxy.split(",") if part.strip())


_SECRETS = ("auth", "openai_api_key", "chroma_api_key", "mcp_token")
_CHOICES = {
    "engine": ("auto", "offline", "llm"), "language": ("auto", "ko", "en"), "mcp": ("off", "on"),
    "unsupported": ("drop", "mark"), "trace": ("off", "on"),
}  # fmt: skip
_RANGES: dict[str, tuple[float, float]] = {
    "top_k": (1, 50), "llm_timeout": (1, 600), "llm_deadline": (1, 3600), "llm_evidence_tokens": (200, 200_000),
    "llm_answer_tokens": (50, 20_000), "llm_temperature": (0, 2), "port": (0, 65535),
}  # fmt: skip
_DECIMAL = ("llm_timeout", "llm_deadline", "llm_temperature")


def environment_name(setting: str) -> str:
    """Return the environment variable of a setting."""
    spec = next(f for f in fields(Settings) if f.name == setting)
    return str(spec.metadata.get("env", f"NONMUN_{setting.upper()}"))


def default_store(environment: Mapping[str, str]) -> str:
    """Return where the index lives unless told otherwise: `nonmun/store` in the user's data folder."""
    base = environment.get("XDG_DATA_HOME") or str(Path(environment.get("HOME") or Path.home()) / ".local" / "share")
    return str(Path(base) / "nonmun" / "store")


def cache_folder() -> Path:
    """Return where this machine keeps what it derived from stores on servers."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nonmun"


def trace_file() -> Path:
    """Return the file that answers are traced in where that is switched on."""
    return cache_folder() / "traces.jsonl"


def _parse(name: str, value: str, where: str) -> object:
    variable = environment_name(name)
    if name in _RANGES:
        low, high = _RANGES[name]
        try:
            number = float(value) if name in _DECIMAL else int(value)
        except ValueError:
            raise SettingsError(f"{variable} is “{value}” ({where}); it must be a number.") from None
        if not low <= number <= high:
            raise SettingsError(f"{variable} is {value} ({where}); it must lie between {low:g} and {high:g}.")
        return number
    if name in _CHOICES and value not in _CHOICES[name]:
        raise SettingsError(f"{variable} is “{value}” ({where}); it must be one of {', '.join(_CHOICES[name])}.")
    if name == "auth" and value != "off" and not all(map(str.strip, value.partition(":")[::2])):
        raise SettingsError(f"{variable} ({where}) must be NAME:PASSWORD, NAME:HASH (nonmun password NAME), or off.")
    if name == "auth_header" and not re.fullmatch(r"[A-Za-z0-9-]+", value):
        raise SettingsError(f"{variable} is “{value}” ({where}); it must be the name of a header, as Remote-User.")
    if name == "trusted_proxy":
        for part in filter(None, map(str.strip, value.split(","))):
            try:
                ip_network(part)
            except ValueError:
                raise SettingsError(
                    f"{variable} holds “{part}” ({where}); write addresses or networks, as 10.0.0.2 or 10.0.0.0/24."
                ) from None
    return Secret(value) if name in _SECRETS else value


def _refuse_unknown(names: Mapping[str, object], where: str) -> None:
    known = {environment_name(f.name) for f in fields(Settings) if f.name != "origin"}
    for name in sorted(names):
        if name.startswith("NONMUN_") and name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.0)
            raise SettingsError(f"{name} ({where}) is not a setting. Did you mean {near[0]}?")


def read_settings(
    flags: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
    env_file: Path | None = None,
) -> Settings:
    """Read all settings once. `flags` with None values count as not given; `env_file` defaults to `.env` here.

    Raises SettingsError for an unknown NONMUN_ name (naming the nearest right one) or a value that cannot be used.
    """
    surroundings = os.environ if environment is None else environment
    path = Path(".env") if env_file is None else env_file
    written = {k: v for k, v in dotenv_values(path).items() if v is not None} if path.is_file() else {}
    _refuse_unknown(surroundings, "environment")
    _refuse_unknown(written, str(path))
    home = default_store(surroundings)
    values: dict[str, object] = {"store": home, "feedback": str(Path(home).parent / "feedback")}
    origin: dict[str, str] = {}
    for spec in fields(Settings):
        name = spec.name
        if name == "origin":
            continue
        variable = environment_name(name)
        origin[name] = "default"
        for source, where in ((written, ".env"), (surroundings, "environment")):
            if source.get(variable):
                values[name], origin[name] = _parse(name, source[variable], where), where
        if flags and flags.get(name) is not None:
            values[name], origin[name] = _parse(name, str(flags[name]), "flag"), "flag"
    return Settings(**values, origin=origin)  # type: ignore[arg-type]
