"""How large a file and its parts may be before it is refused. Sizes are in bytes unless a comment says otherwise."""

MEGABYTE = 1_000_000

LINE_MAX = MEGABYTE  # one physical line of a CSV
CELL_MAX = MEGABYTE  # one cell (characters in CSV and XLSX, bytes in Parquet)
RECORD_MAX = 4 * MEGABYTE  # characters of one CSV row, with the line breaks inside its cells
COLUMNS_MAX = 500
ROWS_MAX = 50_000_000  # run-length encoding lets a tiny Parquet file claim any number of rows

GZIP_UNPACKED_MAX = 8_000 * MEGABYTE
GZIP_RATIO_MAX = 200  # text packs 5 to 50 times; only padding packs more
GZIP_RATIO_FROM = 10 * MEGABYTE  # below this much unpacked text the ratio says nothing

XLSX_UNPACKED_MAX = 200 * MEGABYTE
XLSX_RATIO_MAX = 100
XLSX_ENTRIES_MAX = 1_000
XLSX_SECONDS_MAX = 30  # processor time of the reading process, and longest silence
XLSX_MEMORY_MAX = 2_000 * MEGABYTE  # address space of the reading process

PARQUET_MEMORY = "200MB"

REREAD_MAX = 40 * MEGABYTE  # characters of a CSV read again after quotation marks that are never closed
RAW_SHOWN_MAX = 500  # characters of a bad row that are kept
