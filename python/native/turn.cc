#include "python/native/turn.h"

#include <pybind11/pybind11.h>

#include <stdexcept>

#include "python/native/part_call.h"

namespace delstep {

namespace py = pybind11;

Turn::Turn(std::timed_mutex& mutex, PartHost& parts)
    : mutex_(mutex), parts_(parts), host_(parts.run->host()) {
  constexpr std::chrono::milliseconds kNone{0}, kLook{50};
  while (!TryTake(kNone)) {
    if (IsInsidePart(parts))
      throw std::runtime_error(
          "the session runs the command that has called this function: it cannot be used in it");
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    // Whoever has the run may need Python's lock to come to an end.
    const py::gil_scoped_release unlocked;
    if (TryTake(kLook)) break;
  }
  parts_.caller = InsidePart::Innermost();
  if (parts_.caller != nullptr) parts_.caller->host().BeginInner(parts_);
}

Turn::~Turn() {
  if (parts_.caller != nullptr) parts_.caller->host().EndInner(parts_);
  parts_.caller = nullptr;
  hold_.reset();
  mutex_.unlock();
}

bool Turn::TryTake(std::chrono::milliseconds most) {
  if (!mutex_.try_lock_for(most)) return false;
  if (most.count() > 0) host_.WaitForOthers(most);
  hold_ = host_.TryHold("python");
  if (!hold_) mutex_.unlock();
  return hold_ != nullptr;
}

}  // namespace delstep
