"""DEL-Step in Python: a simulator of decentralized learning, step by step.

>>> import delstep
>>> s = delstep.Session("mnist-12", **{"nodes.count": 25})
>>> s("train; flood; nstep; ag; test")

`help(delstep.Session)` says what a session can do, `s.help()` which commands there are, and
docs/guide/python.md tells the rest.
"""

import os as _os
import sys as _sys

try:
    import numpy as _numpy
except ImportError as _error:
    raise ImportError("delstep needs NumPy: pip install numpy") from _error

# What a user's own C++ file (aggregation.name = "my_rule.cpp") needs of the program is in this module,
# and must be seen by libraries that are loaded later. It shows nothing else.
_flags = _sys.getdlopenflags()
_sys.setdlopenflags(_flags | _os.RTLD_GLOBAL)
try:
    from . import _native
finally:
    _sys.setdlopenflags(_flags)

if not _native.knows_numpy_2:
    if int(_numpy.__version__.split(".")[0]) >= 2:
        raise ImportError("this build of delstep is for NumPy 1, as its pybind11 is older than 2.12, and "
                          f"NumPy {_numpy.__version__} is installed: build it with `pip install .`")

from .errors import CommandError, CommandInterrupted
from .magics import load_ipython_extension
from .pages import PageAddresses
from .parts import PartitionRequest, aggregation_rule, behaviour, partitioner
from .results import Result, Results, Rows
from .runs import RunRecord, read_run
from .session import Session
from .torch_models import torch_model

#: The version of DEL-Step.
__version__: str = _native.version


def scenarios() -> dict[str, str]:
    """The scenarios that Session(NAME) finds, each with what it is about."""
    return dict(_native.scenarios())


__all__ = ["CommandError", "CommandInterrupted", "PageAddresses", "PartitionRequest", "Result", "Results", "Rows",
           "RunRecord", "Session", "aggregation_rule", "behaviour", "load_ipython_extension",
           "partitioner", "read_run", "scenarios", "torch_model"]
