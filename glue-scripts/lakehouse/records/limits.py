"""How much of a file is held at once."""

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of reading; the defaults are the specification's."""

    # Longest record, line end not counted.
    max_record_bytes: int = 64 * _MIB
    # Largest `.json` file, which is held in memory whole; JSON lines have no bound.
    max_file_bytes: int = 512 * _MIB
    # Bytes of one read.
    chunk_bytes: int = _MIB
