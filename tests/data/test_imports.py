"""What is slow to import waits until a dataset needs it."""

from __future__ import annotations

import subprocess
import sys


def test_the_catalogue_is_loaded_without_scikit_learn_and_the_reader_of_tables() -> None:
    ask = "import sys; from studio import catalog; catalog.load(); print({'sklearn', 'pyarrow'} & sys.modules.keys())"
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
