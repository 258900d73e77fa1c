"""Passwords as they are kept: `scrypt$N$r$p$salt$digest` (RFC 7914), which tells nobody the password. Knows no names."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import unicodedata

N, R, P = 2**14, 8, 5  # 16 MB and a quarter of a second a try; as strong as OWASP's N = 2^17, p = 1 with less memory
_LIMIT = 2**26  # bytes that a hash somebody else made may ask for
_FORM = re.compile(r"scrypt\$(\d{1,8})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/=]{8,})\$([A-Za-z0-9+/=]{22,})", re.ASCII)


def _digest(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    told = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(told, salt=salt, n=n, r=r, p=p, maxmem=2 * _LIMIT, dklen=32)


def hash_password(password: str) -> str:
    """Return the hash to keep of a password; another one each time, since its salt is new."""
    salt = os.urandom(16)
    told = [base64.b64encode(part).decode() for part in (salt, _digest(password, salt, N, R, P))]
    return "$".join(["scrypt", str(N), str(R), str(P), *told])


def is_hash(kept: str) -> bool:
    """Tell whether a text is a hash that can be checked, of a cost that can be borne.

    >>> is_hash("scrypt$2$8$1$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), is_hash("scrypt$hello")
    (True, False)
    """
    found = _FORM.fullmatch(kept)
    if found is None:
        return False
    try:
        n, r, p = (int(found[place]) for place in (1, 2, 3))
        parts = [base64.b64decode(found[place], validate=True) for place in (4, 5)]
    except ValueError:
        return False
    return n > 1 and n & (n - 1) == 0 and r >= 1 and 1 <= p <= 16 and 128 * n * r <= _LIMIT and len(parts[1]) == 32


def is_password(password: str, kept: str) -> bool:
    """Tell whether a password is the one of a hash (`is_hash`), in a time that does not tell how near it came."""
    _, n, r, p, salt, digest = kept.split("$")
    found = _digest(password, base64.b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(found, base64.b64decode(digest))
