#include "python/native/turn.h"

#include <pybind11/pybind11.h>

#include <stdexcept>

namespace delstep {

namespace py = pybind11;

Turn::Turn(std::timed_mutex& mutex, const PartHost& parts)
    : mutex_(mutex), host_(parts.run->host()) {
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
}

Turn::~Turn() {
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
