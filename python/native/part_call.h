#pragma once
/// What the kinds of user parts have in common.
#include <pybind11/pybind11.h>

#include <memory>

#include "python/native/user_parts.h"

namespace delstep {

/// A Python object that C++ may copy and drop on any thread.
using SharedObject = std::shared_ptr<const pybind11::object>;
SharedObject Shared(pybind11::object object);

/// While it lives, this thread is inside of a function of the run's user: see IsInsidePart().
class InsidePart {
 public:
  explicit InsidePart(const PartHost& host);
  ~InsidePart();
  InsidePart(const InsidePart&) = delete;
  InsidePart& operator=(const InsidePart&) = delete;

 private:
  const PartHost* const outer_;
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
