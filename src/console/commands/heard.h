#pragma once
/// The events of one happening, for who tells of it. Filled by the session, which observes the
/// simulation; outside of Begin() and End() nothing is kept.
#include <utility>
#include <vector>

#include "delstep/event.h"

namespace delstep {

class Heard {
 public:
  void Begin() {
    listens_ = true;
    list_.clear();
  }
  std::vector<Happening> End() {
    listens_ = false;
    return std::exchange(list_, {});
  }
  void Learn(const Event& event) {
    if (listens_) list_.push_back(event.what);
  }

 private:
  bool listens_ = false;
  std::vector<Happening> list_;
};

}  // namespace delstep
