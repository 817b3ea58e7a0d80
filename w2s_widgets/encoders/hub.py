"""Models of the Hugging Face hub: found on this machine, and fetched only with permission."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from w2s_widgets._optional import import_optional
from w2s_widgets.progress.surroundings import interactive

Permission = bool | str

_WANTED_FILES = ["*.json", "*.safetensors", "*.txt", "*.model"]
_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")


def hub_folder(name: str, download: Permission = "ask") -> Path:
    """Return the folder of a model of the Hugging Face hub, as it lies on this machine."""
    if download not in (True, False, "ask"):
        raise ValueError(f"download is {download!r}: choose True, False or 'ask'.")
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} is neither a folder nor the name of a model: give a folder that is there, or a name "
            "such as 'owner/model'."
        )
    hub = import_optional("huggingface_hub", "A model by name")
    errors = import_optional("huggingface_hub.errors")  # the package itself does not load it
    found: Path | None = None
    try:
        found = Path(hub.snapshot_download(name, local_files_only=True))
    except errors.HFValidationError:
        raise ValueError(f"{name!r} is no name of a model: give one such as 'owner/model'.") from None
    except (FileNotFoundError, ValueError, OSError):
        pass  # not here, or not whole: it may be fetched
    if found is not None and list(found.glob("*.safetensors")):
        return found
    if download == "ask":
        download = _allowed(name)
    if not download:
        raise FileNotFoundError(
            f"The model {name} is not on this machine, and nothing is downloaded unasked: check the name, "
            "give the folder of a model, or pass download=True."
        )
    return _fetched(hub, name)


def _fetched(hub: Any, name: str) -> Path:
    errors = hub.errors
    try:
        safe = any(
            "/" not in file and file.endswith(".safetensors") for file in hub.HfApi().list_repo_files(name)
        )
        if safe:
            return Path(hub.snapshot_download(name, allow_patterns=_WANTED_FILES, ignore_patterns=["*/*"]))
    except (errors.RepositoryNotFoundError, errors.GatedRepoError):
        raise ValueError(
            f"The Hugging Face hub has no model {name!r} that is open to everybody: check the name."
        ) from None
    # Without a connection, what is raised depends on the client that the hub's package talks through.
    except Exception as error:
        raise FileNotFoundError(
            f"The model {name} could not be downloaded ({type(error).__name__}): check the connection and "
            "run the same line again, which goes on where it stopped."
        ) from None
    raise ValueError(
        f"The model {name} has no weights as safetensors, the only kind that is read: choose another."
    )


def _allowed(name: str) -> bool:
    """Ask the person in front of the screen; without one the answer is no."""
    if not interactive():
        return False
    try:
        answer = input(f"{name} is not on this machine. Download it from the Hugging Face hub? [y/N] ")
    except (EOFError, NotImplementedError):  # a notebook that runs by itself
        return False
    return answer.strip().lower() in ("y", "yes")
