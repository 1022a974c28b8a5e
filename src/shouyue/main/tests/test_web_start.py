"""What the web server loads before it answers: every second of it is one that somebody waits at each start."""

import json
import subprocess
import sys

# Each of them costs half a second to three seconds; who needs one loads it when it is needed.
HEAVY = {"pandas", "polars", "pyarrow", "scipy", "splink", "statsmodels", "svy"}


def test_the_web_server_answers_before_anything_heavy_is_loaded():
    words = "import json, sys, shouyue.main.wsgi, shouyue.main.urls; print(json.dumps(sorted(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True, timeout=120)
    loaded = {name.split(".")[0] for name in json.loads(told.stdout)}
    assert "django" in loaded
    assert loaded & HEAVY == set()
