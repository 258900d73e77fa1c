"""The steps of the Dockerfile and of compose.yaml, run one by one as a user without rights in an empty folder.

No container engine is needed: the image's paths become paths of that folder, and what the image has installed may not be
written to. With NONMUN_TEST_INSTALL=1 the lock is installed for real, which takes minutes and a package index; without, the
packages of this Python stand in for it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.doubles import REPOSITORY

NOBODY = 65534
INSTALL = os.environ.get("NONMUN_TEST_INSTALL") == "1"  # read here, before the environment is cleared for the tests
STEPS = re.compile(r"^([A-Z]+) (.*)$", re.MULTILINE)


def _steps() -> list[tuple[str, str]]:
    return STEPS.findall((REPOSITORY / "Dockerfile").read_text(encoding="utf-8"))


def _only(name: str) -> str:
    """The last step of that kind."""
    return [said for kind, said in _steps() if kind == name][-1]


COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "compose.yaml").read_text(encoding="utf-8"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Box:
    """An empty folder in which the image's paths lie, and a user without rights who runs what the image runs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        proxy = "http://127.0.0.1:9"  # which is not there
        self.environment = {"GUARD_LOG": str(root / "refused.log"), "HTTP_PROXY": proxy, "http_proxy": proxy}
        self.ports = {"7860": str(_free_port()), "8000": str(_free_port())}

    def here(self, text: str) -> str:
        """The text with the image's paths, ports and hosts as they are here."""
        for path in ("/opt/venv", "/build", "/data", "/digests"):
            text = re.sub(rf"(?<![\w.-]){path}(?![\w-])", str(self.root) + path, text)
        for port, free in self.ports.items():
            text = re.sub(rf"\b{port}\b", free, text)
        return text.replace("http://chroma:", "http://127.0.0.1:").replace("0.0.0.0", "127.0.0.1")

    def run(self, command: list[str] | str, **more: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, **self._options(), capture_output=True, text=True, timeout=900, **more)

    def start(self, command: list[str], log: Path, **environment: str) -> subprocess.Popen[bytes]:
        options = self._options()
        options["env"] = {**options["env"], **environment}
        with log.open("wb") as said:
            return subprocess.Popen(command, stdout=said, stderr=said, **options)

    def _options(self) -> dict[str, Any]:
        usual = {"PATH": os.environ["PATH"], "HOME": str(self.root / "data"), **self.environment}
        if os.geteuid() == 0:
            return {"user": NOBODY, "group": NOBODY, "extra_groups": [], "env": usual, "cwd": self.root}
        return {"env": usual, "cwd": self.root}


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """The image as the Dockerfile builds it, its own steps run."""
    root = Path("/tmp") / f"nonmun-box-{os.getpid()}"  # a folder that this user's own temporary folder may not hide
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    box = Box(root)
    try:
        for name in ("opt", "build", "data", "digests"):
            (root / name).mkdir()
        if os.geteuid() == 0:
            for path in (root, *root.iterdir()):
                os.chown(path, NOBODY, NOBODY)
        (root / "bin").mkdir()
        (root / "bin" / "python").symlink_to(_python(box))
        box.environment["PATH"] = f"{root}/bin:/usr/local/bin:/usr/bin:/bin"
        for kind, said in _steps():
            if kind == "COPY" and not said.startswith("--from"):
                *sources, target = said.split()
                for source in sources:
                    _copy(REPOSITORY / source, Path(box.here(target)), target.endswith("/"))
            elif kind == "RUN":
                _step(box, said)
            elif kind == "ENV":
                pairs = dict(part.split("=", 1) for part in shlex.split(box.here(said)))
                box.environment |= pairs
        subprocess.run(["chmod", "-R", "a-w", root / "opt", root / "build"], check=True)  # read-only root
        yield box
    finally:
        subprocess.run(["chmod", "-R", "u+w", root], check=True)
        shutil.rmtree(root)


def _python(box: Box) -> str:
    """A Python of this version that the user without rights may run; in the image it is the base image's own."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in (
        os.path.realpath(sys.executable),
        *(f"{at}/python{version}" for at in ("/usr/local/bin", "/usr/bin")),
    ):
        with contextlib.suppress(OSError):
            if box.run([python, "-c", "import venv, ensurepip"]).returncode == 0:
                return python
    pytest.skip(f"no Python {version} here that a user without rights may run")


def _copy(source: Path, target: Path, into: bool) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target / source.name if into else target)
    subprocess.run(["chmod", "-R", "a+rX", target], check=True)
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", target], check=True)


def _step(box: Box, said: str) -> None:
    """Run one RUN step; the two that need a container's rights or a package index are told apart here."""
    if said.startswith("mkdir -p /data && chown"):
        return  # made by the fixture, for a user of another number
    if "--require-hashes" in said and not INSTALL:
        old = [str(box.root / "opt" / "venv" / "bin" / "python"), "-m", "pip", "uninstall", "-qy", "setuptools"]
        assert box.run(old).returncode == 0  # the lock's own is newer
        site = next((box.root / "opt" / "venv" / "lib").glob("python*/site-packages"))
        (site / "standing-in.pth").write_text(sysconfig.get_path("purelib") + "\n")
        program = Path(sys.executable).with_name("chroma").read_text().split("\n", 1)[1]
        here = box.root / "opt" / "venv" / "bin" / "chroma"
        here.write_text(f"#!{here.with_name('python')}\n{program}")
        here.chmod(0o755)
        return
    done = box.run(["sh", "-c", box.here(said)])
    assert done.returncode == 0, f"{said}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


def _until_healthy(box: Box, child: subprocess.Popen[bytes], check: list[str], log: Path) -> None:
    for _ in range(400):
        if box.run(check).returncode == 0:
            return
        assert child.poll() is None, log.read_text()[-2000:]
        time.sleep(0.1)
    pytest.fail(f"never healthy: {log.read_text()[-2000:]}")


@contextlib.contextmanager
def _running(box: Box, command: list[str], check: list[str], name: str, **environment: str) -> Iterator[None]:
    log = box.root / "data" / f"{name}.log"
    child = box.start([box.here(part) for part in command], log, **environment)
    try:
        _until_healthy(box, child, [box.here(part) for part in check], log)
        yield
    finally:
        child.terminate()
        child.wait(timeout=15)


@pytest.mark.server
def test_the_images_own_steps_install_ingest_and_serve_without_rights_and_without_a_network(box: Box) -> None:
    box.environment["PYTHONPATH"] = str(REPOSITORY / "tests" / "guard")
    (box.root / "digests" / "2023-12-04.md").write_bytes((REPOSITORY / "seeds" / "2023-12-04.md").read_bytes())
    entry, command = json.loads(_only("ENTRYPOINT")), json.loads(_only("CMD"))
    check = json.loads(_only("HEALTHCHECK").split("CMD ", 1)[1])
    done = box.run([box.here(part) for part in [*entry, *COMPOSE["services"]["ingest"]["command"]]])
    assert (done.returncode, "18 papers" in done.stdout) == (0, True), done.stderr
    with _running(box, [*entry, *command], check, "page", NONMUN_AUTH="kim:secret"):
        asked = box.run([*entry, "ask", "Mamba를 사용한 논문은?", "--as-of", "2024-06-12"])
        assert "2312.00752" in asked.stdout
    assert not (box.root / "refused.log").exists()
    with pytest.raises(AssertionError):  # healthy means answering
        assert box.run([box.here(part) for part in check]).returncode == 0


@pytest.mark.server
def test_the_page_of_compose_answers_from_the_chroma_server_of_compose(box: Box) -> None:
    chroma, page, ingest = (COMPOSE["services"][name] for name in ("chroma", "page", "ingest"))
    entry, command = json.loads(_only("ENTRYPOINT")), json.loads(_only("CMD"))
    (box.root / "digests" / "2023-12-04.md").write_bytes((REPOSITORY / "seeds" / "2023-12-04.md").read_bytes())
    store = box.here(ingest["environment"]["NONMUN_STORE"])
    assert page["environment"]["NONMUN_STORE"] == ingest["environment"]["NONMUN_STORE"]
    with _running(box, [*chroma["entrypoint"], *chroma["command"]], chroma["healthcheck"]["test"][1:], "chroma"):
        done = box.run([box.here(part) for part in [*entry, *ingest["command"], "--store", store]])
        assert (done.returncode, "18 papers" in done.stdout) == (0, True), done.stderr
        check = json.loads(_only("HEALTHCHECK").split("CMD ", 1)[1])
        with _running(box, [*entry, *command], check, "page2", NONMUN_AUTH="kim:secret", NONMUN_STORE=store):
            asked = box.run(
                [*entry, "ask", "선형 시간으로 긴 문맥을 다루는 모델", "--store", store, "--as-of", "2024-06-12"]
            )
            assert "2312.00752" in asked.stdout


def test_the_image_runs_without_rights_and_its_files_are_what_it_may_hold() -> None:
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", _only("USER"))
    kept = (REPOSITORY / ".dockerignore").read_text().split()
    assert kept[0] == "*"  # all is left out but what is named: no .env, no index, no digest
    copied = {s for kind, said in _steps() if kind == "COPY" and "--from" not in said for s in said.split()[:-1]}
    assert copied == {line[1:] for line in kept if line.startswith("!")}
    assert not re.search(r"ADD |curl|wget|apt-get|latest|sudo", (REPOSITORY / "Dockerfile").read_text())


@pytest.mark.parametrize("name", ["chroma", "page", "ingest"])
def test_every_container_has_a_read_only_root_no_rights_and_bounds(name: str) -> None:
    service = COMPOSE["services"][name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert not {"privileged", "user", "network_mode", "devices", "cap_add"} & service.keys()
    assert "docker.sock" not in str(service)


def test_only_the_page_has_a_port_and_only_on_this_machine_and_never_without_a_password() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name, service in COMPOSE["services"].items():
        assert bool(service.get("ports")) == (name == "page")
        assert name == "page" or service["networks"] == ["inside"]
    page = COMPOSE["services"]["page"]
    assert all(port.startswith("127.0.0.1:") for port in page["ports"])
    assert page["environment"]["NONMUN_AUTH"].startswith("${NONMUN_AUTH:?")
