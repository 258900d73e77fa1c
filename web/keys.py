"""Who may come in: names with passwords, for Gradio's login, or the name that a trusted proxy says in a header."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request

from rag.errors import SettingsError
from rag.passwords import hash_password, is_hash, is_password
from rag.settings import Settings


class Keys:
    """Names and the hashes of their passwords."""

    def __init__(self, hashes: Mapping[str, str]) -> None:
        self._hashes = {unicodedata.normalize("NFC", name): kept for name, kept in hashes.items()}
        self._nobody = hash_password("")  # compared where the name is unknown, so that the time does not tell
        self._one = CapacityLimiter(1)  # a try costs 16 MB and a quarter of a second of one core

    async def fits(self, name: str, password: str) -> bool:
        """Tell whether a password is the one of a name."""
        name = unicodedata.normalize("NFC", name)
        fits = await to_thread.run_sync(is_password, password, self._hashes.get(name, self._nobody), limiter=self._one)
        return fits and name in self._hashes


def read_keys(settings: Settings) -> Keys | None:
    """Read the names of the settings `auth` and `auth_file`; None where there are none. Raises SettingsError."""
    hashes: dict[str, str] = {}
    if settings.asks_password:
        name, _, kept = settings.auth.reveal().partition(":")
        hashes[name.strip()] = _checked(kept, "NONMUN_AUTH") if kept.startswith("scrypt$") else hash_password(kept)
    if settings.auth_file:
        try:
            lines = Path(settings.auth_file).expanduser().read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            said = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise SettingsError(f"NONMUN_AUTH_FILE {settings.auth_file} cannot be read: {said}.") from error
        for number, line in enumerate(map(str.strip, lines), start=1):
            if line and not line.startswith("#"):
                where = f"Line {number} of {settings.auth_file}"
                name, _, kept = line.partition(":")
                if not name.strip():
                    raise SettingsError(f"{where} has no name.")
                hashes[name.strip()] = _checked(kept.strip(), where)
        if not hashes:
            raise SettingsError(f"{settings.auth_file} lets nobody in: add lines with nonmun password NAME.")
    return Keys(hashes) if hashes else None


def _checked(kept: str, where: str) -> str:
    if not is_hash(kept):  # what it holds may be a password: it is not repeated
        raise SettingsError(f"{where} holds no hash that can be checked; make one with nonmun password NAME.")
    return kept


def vouched(request: Request, header: str) -> str | None:
    """Return the name in the header of a trusted proxy; None without it, or where it stands twice.

    `web.doors.Believed` took the header away from whoever is no such proxy.
    """
    said = request.headers.getlist(header)
    return said[0].strip() or None if len(said) == 1 else None
