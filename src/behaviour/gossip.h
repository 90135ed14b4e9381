#pragma once
/// Gossip learning: each node sends its model to random neighbours, and merges and trains what
/// comes in. Ormandi, Hegedus, Jelasity, "Gossip learning with linear models on fully distributed
/// data", Concurrency and Computation: Practice and Experience 25, 2013, algorithm 1; pull and
/// push-pull by Jelasity, Voulgaris, Guerraoui, Kermarrec, van Steen, "Gossip-based peer sampling",
/// TOCS 25, 2007.
///
///   on turn:                              to `peers` partners, drawn at random
///     push         send (x, t)
///     pull         ask: a header of 64 bytes
///     push-pull    send (x, t), and ask
///   on receive:
///     a question   send the own (x, t) back, as it was before this message was merged
///     a model      take it in (intake.h): merge, train, or train, merge; t <- max(t, t_r)
///
/// A node trains only when a model has come. A node without a partner loses its turn, and nobody
/// else does.
///
/// Without training, in a full mesh of N nodes with V = sum of (x - mean)^2, one exchange of two
/// nodes at once (push-pull, no latency) leaves V (1 - 1 / (N - 1)) on average and keeps the mean.
/// One push leaves V (1 - (N + 1) / (2 N (N - 1))), and the value that all come to misses the mean
/// by a standard deviation of sqrt(V / (N (N + 1))): push alone is no average, push-sum is.
#include <memory>

#include "delstep/behaviour.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Uses `mode`, `update`, `merge` and `peers`. Errors: kUsage for an unknown word.
Result<std::unique_ptr<Behaviour>> MakeGossip(const BehaviourOptions& options);

}  // namespace delstep
