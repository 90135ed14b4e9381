#pragma once
/// What the kinds of user parts have in common.
#include <fmt/format.h>
#include <pybind11/pybind11.h>

#include <exception>
#include <memory>
#include <string>

#include "python/native/user_parts.h"

namespace delstep {

/// A Python object that C++ may copy and drop on any thread.
using SharedObject = std::shared_ptr<const pybind11::object>;
SharedObject Shared(pybind11::object object);

/// While it lives, this thread is inside of a function of the run's user: see IsInsidePart().
class InsidePart {
 public:
  explicit InsidePart(PartHost& host);
  ~InsidePart();
  InsidePart(const InsidePart&) = delete;
  InsidePart& operator=(const InsidePart&) = delete;

  /// Of this thread; null where it is in none.
  static const InsidePart* Innermost();

  PartHost& host() const { return host_; }
  /// The function of another run's user that has given the present command of this run; null: none.
  const InsidePart* caller() const { return caller_; }

 private:
  PartHost& host_;
  const InsidePart* const caller_;
  const InsidePart* const before_;  // of this thread
};

/// What `function()`, which calls a function of the user's, returns: a Result, or the Error for what it
/// throws. Nothing of Python's gets through to the run, which knows no exceptions. `who` begins the
/// message.
template <class Function>
auto CallGuarded(PartHost& host, const std::string& who, Function function)
    -> decltype(function()) {
  try {
    return function();
  } catch (pybind11::error_already_set& error) {
    return host.Keep(error, who);
  } catch (const std::exception& error) {
    return Refused(fmt::format("{}: {}", who, error.what()));
  }
}

/// At its end, however that comes, what a function of the user's was shown is not there any more: the
/// function may have kept it.
template <class Shown>
class ShownOnce {
 public:
  explicit ShownOnce(Shown& shown) : shown_(shown) {}
  ~ShownOnce() { shown_.Close(); }
  ShownOnce(const ShownOnce&) = delete;
  ShownOnce& operator=(const ShownOnce&) = delete;

 private:
  Shown& shown_;
};

// One of each kind, of the object that python/delstep/parts.py has made. With Python's lock.
Aggregator MakePythonRule(const pybind11::object& part, PartHost& host);
std::unique_ptr<Behaviour> MakePythonBehaviour(const pybind11::object& part, PartHost& host);
/// Takes the lock itself.
Result<Partition> DealInPython(const pybind11::object& part, PartHost& host,
                               const PartitionRequest& request);

void BindModels(pybind11::module_& module);
void BindNode(pybind11::module_& module);

}  // namespace delstep
