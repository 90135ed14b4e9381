// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// ns-3's clock, held by the reins: it runs up to a moment, all of whose events are done, and
/// stops.
#include <cstdint>
#include <limits>

#include <ns3/event-id.h>
#include <ns3/map-scheduler.h>
#include <ns3/ptr.h>

namespace delstep_ns3 {

/// ns-3's scheduler, which the simulator keeps to itself, in our hands: so we can ask it for the
/// next event. The simulator makes it by its name; `latest` is the one that it made.
class OpenScheduler : public ns3::MapScheduler {
 public:
  static ns3::TypeId GetTypeId();
  OpenScheduler() { latest = this; }
  Event RemoveNext() override;

  static inline OpenScheduler* latest = nullptr;
};

/// Simulated nanoseconds. One per process, as ns-3's simulator is.
class Clock {
 public:
  static constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();

  Clock();  ///< of a simulator at time 0, to which nothing has happened
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;

  std::int64_t now() const;

  /// Runs all events up to and including `time` (>= now()), which becomes now(), unless StopNow()
  /// is called in an event: then all events of that moment, and none of a later one.
  void RunUntil(std::int64_t time);
  void StopNow();

 private:
  void StopAt(std::int64_t time);
  void Stop();

  ns3::Ptr<OpenScheduler> scheduler_;
  ns3::EventId stop_;
};

}  // namespace delstep_ns3
