"""The contracts that agreements are made from: one folder of tables each."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from shouyue.agreement.terms.rules.template import AgreementTemplate, TemplateError, read_template

_FOLDER = Path(__file__).resolve().parent


@cache
def template(name: str) -> AgreementTemplate:
    """The contract kept in the folder `name`, e.g. "one_year". Raises TemplateError when it is missing or wrong."""
    files = sorted(_FOLDER.joinpath(name).glob("*.toml")) if name.isidentifier() else []
    if not files:
        raise TemplateError(f"there is no contract called {name!r}")
    values: dict[str, Any] = {}
    for file in files:
        for key, value in tomllib.loads(file.read_text("utf-8")).items():
            # A long table may go on in the next file.
            values[key] = values[key] + value if isinstance(value, list) and key in values else value
    return read_template(values)
