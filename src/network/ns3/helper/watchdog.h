// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// Shows the simulator that the helper is alive, and ends the helper when the simulator is gone,
/// also in the middle of a long computation. ns-3 has no hook for that, so a timer's signal does
/// it. All state here is the process's: a signal handler knows no objects.
#include <atomic>
#include <cstdint>

namespace delstep_ns3::watchdog {

/// The descriptor over which helper and simulator talk.
inline constexpr int kSocket = 3;

/// The network's clock, for the signal handler; the scheduler sets it with each event.
inline std::atomic<std::int64_t> clock{0};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

/// Installs the handler of SIGALRM. A forked copy inherits it.
void Install();

/// From here to Rest() a signal comes twice a second: it ends the process if the other end of
/// kSocket is closed, and each second it writes `{"alive":T}` there. So nobody else may write.
/// Timers are not inherited: a forked copy is at rest.
void Work();
void Rest();

}  // namespace delstep_ns3::watchdog
