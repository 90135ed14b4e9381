#pragma once
/// Parts of a run that a user writes in Python: rules of aggregation, behaviours and partitioners.
/// docs/guide/python.md is for those who write them.
///
/// Commands run without Python's lock. A part takes it for its call, may be called from any thread of
/// the run, and hands out nothing that outlives the call without a copy. What the function raises,
/// and what it returns that does not fit, is an Error of the command; the exception itself waits in
/// the PartHost for whoever has called the command.
#include <pybind11/pybind11.h>

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/registry.h"
#include "python/native/embedded_run.h"

namespace delstep {

class InsidePart;

/// What all parts of a run share. Threads: all but Stop() behind Python's lock.
///
/// A function may use another run, whose functions may use a third one: then each of these runs is in
/// the middle of a command, and waits for the next one. They are linked in both directions: by
/// `caller`, so that the innermost function finds out which runs it must not wait for, and by BeginInner(), so
/// that what stops the outermost run stops all.
class PartHost {
 public:
  EmbeddedRun* run = nullptr;  ///< null until it has begun
  pybind11::object raised;     ///< the first exception of the present command; or nothing
  bool interrupted = false;    ///< a KeyboardInterrupt has come inside of a function
  /// The function of another run's user that uses this run now; null: none does.
  const InsidePart* caller = nullptr;

  /// What the command says of an exception: "aggregation rule 'x' raised ValueError: ...". It throws
  /// nothing, whatever the exception is.
  Error Keep(pybind11::error_already_set& error, const std::string& who);
  /// A function has failed in the middle of a command: at its end what it has done is taken back. Not
  /// so after Ctrl-C, which stops the command there, as anywhere else.
  void EndByFailure(const Error& error) const;

  /// A function of this run uses that other run, from now on up to EndInner(). The last to begin is the
  /// first to end, in each thread.
  void BeginInner(PartHost& inner);
  void EndInner(PartHost& inner);
  /// What runs now ends at its next safe point, and so does what its functions have begun in other
  /// runs. Nothing, where nothing runs. Threads: any, without Python's lock.
  void Stop();
  /// A command begins: what was to be stopped before is not it. False: the function that gives it
  /// belongs to a command that was stopped, and may be one of many that are called at the same time;
  /// so it must not begin.
  bool BeginCommand();
  /// To be called after it, whatever it has returned: a Stop() from now on stops no later command,
  /// such as one of a page, which begins without BeginCommand().
  void EndCommand();

 private:
  std::atomic<bool> running_ = false, stopped_ = false;
  std::mutex inner_mutex_;
  std::vector<PartHost*> inner_;  // guarded by it
};

/// Whether this thread is inside of a function of that run's user, or of one that such a function has
/// led to by using another run.
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
