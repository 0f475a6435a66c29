"""The record layer: bytes of raw files become numbered records and faults. It knows no engine and no dataset."""

from .content import Bounds, Readable
from .identify import Identity, identify
from .inspection import Inspection, inspect
from .layout import Column, Layout, RecordsIn, layout_of, refuse_missing
from .limits import Limits
from .parquet_text import parquet_text
from .raw_file import TEMPORARY, RawFile, raw_file_at, set_aside
from .record import ColumnFault, Fault, Record, kept, staged
from .refused_file import RefusedFile
from .split import Splitting, split

__all__ = [
    "Bounds",
    "Column",
    "ColumnFault",
    "Fault",
    "Identity",
    "Inspection",
    "Layout",
    "Limits",
    "RawFile",
    "Readable",
    "Record",
    "RecordsIn",
    "RefusedFile",
    "Splitting",
    "TEMPORARY",
    "identify",
    "inspect",
    "kept",
    "layout_of",
    "parquet_text",
    "raw_file_at",
    "refuse_missing",
    "set_aside",
    "split",
    "staged",
]
