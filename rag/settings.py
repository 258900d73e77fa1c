"""Every setting, read once. A flag beats the environment, the environment beats `.env`, and `.env` beats the default.

Holds data and builds nothing.
"""

from __future__ import annotations

import difflib
import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values

from rag.errors import SettingsError


class Secret(str):
    """A string whose `str` and `repr` are masked. Only `reveal` returns the value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'•••'" if self.reveal() else "''"

    def __str__(self) -> str:
        return "•••" if self.reveal() else ""

    __format__ = lambda self, _spec: str(self)  # noqa: E731

    def reveal(self) -> str:
        """Return the value itself, for the one place that sends it."""
        return str.__str__(self)


class Address(Secret):
    """The URL of a server. Its `str` hides the name and password before the host, and the query.

    >>> str(Address("https://kim:secret@models.example/v1?key=secret"))
    'https://•••@models.example/v1?•••'
    >>> str(Address("http://127.0.0.1:11434/v1"))
    'http://127.0.0.1:11434/v1'
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(str(self))

    def __str__(self) -> str:
        return masked_url(self.reveal())


_SIGNED_IN = re.compile(r"^(?://)?[^/\s@]*:.*@")  # a URL without its scheme


def masked_url(text: str) -> str:
    """Return a URL without its secrets: the user part and the query become dots. Other text stays as it is.

    Works on a broken URL too, so that it can stand in an error message: all before the last @ is hidden.

    >>> masked_url("http://kim:p@ss@host:99999"), masked_url("a folder/index"), masked_url("kim:secret@host/v1")
    ('http://•••@host:99999', 'a folder/index', '•••@host/v1')
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        return _SIGNED_IN.sub("•••@", text)
    _, user, rest = rest.rpartition("@")
    rest, query, _ = rest.partition("?")
    hidden_user = "•••@" if user else ""
    hidden_query = "?•••" if query else ""
    return f"{scheme}{separator}{hidden_user}{rest}{hidden_query}"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `origin` tells where each value comes from: flag, environment, .env or default."""

    store: str = field(metadata={"doc": "folder of the index, or http://host:port of a Chroma server"})
    embedder: str = field(
        default="bundled", metadata={"doc": "bundled, openai:MODEL, or module:Class of a LlamaIndex embedder"}
    )
    reranker: str = field(
        default="",
        metadata={"doc": "module:Class of a LlamaIndex reranker for the first 20 papers; empty: none"},
    )
    engine: str = field(
        default="auto", metadata={"doc": "who writes: auto (the model if one is configured), offline or llm"}
    )
    reader: str = field(
        default="auto",
        metadata={"doc": "who reads questions: offline, llm, or auto (the model where the offline reader is unsure)"},
    )
    reader_deadline: float = field(default=5.0, metadata={"doc": "seconds that the model may take to read a question"})
    select: str = field(
        default="off", metadata={"doc": "on lets the model judge the borderline papers of a list about a topic"}
    )
    model: str = field(default="gpt-4.1-mini", metadata={"doc": "name of the language model"})
    llm: str = field(
        default="", metadata={"doc": "module:Class of a LlamaIndex LLM in place of an OpenAI-compatible server"}
    )
    llm_args: Secret = field(default=Secret(), metadata={"doc": "arguments of that class, as a JSON object"})
    language: str = field(
        default="auto", metadata={"doc": "language of answers: auto (that of the question), ko or en"}
    )
    top_k: int = field(default=5, metadata={"doc": "number of papers that an open question is answered from"})
    llm_timeout: float = field(default=30.0, metadata={"doc": "seconds to wait for the model's next word"})
    llm_deadline: float = field(
        default=90.0, metadata={"doc": "seconds that a whole answer of the model may take, retries included"}
    )
    llm_evidence_tokens: int = field(default=6000, metadata={"doc": "tokens of evidence sent with each question"})
    llm_answer_tokens: int = field(
        default=1000, metadata={"doc": "tokens that an answer may have (four times as many for a reasoning model)"}
    )
    llm_temperature: float = field(default=0.1, metadata={"doc": "0 to 2; not sent to reasoning models"})
    unsupported: str = field(
        default="drop", metadata={"doc": "what to do with a sentence that fails the checks: drop or mark"}
    )
    trace: str = field(default="off", metadata={"doc": "on writes a local trace of every answer (see nonmun trace)"})
    host: str = field(default="127.0.0.1", metadata={"doc": "address that the page listens on"})
    port: int = field(default=7860, metadata={"doc": "port of the page"})
    auth: Secret = field(
        default=Secret(),
        metadata={"doc": "NAME:PASSWORD or NAME:HASH (see nonmun password) to sign in with; off lets everyone in"},
    )
    auth_file: str = field(
        default="", metadata={"doc": "file with one NAME:HASH a line (see nonmun password); these people may sign in"}
    )
    auth_header: str = field(
        default="",
        metadata={"doc": "header in which a trusted proxy names the person who signed in, such as Remote-User"},
    )
    hosts: str = field(
        default="",
        metadata={"doc": "host names that the page answers to, separated by commas; empty: those of this machine"},
    )
    openai_api_key: Secret = field(
        default=Secret(), metadata={"doc": "API key of the language model's server", "env": "OPENAI_API_KEY"}
    )
    openai_base_url: Address = field(
        default=Address(), metadata={"doc": "URL of an OpenAI-compatible server", "env": "OPENAI_BASE_URL"}
    )
    trusted_proxy: str = field(
        default="",
        metadata={"doc": "addresses or networks of the proxies in front of the page, separated by commas"},
    )
    chroma_api_key: Secret = field(
        default=Secret(), metadata={"doc": "API key of Chroma Cloud", "env": "CHROMA_API_KEY"}
    )
    chroma_tenant: str = field(default="", metadata={"doc": "tenant of a Chroma server", "env": "CHROMA_TENANT"})
    chroma_database: str = field(default="", metadata={"doc": "database of a Chroma server", "env": "CHROMA_DATABASE"})
    feedback: str = field(default="", metadata={"doc": "folder for readers' feedback on answers, or off"})
    mcp: str = field(default="off", metadata={"doc": "on offers the page's functions over MCP too"})
    mcp_token: Secret = field(default=Secret(), metadata={"doc": "bearer token that MCP clients must send"})
    fetch_huggingface: Address = field(
        default=Address("https://huggingface.co"),
        metadata={"doc": "where nonmun fetch asks for Hugging Face's daily papers"},
    )
    fetch_arxiv: Address = field(
        default=Address("https://export.arxiv.org"), metadata={"doc": "where nonmun fetch asks arXiv's search"}
    )
    fetch_pause: float = field(default=3.0, metadata={"doc": "least seconds between two requests of nonmun fetch"})
    fetch_timeout: float = field(default=30.0, metadata={"doc": "seconds that a reply to nonmun fetch may take"})
    feed: str = field(
        default="",
        metadata={"doc": "source that the page fetches and indexes once a day (see nonmun fetch); empty: none"},
    )
    feed_folder: str = field(default="", metadata={"doc": "folder for the digests of the page's feed"})
    chats: str = field(
        default="browser",
        metadata={"doc": "where chats are kept: browser, or server (beside the index, for readers who sign in)"},
    )
    uploads: str = field(default="off", metadata={"doc": "on lets readers who sign in add digests from the page"})
    upload_folder: str = field(default="", metadata={"doc": "folder for the digests that readers add"})
    upload_from: str = field(
        default="",
        metadata={"doc": "folders of this machine that readers may have indexed from the page, separated by commas"},
    )
    follow: str = field(default="", metadata={"doc": "file of the saved questions; empty: one beside the index"})
    follow_token: Secret = field(
        default=Secret(),
        metadata={"doc": "token with which a feed reader may read /feeds/NAME.atom?token=… without a sign-in"},
    )
    origin: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def has_model(self) -> bool:
        """Whether a language model is configured."""
        return bool(self.openai_api_key.reveal() or self.openai_base_url or self.llm)

    @property
    def model_name(self) -> str:
        """The name by which answers and costs call the language model."""
        return self.llm.rpartition(":")[2] or self.model

    @property
    def price_place(self) -> str:
        """The place whose prices hold: the URL of the server, or the class that stands for one; empty for OpenAI."""
        return self.llm or self.openai_base_url

    @property
    def asks_password(self) -> bool:
        """Whether `auth` holds a name and a password."""
        return self.auth.reveal() not in ("", "off")

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of the trusted proxies."""
        return tuple(ip_network(part.strip()) for part in self.trusted_proxy.split(",") if part.strip())


_SECRETS = ("auth", "openai_api_key", "chroma_api_key", "mcp_token", "llm_args", "follow_token")
_ADDRESSES = ("openai_base_url", "fetch_huggingface", "fetch_arxiv")
_CHOICES = {
    "engine": ("auto", "offline", "llm"), "language": ("auto", "ko", "en"), "mcp": ("off", "on"),
    "unsupported": ("drop", "mark"), "trace": ("off", "on"), "reader": ("auto", "offline", "llm"), "select": ("off", "on"),
    "chats": ("browser", "server"), "uploads": ("off", "on"),
}  # fmt: skip
_RANGES: dict[str, tuple[float, float]] = {
    "top_k": (1, 50), "llm_timeout": (1, 600), "llm_deadline": (1, 3600), "llm_evidence_tokens": (200, 200_000),
    "llm_answer_tokens": (50, 20_000), "llm_temperature": (0, 2), "port": (0, 65535), "fetch_pause": (0, 600), "fetch_timeout": (1, 600),
    "reader_deadline": (0.5, 600),
}  # fmt: skip
_DECIMAL = ("llm_timeout", "llm_deadline", "llm_temperature", "fetch_pause", "fetch_timeout", "reader_deadline")


def environment_name(setting: str) -> str:
    """Return the environment variable of a setting."""
    spec = next(f for f in fields(Settings) if f.name == setting)
    return str(spec.metadata.get("env", f"NONMUN_{setting.upper()}"))


def default_store(environment: Mapping[str, str]) -> str:
    """Return the default place of the index: `nonmun/store` in the user's data folder."""
    base = environment.get("XDG_DATA_HOME") or str(Path(environment.get("HOME") or Path.home()) / ".local" / "share")
    return str(Path(base) / "nonmun" / "store")


def cache_folder() -> Path:
    """Return the folder for what can be made again: traces, translations, indexes derived from Chroma servers."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nonmun"


def trace_file() -> Path:
    """Return the file that traces of answers are written to."""
    return cache_folder() / "traces.jsonl"


def _label(name: str, where: str) -> str:
    """Return how a person wrote a setting: `--store`, or `NONMUN_STORE (environment)`."""
    return f"--{name}" if where == "flag" else f"{environment_name(name)} ({where})"


def _parse(name: str, value: str, where: str) -> object:
    """Return the value of a setting. Raises SettingsError, with the value and what is allowed."""
    label = _label(name, where)
    if name in _RANGES:
        return _number(name, value, label)
    if name in _CHOICES and value not in _CHOICES[name]:
        raise SettingsError(f"{label} is “{value}”. It must be one of {', '.join(_CHOICES[name])}.")
    if name == "store":
        return _store(value, label)
    if name in _ADDRESSES:
        return Address(_url(value, label).geturl()) if value else Address()
    if name == "auth" and value != "off" and not all(map(str.strip, value.partition(":")[::2])):
        raise SettingsError(f"{label} must be NAME:PASSWORD, NAME:HASH (make one with nonmun password NAME) or off.")
    if name == "auth_header" and not re.fullmatch(r"[A-Za-z0-9-]+", value):
        raise SettingsError(f"{label} is “{value}”. It must be the name of a header, such as Remote-User.")
    if name == "trusted_proxy":
        _check_networks(value, label)
    return Secret(value) if name in _SECRETS else value


def _number(name: str, value: str, label: str) -> float:
    low, high = _RANGES[name]
    try:
        number = float(value) if name in _DECIMAL else int(value)
    except ValueError:
        raise SettingsError(f"{label} is “{value}”. It must be a number.") from None
    if not low <= number <= high:
        raise SettingsError(f"{label} is {value}. It must lie between {low:g} and {high:g}.")
    return number


def _check_networks(value: str, label: str) -> None:
    for part in filter(None, map(str.strip, value.split(","))):
        try:
            ip_network(part)
        except ValueError:
            raise SettingsError(
                f"{label} holds “{part}”. Write addresses or networks, such as 10.0.0.2 or 10.0.0.0/24."
            ) from None


def _store(value: str, label: str) -> str:
    """Return a folder, or the URL of a Chroma server with its scheme in small letters."""
    if not value.strip():
        raise SettingsError(f"{label} is empty. Give a folder, or http://host:port of a Chroma server.")
    if "://" not in value:
        return value
    url = _url(value, label)
    if url.username is not None or url.password is not None:
        raise SettingsError(
            f"{label} is “{masked_url(value)}”. A Chroma server takes no name or password in its URL. "
            "Leave out what stands before the @; a key goes into CHROMA_API_KEY."
        )
    if url.query or url.fragment or url.path.strip("/"):
        raise SettingsError(
            f"{label} is “{masked_url(value)}”. A Chroma server has no path in its URL. Write http://host:port."
        )
    return url.geturl()


def _url(value: str, label: str) -> SplitResult:
    """Split the URL of a server. Raises SettingsError for another scheme, a missing host or an impossible port."""
    shown = masked_url(value)
    try:
        url = urlsplit(value.strip())
        port = url.port
        if re.search(r"\s", url.netloc):
            raise ValueError("a blank in the name of a host")
        (url.hostname or "").encode("idna")
    except ValueError as error:
        why = "Its port must be a number up to 65535" if "port" in str(error).lower() else "It is not a URL"
        raise SettingsError(f"{label} is “{shown}”. {why}, as in http://127.0.0.1:8000.") from None
    if url.scheme not in ("http", "https") or not url.hostname or port == 0:
        raise SettingsError(f"{label} is “{shown}”. Write the URL of a server as in http://127.0.0.1:8000.")
    return url


def _refuse_unknown(names: Mapping[str, object], where: str) -> None:
    known = {environment_name(f.name) for f in fields(Settings) if f.name != "origin"}
    for name in sorted(names):
        if name.startswith("NONMUN_") and name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.0)
            raise SettingsError(f"{name} ({where}) is not a setting. Did you mean {near[0]}?")


def _read_env_file(path: Path) -> dict[str, str]:
    """Read a `.env` file; a missing one is empty. Raises SettingsError where it cannot be read as UTF-8."""
    try:
        if not os.path.lexists(path):  # a link to nothing is told
            return {}
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text. Save it as UTF-8, then try again.") from None
    if "\0" in text:  # UTF-16 without a mark
        raise SettingsError(f"{path} is not UTF-8 text. Save it as UTF-8, then try again.")
    return {name: value for name, value in dotenv_values(stream=io.StringIO(text)).items() if value is not None}


def read_settings(
    flags: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
    env_file: Path | None = None,
) -> Settings:
    """Read all settings.

    A flag of None counts as not given, an empty variable too. `env_file` defaults to `.env` in the current folder.
    Raises SettingsError for an unknown NONMUN_ name (with the nearest one that exists), for a value that cannot be
    used, and for a `.env` that is not UTF-8.
    """
    surroundings = os.environ if environment is None else environment
    path = Path(".env") if env_file is None else env_file
    written = _read_env_file(path)
    _refuse_unknown(surroundings, "environment")
    _refuse_unknown(written, str(path))
    home = default_store(surroundings)
    beside = Path(home).parent
    values: dict[str, object] = {
        "store": home,
        "feedback": str(beside / "feedback"),
        "feed_folder": str(beside / "digests"),
        "upload_folder": str(beside / "uploads"),
    }
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
