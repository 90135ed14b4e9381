"""What goes into a session: texts, values of keys, paths, arrays."""

from __future__ import annotations

import json
import numbers
import os
from collections.abc import Sequence
from typing import Any


def text_of(value: Any, key: str) -> str:
    """A value as `key=value` has it. Lists may be arrays, tensors and the like."""
    if hasattr(value, "tolist"):  # of NumPy, PyTorch, pandas: also single numbers
        value = value.tolist()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, bytes, os.PathLike)):
        return words_of(os.fsdecode(value), key)
    if isinstance(value, numbers.Number) and not isinstance(value, complex):
        return str(value)
    if isinstance(value, Sequence):
        return "[" + ", ".join(_item(item, key) for item in value) + "]"
    raise TypeError(f"{key}: a number, a text, a path or a list is needed, not {value!r} ({type(value).__name__})")


def _item(value: Any, key: str) -> str:
    """Texts stand in quotes, as they may hold commas."""
    text = text_of(value, key)
    if not isinstance(value, (str, bytes, os.PathLike)):
        return text
    # TOML knows no pairs of surrogates, and wants this one character written out.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


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


def path_of(value: Any, what: str) -> bytes:
    """The path as the system has it, of any bytes but 0: that would end it early."""
    if not isinstance(value, (str, bytes, os.PathLike)):
        raise TypeError(f"{what}: a path is needed, not {value!r} ({type(value).__name__})")
    try:
        path = os.fsencode(value)
    except UnicodeEncodeError:
        raise ValueError(f"{what}: {value!r} is no path: it cannot be written as UTF-8") from None
    if b"\0" in path:
        raise ValueError(f"{what}: {value!r} is no path: there is a byte 0 in it")
    return path


def array_of(value: Any) -> Any:
    """Tensors of PyTorch too, also those that have a gradient."""
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value
