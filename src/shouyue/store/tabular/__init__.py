"""Reads tables from CSV, XLSX and Parquet files as a stream, and refuses files that are not what they say."""

from shouyue.store.tabular.opening import file_digest, open_table
from shouyue.store.tabular.refusals import FileRefusedError
from shouyue.store.tabular.rows import BadRow, Row
from shouyue.store.tabular.table import Table

__all__ = ["BadRow", "FileRefusedError", "Row", "Table", "file_digest", "open_table"]
