"""Prints docs/reference/data-map.md: python -m shouyue.main.datamap >docs/reference/data-map.md"""

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouyue.main.settings")
    import django

    django.setup()
    from shouyue.store.datamap import as_markdown

    sys.stdout.write(as_markdown())
    return 0


if __name__ == "__main__":
    sys.exit(main())
