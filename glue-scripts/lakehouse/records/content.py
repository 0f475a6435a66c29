"""The decompressed bytes of a raw file, read once and in pieces, and what they prove to be."""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from .raw_file import RawFile
from .refused_file import RefusedFile

_CHUNK = 1024 * 1024
_GIB = 1024**3
_MAGIC = b"PAR1"


class Readable(Protocol):
    """Anything that gives the next bytes: an open file, the body of an S3 object."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


@dataclass(frozen=True)
class Bounds:
    """What a gzip file may unpack to: bytes in all, and bytes out of one, once `ratio_from` bytes are out."""

    max_bytes: int = 64 * _GIB
    max_ratio: int = 500
    ratio_from: int = 64 * 1024 * 1024


class Content:
    """Reads a raw file: verifies gzip, hashes what comes out, refuses bombs, wide encodings and what is no Parquet."""

    def __init__(self, stream: Readable, file: RawFile, bounds: Bounds = Bounds()) -> None:
        self.path = file.path
        # Decompressed bytes so far.
        self.bytes = 0
        self._file = file
        self._bounds = bounds
        self._stream = stream
        self._hash = hashlib.sha256()
        # The bytes themselves are at fault.
        self._refused = False
        self._head = b""
        self._tail = b""
        self._gunzip = _Gunzip(self._raw, file.path) if file.gzip else None

    @property
    def sha256(self) -> str:
        """Of the decompressed bytes that were read, hexadecimal."""
        return self._hash.hexdigest()

    @contextmanager
    def judged(self) -> Iterator[None]:
        """Whoever refuses what it reads in here is heard only once the bytes themselves are known to be whole: they come first."""
        try:
            yield
        except RefusedFile:
            if not self._refused:
                self.drain()
            raise

    def read(self, size: int = _CHUNK) -> bytes:
        """The next bytes, about `size`; none at the end. The first four come together: they may be a mark."""
        self._refused = True
        data = self._next(max(size, 4 - self.bytes))
        self._refused = False
        return data

    def _next(self, size: int) -> bytes:
        data = self._raw(size) if self._gunzip is None else self._gunzip.read(size)
        if not data:
            self._expect_whole_parquet()
            return data
        self.bytes += len(data)
        self._hash.update(data)
        if self._file.format == "parquet":
            self._tail = (self._tail + data)[-4:]
        if len(self._head) < 4:
            self._head = (self._head + data[:4])[:4]
            self._refuse_wide_encoding()
        if self._gunzip is not None:
            self._refuse_bomb(self._gunzip.consumed)
        return data

    def drain(self) -> None:
        """Reads to the end."""
        while self.read():
            pass

    def _raw(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except OSError as error:
            raise RefusedFile("unreadable", self.path, str(error)) from error

    def _refuse_wide_encoding(self) -> None:
        if self._file.format == "parquet":
            return
        utf16 = self._head[:2] in (b"\xff\xfe", b"\xfe\xff")
        if utf16 or self._head == b"\x00\x00\xfe\xff":
            mark = "16 or 32" if utf16 else "32"
            detail = f"found the byte order mark of UTF-{mark}, expected UTF-8; convert it with iconv"
            raise RefusedFile("not_utf8", self.path, detail)

    def _refuse_bomb(self, consumed: int) -> None:
        most, ratio = self._bounds.max_bytes, self._bounds.max_ratio
        if self.bytes > most:
            raise RefusedFile("bomb", self.path, f"more than {most} bytes once decompressed")
        if self.bytes > self._bounds.ratio_from and self.bytes > ratio * max(1, consumed):
            raise RefusedFile("bomb", self.path, f"{self.bytes} bytes out of {consumed}: beyond {ratio} to 1")

    def _expect_whole_parquet(self) -> None:
        """Parquet begins and ends with its magic: without it the file was cut or is something else."""
        if self._file.format != "parquet" or (self.bytes >= 12 and self._head == self._tail == _MAGIC):
            return
        detail = f"expected {_MAGIC.decode()} at both ends; the file was cut or is no Parquet"
        raise RefusedFile("corrupt_parquet", self.path, detail)


class _Gunzip:
    """Gzip and all of it: one or more members, each complete, and not one byte behind the last."""

    def __init__(self, read, path: str) -> None:
        self.consumed = 0
        self._read = read
        self._path = path
        self._member = zlib.decompressobj(wbits=31)
        self._pending = b""

    def read(self, size: int) -> bytes:
        """The next decompressed bytes; none at the end of the last member."""
        while True:
            if not self._pending:
                self._pending = self._read(_CHUNK)
                if not self._pending:
                    return self._end()
            if self._member.eof:
                self._member = zlib.decompressobj(wbits=31)
            given = len(self._pending)
            try:
                data = self._member.decompress(self._pending, size)
            except zlib.error as error:
                raise self._corrupt(str(error)) from error
            self._pending = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            self.consumed += given - len(self._pending)
            if data:
                return data

    def _end(self) -> bytes:
        if self._member.eof:
            return b""
        data = self._member.flush() if self.consumed else b""
        if data:
            return data
        raise self._corrupt("unexpected end of file")

    def _corrupt(self, found: str) -> RefusedFile:
        return RefusedFile("corrupt_gzip", self._path, f"{found}; ask the sender for the file again")
