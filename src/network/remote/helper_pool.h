#pragma once
/// Live helper processes of networks that can play their journals again. Each moment that a run can
/// go back to keeps a network, and so a process that waits; there may be hundreds of such moments.
/// So no more than a few processes live: of those that nobody uses at the moment the one that was
/// not used for the longest time is ended. Its network starts a fresh one when it is used again.
///
/// Threads: any. Lock order: a seat's mutex, then the pool's.
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

#include "delstep/result.h"
#include "network/remote/helper_process.h"
#include "network/remote/on_the_way.h"

namespace delstep::remote {

/// The place of a network for a helper process, which may be empty.
struct Seat {
  std::mutex mutex;  ///< of all the rest
  std::unique_ptr<HelperProcess> process;
  std::size_t told = 0;  ///< how many entries of the journal the process knows
  /// While a fresh process is told the journal: what it carries so far, by the journal. It must
  /// agree with what the network knows in the end.
  std::optional<OnTheWay> played;
  /// The network has spoken to this process, so the network goes if the process does. What is
  /// false can be replaced by a fresh one: nobody has seen it alive.
  bool is_used = false;
  std::optional<Error> death;  ///< the process died while nobody asked it: the next call fails
};

/// One for the whole program: what is scarce is the machine's.
class HelperPool {
 public:
  static constexpr std::size_t kMostAlive = 24;

  static HelperPool& Get();

  /// The seat's process is in use. Requires that the caller holds the seat's mutex. Ends processes
  /// of other seats if there are too many now.
  void Use(Seat& seat);
  /// Ends the seat's process, if there is one, and empties the seat, except for its death. Requires
  /// that the caller holds the seat's mutex, or that nobody else knows of the seat.
  void Empty(Seat& seat);

 private:
  std::mutex mutex_;
  std::list<Seat*> seats_;  // with a process; the one used last in front
};

}  // namespace delstep::remote
