"""Print docs/licences.md: every package of requirements.lock with its version and its licence, from its own metadata.

    python tools/licences.py > docs/licences.md

Run it where the lock is installed, after `make lock`. Packages that only other systems install are listed by hand in
`_ELSEWHERE`.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
_ELSEWHERE = {"audioop-lts": "PSF-2.0", "httpx2-jsfetch": "BSD-3-Clause", "pywin32": "PSF-2.0"}
_USUAL = {  # how licences are written without an SPDX expression
    "Apache 2.0": "Apache-2.0", "Apache Software License": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0",
    "Apache License Version 2.0": "Apache-2.0", "MIT License": "MIT", "BSD License": "BSD", "3-Clause BSD License": "BSD-3-Clause",
    "PSFL": "PSF-2.0", "Python Software Foundation License": "PSF-2.0", "ISC License": "ISC", "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "MIT, BSD": "MIT AND BSD",
}  # fmt: skip


def locked(text: str) -> dict[str, str]:
    """Return the version of each package of a lock, by name.

    >>> locked("numpy==2.4.1 \\\\\\n    --hash=sha256:00\\n")
    {'numpy': '2.4.1'}
    """
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE))


def licence(package: str) -> str:
    """Return a package's licence as its metadata states it; raises SystemExit where it states none."""
    if package in _ELSEWHERE:
        return _ELSEWHERE[package]
    try:
        held = metadata(package)
    except PackageNotFoundError:
        raise SystemExit(f"{package} is not installed here. Install requirements.lock, or state its licence.") from None
    said = held.get("License-Expression") or (held.get("License") or "").strip().split("\n")[0]
    if not said or len(said) > 60 or said.startswith("Copyright"):
        kinds = [
            kind.split("::")[-1].strip() for kind in held.get_all("Classifier") or () if kind.startswith("License ::")
        ]
        said = " OR ".join(_USUAL.get(kind, kind) for kind in kinds)
    if not said:
        raise SystemExit(f"{package} states no licence. Look it up and state it.")
    return _USUAL.get(said, said)


def main() -> None:
    """Print the page."""
    packages = locked(LOCK.read_text(encoding="utf-8"))
    print("# Licences of the installed packages\n")
    print(
        "`python tools/licences.py` writes this page from the metadata of the packages. A test compares it with `requirements.lock`.\n"
    )
    print("| package | version | licence |\n|---|---|---|")
    for package in sorted(packages, key=str.lower):
        print(f"| {package} | {packages[package]} | {licence(package)} |")


if __name__ == "__main__":
    main()
