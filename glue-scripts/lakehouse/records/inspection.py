"""A first pass over a raw file: everything that can refuse it as a whole, before any of its records counts."""

from dataclasses import dataclass

from .byte_window import ByteWindow
from .content import Content, Readable
from .csv_columns import unknown_names
from .csv_header import read_header
from .layout import Layout, refuse_missing
from .limits import Limits
from .raw_file import RawFile
from .split import reader_of

# Control characters are content, but no engine's line reader is trusted with them; the tab is harmless.
_ODD = bytes(sorted({*range(0x20), *b',"'} - {0x09}))
_EVEN = bytes(set(range(256)) - set(_ODD))


@dataclass(frozen=True)
class Inspection:
    """What a file is, and what its first pass proved. `header`, `plain` and `lines` are of CSV."""

    sha256: str
    bytes: int
    # Names in the header that no column wants; of other formats known only once the records are read.
    extra: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    # Every line, the header too, is UTF-8, ends with LF, has all fields and no quote, CR or other control character:
    # an engine may read it by lines and commas. Line n behind the header is record n.
    plain: bool = False
    # How many lines there are behind the header of a plain file.
    lines: int = 0


def inspect(stream: Readable, file: RawFile, layout: Layout, limits: Limits = Limits()) -> Inspection:
    """Identifies a file and judges it as a whole. After it, `split` of the same bytes refuses nothing. Raises RefusedFile."""
    content = Content(stream, file)
    with content.judged():
        if file.format == "csv":
            return _inspect_csv(content, layout, limits)
        return _inspect(content, file, layout, limits)


def _inspect(content: Content, file: RawFile, layout: Layout, limits: Limits) -> Inspection:
    extra: tuple[str, ...] = ()
    if file.format != "parquet":
        reader = reader_of(content, file, layout, limits)
        if file.format in ("json", "xml"):
            for _ in reader:
                pass
            extra = tuple(reader.extra)
    content.drain()
    return Inspection(content.sha256, content.bytes, extra)


def _inspect_csv(content: Content, layout: Layout, limits: Limits) -> Inspection:
    window = ByteWindow(content, limits.chunk_bytes)
    header, _ = read_header(window, content.path)
    refuse_missing(layout, content.path, header)
    extra = tuple(unknown_names(layout, header))
    lines = _plain_lines(window, header, limits) if _is_plain_header(window, header, content) else None
    content.drain()
    return Inspection(content.sha256, content.bytes, extra, tuple(header), lines is not None, lines or 0)


def _is_plain_header(window: ByteWindow, header: list[str], content: Content) -> bool:
    """Whether the file begins with the very names, without mark, blank lines or quotes, and a line feed behind them."""
    line = ",".join(header).encode() + b"\n"
    nothing_before = content.bytes == len(window.data)
    marks = b"," * (len(header) - 1) + b"\n"
    return nothing_before and window.data[: window.start] == line and line.translate(None, _EVEN) == marks


def _plain_lines(window: ByteWindow, header: list[str], limits: Limits) -> int | None:
    """How many lines are left, when all are plain; stops at the first block in which one is not."""
    line = b"," * (len(header) - 1) + b"\n"
    lines = 0
    while True:
        region = len(window.data) if window.done else window.data.rfind(b"\n") + 1
        block = window.data[window.start : region]
        if window.done and block and not block.endswith(b"\n"):
            block += b"\n"
        marks = block.translate(None, _EVEN)
        found = len(marks) // len(line)
        if marks != line * found or not _is_utf8(block) or window.pending > limits.max_record_bytes:
            return None
        if len(header) == 1 and (block.startswith(b"\n") or b"\n\n" in block):
            return None
        lines += found
        window.start = max(window.start, region)
        if window.done:
            return lines
        window.more()


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True
