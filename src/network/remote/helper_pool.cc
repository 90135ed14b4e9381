#include "network/remote/helper_pool.h"

#include <vector>

namespace delstep::remote {

// Never destroyed: a network may outlive it at the program's end.
HelperPool& HelperPool::Get() {
  static HelperPool& pool = *new HelperPool;
  return pool;
}

namespace {

/// What is left of the seat is as before the first process. Returns the process, to be ended.
std::unique_ptr<HelperProcess> TakeFrom(Seat& seat) {
  seat.told = 0;
  seat.played.reset();
  seat.is_used = false;
  return std::move(seat.process);
}

}  // namespace

void HelperPool::Use(Seat& seat) {
  // They end after the lock is gone: a process takes its time.
  std::vector<std::unique_ptr<HelperProcess>> ending;
  const std::lock_guard lock(mutex_);
  // A list of two dozen: no need to remember where the seat stands.
  seats_.remove(&seat);
  seats_.push_front(&seat);
  for (auto last = seats_.end(); seats_.size() > kMostAlive && last != seats_.begin();) {
    Seat* const idle = *--last;
    // Our own mutex is held by this very thread, which must not even try it.
    if (idle == &seat || !idle->mutex.try_lock()) continue;
    ending.push_back(TakeFrom(*idle));
    idle->mutex.unlock();
    last = seats_.erase(last);
  }
}

void HelperPool::Empty(Seat& seat) {
  const std::unique_ptr<HelperProcess> ending = TakeFrom(seat);
  const std::lock_guard lock(mutex_);
  seats_.remove(&seat);
}

}  // namespace delstep::remote
