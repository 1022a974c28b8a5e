"""Violations to plant in a copy of the house: what breaks, in which file, with which text, and what must be said."""

from tests.house.checks import floors, names, pages, papers, proofs, purity, sizes
from tests.house.tree import ROOT

UP = "src/shouyue/customers/templates/customers/up.html"
LIKES = "src/shouyue/customers/likes.py"
LONG_FILE = "src/shouyue/customers/long.py"
RULE = "src/shouyue/customers/rules/likeness.py"
DOOR = "src/shouyue/customers/porch/public.py"
TEST = "src/shouyue/customers/tests/test_a.py"
PAGE = "src/shouyue/web/templates/web/a.html"
URL = "{% url 'surveys:wave' %}"
LONG = "def wanders() -> None:\n" + "    print()\n" * 60
# A violation is a list of (file, text added at its end). The rooms exist; their files are made when missing.
IMPORTS = [
    ("floors", "customers/queries.py", "from shouyue.purchases import public\n", "-> shouyue.purchases"),
    ("floors", "agreement/rules/terms.py", "def f():\n    import shouyue.scoreboard.public\n", "terms -> shouyue"),
    ("floors", "store/ceiling.py", "from shouyue.web import context\n", "ceiling -> shouyue.web.context"),
    ("floors", "kernel/ceiling.py", "from shouyue.store import facts\n", "ceiling -> shouyue.store.facts"),
    ("floors", "attic/__init__.py", "", "attic"),
    ("doors", "purchases/queries.py", "from shouyue.customers import models\n", "queries -> shouyue.customers.models"),
    ("doors", "surveys/actions.py", "from shouyue.agreement import queries\n", "actions -> shouyue.agreement.queries"),
    ("doors", "main/window.py", "import shouyue.customers.models\n", "window -> shouyue.customers.models"),
    ("doors", "purchases/queries.py", "import shouyue.customers.people.public\n", "queries -> shouyue.customers.peo"),
    ("doors", "customers/wing/queries.py", "import shouyue.customers.people.models\n", "-> shouyue.customers.people"),
    ("wing-customers", "customers/people/queries.py", "import shouyue.customers.models\n", "-> shouyue.customers"),
    ("seats", "customers/queries.py", "from shouyue.customers import actions\n", "queries -> shouyue.customers"),
    ("seats", "surveys/models.py", "def f():\n    import shouyue.surveys.public\n", "models -> shouyue.surveys"),
    ("pure", "customers/rules/likeness.py", "from django.utils import timezone\n", "likeness -> django"),
    ("pure", "agreement/rules/terms.py", "def f():\n    import psycopg\n", "agreement.rules.terms -> psycopg"),
    ("pure", "kernel/ceiling.py", "import httpx\n", "kernel.ceiling -> httpx"),
    ("cycles", "kernel/left.py", "import shouyue.kernel.right\n", "kernel"),
]  # fmt: skip
COMPANIONS = {
    "purchases/public.py": "",
    "scoreboard/public.py": "",
    "surveys/public.py": "",
    "customers/actions.py": "",
    "customers/wing/__init__.py": "",
    "customers/wing/public.py": "",
    "agreement/queries.py": "",
    "customers/rules/__init__.py": "",
    "agreement/rules/__init__.py": "",
    "surveys/templates/cotton/surveys/gauge.html": "<p>",
    "surveys/templates/surveys/up.html": "<p>",
    "kernel/right.py": "import shouyue.kernel.left\n",
}

TEXTS = [
    (sizes.functions, LONG_FILE, LONG, "long.py:1 wanders has 61 lines"),
    (sizes.files, LONG_FILE, "x = 1\n" * 401, "long.py has 401 lines"),
    (sizes.rooms, LONG_FILE, "x = 1\n" * 2600, "customers has "),
    (sizes.doors, DOOR, "__all__ = list('ab')\n", "has no plain __all__"),
    (sizes.doors, DOOR, f"__all__ = {[f'n{i}' for i in range(21)]}\n", "has 21 names"),
    (sizes.doors, DOOR, "__all__ = []\ndef f() -> None: ...\n", "a door only re-exports"),
    (sizes.wings, DOOR, "__all__ = []\n", "places porch"),
    (sizes.templates, "src/shouyue/customers/templates/customers/long.html", "<p>\n" * 151, "long.html has 151 lines"),
    (sizes.templates, "src/shouyue/web/templates/cotton/long.html", "<p>\n" * 61, "the limit is 60"),
    (sizes.readmes, "src/shouyue/annex/models.py", '"""x"""\n', "annex has records but no README.md"),
    (names.banned, "src/shouyue/customers/utils.py", "", "'utils' says nothing"),
    (names.banned, LIKES, "class LikeManager: ...\n", "'LikeManager' says nothing"),
    (names.docstrings, LIKES, "x = 1\n", "likes.py does not say what it is for"),
    (names.errors, LIKES, "class Refused(Exception): ...\n", "Refused is an exception"),
    (floors.in_templates, UP, URL, "is of surveys"),
    (floors.in_templates, UP, '{% include "surveys/up.html" %}', "is of surveys"),
    (floors.in_templates, UP, "<c-surveys.gauge />", "is of surveys"),
    (floors.in_templates, UP, "<c-nowhere-at-all />", "there is no component"),
    (floors.in_templates, UP, '{% include "customers/nowhere.html" %}', "there is no template"),
    (floors.in_strings, LIKES, "reverse('surveys:wave')\n", "'surveys:wave' is of surveys"),
    (floors.in_strings, LIKES, "get_model('surveys.Wave')\n", "'surveys.Wave' is of surveys"),
    (floors.in_strings, LIKES, "may('surveys.view_wave')\n", "is of surveys"),
    (floors.in_strings, LIKES, "render(r, 'surveys/a.html')\n", "is of surveys"),
    (floors.in_annotations, LIKES, "if T:\n    import shouyue.surveys.public\n", "is of surveys"),
    (floors.folders, "src/shouyue/customers/templates/surveys/a.html", "", "is outside templates/customers"),
    (purity.rules, RULE, "t = datetime.now(UTC)\n", "do not call datetime.now()"),
    (purity.rules, RULE, "def f():\n    import os\n", "rules do not import os"),
    (purity.rules, "src/shouyue/kernel/dice.py", "x = random.random()\n", "do not call random.random()"),
    (purity.undeclared, LIKES, "def f():\n    import requests\n", "requests is not in requirements.in"),
    (pages.inline, PAGE, "<script>1</script>", "an inline script"),
    (pages.inline, PAGE, "<p style='x'>", "a style attribute"),
    (pages.inline, PAGE, "<p onclick='x'>", "an event attribute"),
    (pages.inline, PAGE, "<p hx-on:click='x'>", "hx-on"),
    (pages.inline, PAGE, "<p hx-vals='js:x'>", "a javascript: value"),
    (pages.inline, PAGE, "<p hx-trigger='keyup[x]'>", "a filter in hx-trigger"),
    (pages.untranslatable, PAGE, '<c-button label="Save" />', "cannot be translated"),
    (pages.glued, LIKES, "x = _(f'{a} rows')\n", "is glued"),
    (papers.foreign, "src/shouyue/web/static/web/chart.min.js", "", "looks like somebody else's file"),
    (papers.foreign, "src/shouyue/web/static/web/chart.js", "x" * 700, "is minified"),
    (papers.foreign, "vendor/a.js", "", "looks like somebody else's file"),
    (papers.addresses, "requirements.in", "--index-" + "url x\n", "which is a place"),
    (papers.addresses, "docs/a.md", f"see {ROOT.parent}/notes\n", "which is a place"),
    (papers.addresses, "docs/a.md", "see /ho" + "me/eva/notes\n", "which is a place"),
    (papers.clauses, "tests/stories/test_clause_99_9_x.py", "", "test_clause_99_9_x.py stands in no row"),
    (papers.clauses, "docs/clauses.md", "| 99.1 | x | x | test_clause_99_1_x.py |\n", "99_1_x.py does not exist"),
    (papers.words, "docs/words.md", "\n| 中文 | English | code |\n|---|---|---|\n| 新词 | word | |\n", "is not 中文"),
    (
        papers.words,
        "docs/words.md",
        "\n| 中文 | English | code |\n|---|---|---|\n| 新词 | word | `NoSuchWord` |\n",
        "新词 is called NoSuchWord, which no code is",
    ),
    (papers.unexplained, LIKES, "x = 1  # no" + "qa: S101\n", "without a reason"),
    (proofs.transactional, TEST, "m = django_db(transaction=True)\n", "transaction=True"),
    (proofs.mocked, TEST, "patch('shouyue.kernel.clock.now')\n", "mocks our own code"),
    (proofs.skipped, TEST, "@pytest.mark.skip\ndef f(): ...\n", "hides a test"),
    (proofs.deep, TEST, "@pytest.mark.deep\ndef f(): ...\n", "deep_*.py"),
    (proofs.migrations, "src/shouyue/store/migrations/0001_fork.py", "dependencies = []\n", "are not numbered"),
]  # fmt: skip
