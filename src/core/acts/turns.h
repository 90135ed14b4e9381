#pragma once
/// When nodes take their turns: the k-th is due k * behaviour.period after the behaviour was set, and
/// up to behaviour.jitter later. Turns come in the order of their times, which is that of their
/// numbers unless the jitter is longer than the period.
///
/// Threads: one caller at a time.
#include "core/engine/run.h"
#include "delstep/types.h"

namespace delstep {

/// Turns are counted from now on: the behaviour begins, or has another period. What it remembers
/// stays.
void BeginTurns(Run& run, NodeId node);

/// The node's next turn is the first one after `until`; those before it do not come. Its entry in
/// the agenda is for the caller to renew.
void SkipTurnsOf(Run& run, NodeId node, SimTime until);

}  // namespace delstep
