"""The command line: python -m shouyue.main, which ./shouyue starts."""

import sys

from shouyue.main.cli import run

sys.exit(run(sys.argv[1:]))
