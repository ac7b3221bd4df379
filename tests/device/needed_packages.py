"""What must be installed for the device checks: what the program stands on, without its window and its terminal."""

from __future__ import annotations

from importlib.util import find_spec

#: Distribution to what is imported of it.
NEEDED = {
    "torch": "torch",
    "torchvision": "torchvision",
    "numpy": "numpy",
    "pydantic": "pydantic",
    "safetensors": "safetensors",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
    "threadpoolctl": "threadpoolctl",
    "pillow": "PIL",
    "tomli-w": "tomli_w",
    "filelock": "filelock",
    "platformdirs": "platformdirs",
    "psutil": "psutil",
}


def missing_words() -> str | None:
    """What is not installed, in one sentence; None where all is.

    What packages themselves stand on shows only when they are imported: the program is, once the packages are there.
    """
    missing = [name for name, module in NEEDED.items() if find_spec(module) is None]
    if not missing:
        try:
            from studio import catalog

            catalog.load()
        except ModuleNotFoundError as error:
            missing = [str(error.name)]
    if not missing:
        return None
    return f"Nothing was begun, for this Python lacks {', '.join(missing)}: install what is missing and run this again."
