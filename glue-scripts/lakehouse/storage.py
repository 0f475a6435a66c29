"""Files in a folder or under an s3:// address: listed, opened, written. Picklable, so tasks read where they run."""

import dataclasses
import datetime
import functools
import os
import re
import stat
from collections.abc import Iterator
from typing import BinaryIO

from .records import TEMPORARY, set_aside


@dataclasses.dataclass(frozen=True)
class Entry:
    """A file below a root: its path relative to it, and what tells without reading whether it was touched."""

    path: str
    size: int
    stamp: str
    changed_on: str


@dataclasses.dataclass(frozen=True)
class LeftAlone:
    """What stands below a root and is no file to read, with the reason."""

    path: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Folder:
    """A folder of this machine. Symbolic links are never followed, so that no row is read twice."""

    root: str

    def entries(self) -> Iterator[Entry | LeftAlone]:
        """What stands in it, while others write there. Folders that are left alone are not entered."""
        return self._below("", os.listdir(self.root))

    def _below(self, folder: str, names: list[str]) -> Iterator[Entry | LeftAlone]:
        for name in sorted(names):
            path = folder + name
            try:
                found = self._look(path, name)
                inside = os.listdir(os.path.join(self.root, path)) if found is None else []
            except FileNotFoundError:
                found = LeftAlone(_printable(path), "went away while the folder was listed")
            if found is None:
                yield from self._below(path + "/", inside)
            else:
                yield found

    def _look(self, path: str, name: str) -> Entry | LeftAlone | None:
        """A file, or why it is left alone; None for a folder to go into."""
        reason = set_aside(name)
        if reason in (None, TEMPORARY):
            facts = os.lstat(os.path.join(self.root, path))
            if stat.S_ISLNK(facts.st_mode):
                reason = "a symbolic link: links are not followed, so that no row is read twice"
            elif reason is None and _printable(name) != name:
                reason = "its name is not UTF-8, by which Spark finds it: rename it"
            elif reason is None and stat.S_ISDIR(facts.st_mode):
                return None
            elif reason is None and stat.S_ISREG(facts.st_mode):
                return self._entry(path, facts)
        return LeftAlone(_printable(path), reason or "not a regular file")

    def entry(self, path: str) -> Entry:
        return self._entry(path, os.lstat(os.path.join(self.root, path)))

    @staticmethod
    def _entry(path: str, facts: os.stat_result) -> Entry:
        stamp = f"{facts.st_size}:{facts.st_mtime_ns}:{facts.st_ctime_ns}:{facts.st_ino}"
        day = datetime.datetime.fromtimestamp(facts.st_mtime, datetime.UTC).date().isoformat()
        return Entry(path, facts.st_size, stamp, day)

    def open(self, path: str) -> BinaryIO:
        return open(os.path.join(self.root, path), "rb")

    def write(self, path: str, content: bytes) -> None:
        with open(os.path.join(self.root, path), "wb") as file:
            file.write(content)

    def address(self, path: str) -> str:
        """Where Hadoop finds it. Spark's readers take an address for a pattern: they want it `exactly`."""
        return "file://" + os.path.abspath(os.path.join(self.root, path))


#: S3's codes for an object that is not there, or that one may not read: those of a HEAD, which has no body, are numbers.
OF_AN_OBJECT = {
    "404": FileNotFoundError,
    "NoSuchKey": FileNotFoundError,
    "403": PermissionError,
    "AccessDenied": PermissionError,
    "InvalidObjectState": PermissionError,
}


@dataclasses.dataclass(frozen=True)
class Bucket:
    """The objects under a prefix of an S3 bucket. An object is replaced whole, so none is ever half-written."""

    bucket: str
    prefix: str

    def entries(self) -> Iterator[Entry]:
        pages = _s3().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
        for page in pages:
            for found in page.get("Contents", []):
                path = found["Key"][len(self.prefix) :]
                if path and not path.endswith("/"):
                    yield self._entry(path, found["Size"], found["ETag"], found["LastModified"])

    def entry(self, path: str) -> Entry:
        found = self._ask("head_object", path)
        return self._entry(path, found["ContentLength"], found["ETag"], found["LastModified"])

    @staticmethod
    def _entry(path: str, size: int, etag: str, changed: datetime.datetime) -> Entry:
        changed = changed.astimezone(datetime.UTC)
        return Entry(path, size, f"{size}:{changed.isoformat()}:{etag.strip(chr(34))}", changed.date().isoformat())

    def open(self, path: str) -> BinaryIO:
        return self._ask("get_object", path)["Body"]

    def _ask(self, what: str, path: str) -> dict:
        """What S3 refuses for this object alone is raised as a folder does; what ails S3 itself passes as it is."""
        try:
            return getattr(_s3(), what)(Bucket=self.bucket, Key=self.prefix + path)
        except Exception as error:
            of_object = OF_AN_OBJECT.get(getattr(error, "response", {}).get("Error", {}).get("Code"))
            if of_object is None:
                raise
            raise of_object(str(error)) from error

    def write(self, path: str, content: bytes) -> None:
        _s3().put_object(Bucket=self.bucket, Key=self.prefix + path, Body=content)

    def address(self, path: str) -> str:
        return f"s3://{self.bucket}/{self.prefix}{path}"


def exactly(address: str) -> str:
    """The pattern that means one address alone: a sender's brackets are none."""
    return re.sub(r"([][{}*?\\])", r"\\\1", address)


def storage_at(root: str) -> Folder | Bucket:
    """The files below a root."""
    if not root.startswith("s3://"):
        return Folder(root)
    bucket, _, prefix = root[len("s3://") :].partition("/")
    return Bucket(bucket, prefix if prefix == "" or prefix.endswith("/") else prefix + "/")


def read_file(address: str) -> bytes:
    """One whole file."""
    root, _, name = address.rpartition("/")
    with storage_at(root or ".").open(name) as stream:
        return stream.read()


def write_file(address: str, content: bytes) -> None:
    """Writes one whole file."""
    root, _, name = address.rpartition("/")
    storage_at(root or ".").write(name, content)


@functools.cache
def _s3():
    import boto3  # only where there is an s3:// address: a local run has no such library

    return boto3.client("s3")


def _printable(name: str) -> str:
    """The name as text; of one that is not UTF-8, every byte beyond ASCII as `\\xff`."""
    try:
        name.encode()
        return name
    except UnicodeEncodeError:
        return "".join(chr(byte) if byte < 0x80 else f"\\x{byte:x}" for byte in os.fsencode(name))
