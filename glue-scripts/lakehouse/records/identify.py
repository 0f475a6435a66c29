"""What a file is: its identity is the content, not the name."""

from dataclasses import dataclass

from .content import Bounds, Content, Readable
from .raw_file import RawFile


@dataclass(frozen=True)
class Identity:
    """`(dataset, sha256)` identifies a file; both figures are of the decompressed bytes."""

    sha256: str
    bytes: int


def identify(stream: Readable, file: RawFile, bounds: Bounds = Bounds()) -> Identity:
    """Reads a raw file once: verifies gzip and Parquet's ends, and hashes. Raises RefusedFile."""
    content = Content(stream, file, bounds)
    content.drain()
    return Identity(content.sha256, content.bytes)
