"""What goes into a session: texts, values of keys, arrays."""

from __future__ import annotations

import json
import os
from typing import Any


def text_of(value: Any) -> str:
    """A value as `key=value` has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(json.dumps(item) if isinstance(item, str) else text_of(item)
                               for item in value) + "]"
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):  # a number of NumPy's
        return text_of(value.item())
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def words_of(value: Any, what: str) -> str:
    """The text, if it is one that can be passed on."""
    if not isinstance(value, str):
        raise TypeError(f"{what}: a text is needed, not {value!r} ({type(value).__name__})")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{what}: character {error.start + 1} is half of one, {value[error.start]!r}: it cannot "
                         "be written as UTF-8") from None
    return value


def array_of(value: Any) -> Any:
    """Tensors of PyTorch too, also those that have a gradient."""
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value
