#pragma once
/// Parts of a run that a user writes in Python: rules of aggregation, behaviours and partitioners.
/// docs/guide/python.md is for those who write them.
///
/// Commands run without Python's lock. A part takes it for its call, may be called from any thread of
/// the run, and hands out nothing that outlives the call without a copy. What the function raises,
/// and what it returns that does not fit, is an Error of the command; the exception itself waits in
/// the PartHost for whoever has called the command.
#include <pybind11/pybind11.h>

#include <string>
#include <string_view>

#include "delstep/registry.h"
#include "python/native/embedded_run.h"

namespace delstep {

/// What all parts of a run share. Threads: the members behind Python's lock.
struct PartHost {
  EmbeddedRun* run = nullptr;  ///< null until it has begun
  pybind11::object raised;     ///< the first exception of the present command; or nothing
  bool interrupted = false;    ///< a KeyboardInterrupt has come inside of a function

  /// What the command says of an exception: "aggregation rule 'x' raised ValueError: ...". It throws
  /// nothing, whatever the exception is.
  Error Keep(pybind11::error_already_set& error, const std::string& who);
  /// A function has failed in the middle of a command: at its end what it has done is taken back. Not
  /// so after Ctrl-C, which stops the command there, as anywhere else.
  void EndByFailure(const Error& error) const;
};

/// Whether this thread is inside of a function of that run's user.
bool IsInsidePart(const PartHost& host);

/// Enters the parts into the registry. `parts` has lists of objects by kind ("aggregation",
/// "behaviour", "partition"), as python/delstep/parts.py makes them. The host outlives the registry.
void AddUserParts(const pybind11::dict& parts, PartHost& host, Registry& registry);

/// The classes whose objects the functions are given.
void BindUserParts(pybind11::module_& module);

/// Throws ValueError for complex numbers, whose imaginary part a conversion would drop. `who` begins
/// what it says.
void RequireReal(pybind11::handle numbers, std::string_view who);

/// Tensor by tensor: {"fc1.weight": array}. The arrays share `values`, and `base` keeps these alive.
pybind11::dict TensorsOf(const RowLayout& layout, const float* values,
                         const pybind11::object& base);
/// Writes tensors into a row of this layout; those that are not named stay. Throws ValueError for a
/// name or a shape that does not fit.
void TakeTensors(const RowLayout& layout, const pybind11::dict& tensors, float* values);

}  // namespace delstep
