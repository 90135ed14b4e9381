#pragma once
/// What a run looks like now, as lists for Python.
#include <pybind11/pybind11.h>

#include "delstep/simulation.h"

namespace delstep {

/// A dict per present node, with the names that `neighborhood` and `status` have in `--json`.
pybind11::list NodeRows(const Simulation& simulation);
/// (from, to, properties) per direction of a link.
pybind11::list LinkRows(const Simulation& simulation);

}  // namespace delstep
