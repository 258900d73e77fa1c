"""A store in a folder: a folder with an embedded Chroma for each generation, and a file that names the current one."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.checksums import (
    DATABASE,
    SUMS,
    FileState,
    check_files,
    checked_chroma,
    damaged_file,
    file_states,
    share_unchanged,
    states_as_json,
)
from vectorstore.errors import StoreCorruptError, StoreError, anew, not_permitted
from vectorstore.generations import (
    MANIFEST,
    base_of,
    file_lock,
    is_generation,
    kept,
    next_name,
    replace_file,
    write_errors,
)
from vectorstore.node_writers import WriterProcess, open_writer, start_writer_process
from vectorstore.vectors import is_of_earlier_form

if TYPE_CHECKING:
    from vectorstore.chroma import NodeCollection

POINTER = "CURRENT"


class FolderStore:
    """Generations as folders: `gen-000001-…/{manifest.json,sums.json,chroma/,…}`, `CURRENT`, `LOCK`, `cache.sqlite`."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.place = str(path)
        self.cache_folder = self.path
        self._writer_process: WriterProcess | None = None  # started for the draft that is expected

    def current(self) -> str | None:
        """Return the name of the current generation, or None.

        Without a `CURRENT` file it is the newest complete generation. Raises StoreCorruptError where that file cannot
        be understood, StoreError where it may not be read.
        """
        try:
            name = self._read_pointer()
            if name is None:
                return max(filter(self._has_manifest, self.names()), default=None)
            exists = is_generation(name) and (self.path / name).is_dir()
        except PermissionError as error:
            raise not_permitted(self.place, error) from error
        if not exists:
            raise StoreCorruptError(
                f"The store {self.place} points at “{name[:40]}”, which is not there. {anew(self.place)}"
            )
        return name

    def _has_manifest(self, name: str) -> bool:
        """Return whether a generation has a manifest. Raises PermissionError, which `Path.is_file` may hide."""
        with suppress(FileNotFoundError):
            (self.path / name / MANIFEST).stat()
            return True
        return False

    def _read_pointer(self) -> str | None:
        try:
            return (self.path / POINTER).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except PermissionError:
            raise
        except IsADirectoryError as error:
            raise StoreCorruptError(
                f"{self.place}/{POINTER} is a folder, but should be a file. Move it away: the newest index there is "
                "used then."
            ) from error
        except NotADirectoryError as error:
            raise StoreError(f"The store {self.place} is a file. Choose a folder with --store.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise StoreCorruptError(
                f"The store {self.place} has no readable {POINTER} file. {anew(self.place)}"
            ) from error

    def names(self) -> list[str]:
        """Return the names of the generations in the folder, oldest first."""
        if not self.path.is_dir():
            return []
        try:
            return sorted(entry.name for entry in self.path.iterdir() if is_generation(entry.name))
        except PermissionError as error:
            raise not_permitted(self.place, error) from error

    def check(self, name: str, part: str = "") -> None:
        """Read the files of a generation and compare their checksums; only files whose path begins with `part`.

        Raises StoreCorruptError for a file that is missing or damaged, StoreError for one that may not be read. A
        generation without checksums, from an earlier version, passes.
        """
        check_files(self.path / name, self.place, part)

    def damaged_file(self, name: str) -> str | None:
        """Return a file of a generation that is missing or damaged, or None.

        Reads only files whose size or time is not the recorded one: damage that changes neither is found by `check`.
        """
        damaged = damaged_file(self.path / name, self.place)
        return damaged and f"{self.place}/{name}/{damaged}"

    def manifest(self, name: str) -> bytes:
        """Return the manifest of a generation. Raises StoreCorruptError where it is missing or damaged."""
        self.check(name, MANIFEST)
        try:
            return (self.path / name / MANIFEST).read_bytes()
        except PermissionError as error:
            raise not_permitted(self.place, error) from error
        except OSError as error:
            raise StoreCorruptError(f"{self.place}/{name} has no readable manifest. {anew(self.place)}") from error

    def folder(self, name: str) -> Path:
        """Return the folder of a generation."""
        return self.path / name

    def nodes(self, name: str) -> NodeCollection:
        """Open the Chroma of a generation. Raises StoreCorruptError where any file of the generation is damaged."""
        from vectorstore.chroma import COLLECTION, NodeCollection, open_folder

        chroma = checked_chroma(self.path / name, self.place)
        if all(os.access(path, os.W_OK) for path in (chroma, chroma / DATABASE)):
            return NodeCollection(open_folder(chroma, self.place), COLLECTION, self.place)
        with write_errors("of temporary files"):  # Chroma writes to a database whenever it opens it: give it a copy
            aside = Path(tempfile.mkdtemp(prefix="nonmun-"))
            remove = weakref.finalize(self, shutil.rmtree, aside, ignore_errors=True)
            for entry in chroma.iterdir():
                if entry.is_dir():
                    (aside / entry.name).symlink_to(entry)
                else:
                    shutil.copyfile(entry, aside / entry.name)
        nodes = NodeCollection(open_folder(aside, self.place), COLLECTION, self.place)
        remove.detach()
        weakref.finalize(nodes, shutil.rmtree, aside, ignore_errors=True)
        return nodes

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock file of the store. What interrupted writers left is deleted."""
        with file_lock(self.path / "LOCK", self.place):
            self._remove_pointer_folder()
            self.sweep()
            try:
                yield
            finally:
                if process := self.take_writer_process():
                    process.close()

    def _remove_pointer_folder(self) -> None:
        """Delete an empty folder that is in place of the pointer file. Raises StoreError if it has any content."""
        pointer = self.path / POINTER
        if not pointer.is_dir():
            return
        try:
            pointer.rmdir()
        except OSError as error:
            raise StoreError(
                f"{self.place}/{POINTER} is a folder, but should be a file. Move it away, then run this again."
            ) from error

    def take_writer_process(self) -> WriterProcess | None:
        """Hand over the writer process that was started, if any. The caller closes it."""
        process, self._writer_process = self._writer_process, None
        return process

    def sweep(self) -> None:
        """Delete abandoned drafts and all generations but the last two. Keep all while the pointer cannot be read."""
        strays = list(self.path.glob("draft-*"))
        with suppress(StoreCorruptError):
            current, names = self.current(), self.names()
            keep = kept(names, current) if current else set()
            strays += [self.path / name for name in names if name not in keep]
        for stray in strays:
            shutil.rmtree(stray, ignore_errors=True)
        for aside in self.path.glob(f".{POINTER}.*"):
            aside.unlink(missing_ok=True)

    def expect_draft(self) -> None:
        """Start the process that will write the vectors."""
        self._writer_process = self._writer_process or start_writer_process()

    def draft(self, *, copy: bool, rows: int = 0) -> FolderDraft:
        """Begin the next generation, of about `rows` new rows. With `copy` it starts from the current vectors.

        It starts from none if an earlier version wrote those: they take three times the space.
        """
        base = base_of(self, copy=copy)
        copy = copy and base is not None and not is_of_earlier_form(self.folder(base))
        return FolderDraft(self, next_name(self.names()), base, copy=copy, rows=rows)


class FolderDraft:
    """The next generation of a FolderStore. It is called `draft-<name>` until it is committed."""

    def __init__(self, store: FolderStore, name: str, base: str | None, *, copy: bool, rows: int) -> None:
        self._store, self._name, self.base, self.carried = store, name, base, copy
        self.folder = store.path / f"draft-{name}"
        source = store.folder(base) if copy and base else None
        try:
            with write_errors(store.place):
                self.folder.mkdir(parents=True)
            self.nodes = open_writer(store.place, source, self.folder / "chroma", rows, store.take_writer_process())
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def commit(self, manifest: Iterable[bytes], expected: int, sample: list[str]) -> str:
        """Verify the vectors, write manifest and checksums, and move the pointer. Keep the last two generations."""
        store, chroma = self._store, self.folder / "chroma"
        base = store.folder(self.base) if self.carried and self.base else None
        with write_errors(store.place), ThreadPoolExecutor(1) as pool:
            others = pool.submit(self._finish, manifest, base)  # while the vectors are verified
            self.nodes.verify(expected, sample)
            self.nodes.close()
            states = others.result() | file_states(self.folder, [chroma, *chroma.rglob("*")], base)
            if base:
                states = share_unchanged(self.folder, states, base)
            replace_file(self.folder / SUMS, states_as_json(states))
            os.rename(self.folder, store.folder(self._name))
            replace_file(store.path / POINTER, self._name.encode("ascii"))
        store.sweep()
        return self._name

    def _finish(self, manifest: Iterable[bytes], base: Path | None) -> dict[str, FileState]:
        """Write the manifest. Return the states of all files but Chroma's."""
        with (self.folder / MANIFEST).open("wb") as file:
            file.writelines(manifest)
        chroma = self.folder / "chroma"
        paths = [path for path in self.folder.rglob("*") if chroma not in (path, *path.parents)]
        return file_states(self.folder, paths, base)

    def discard(self) -> None:
        """Delete the draft. The current generation is not touched."""
        self.nodes.close()
        shutil.rmtree(self.folder, ignore_errors=True)
