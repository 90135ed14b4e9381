#pragma once
/// Stochastic gradient push: Assran, Loizou, Ballas, Rabbat, "Stochastic Gradient Push for
/// Distributed Deep Learning", ICML 2019, algorithm 1; push-sum itself by Kempe, Dobra, Gehrke,
/// "Gossip-based computation of aggregate information", FOCS 2003. Averages right also where
/// messages go one way only, and where the graph changes.
///
/// A node has a weight w, 1 at first, and a numerator x. Its model is the ratio z = x / w, so that
/// it can be tested at any time; x = w z is not kept.
///
///   on turn:       train: the gradient is taken at z and applied to x, so z changes by 1 / w of it
///   when trained:  to `peers` partners, drawn at random (m of them): send (p x, p w),
///                  p = 1 / (m + 1), and keep (p x, p w): z stays
///   on receive:    add both: z <- (w z + w_r z_r) / (w + w_r), w <- w + w_r
///
/// p w travels as MessageTag::weight, and z as the model.
///
/// What is conserved: the sum of all w, those on the way and in inboxes included, is N, and the sum
/// of all w z is what it was, but for training. A lost message takes its weight with it; every z
/// stays within the convex hull of the models all the same. The weight of a node that leaves is
/// gone.
///
/// A node that sends and never receives would halve its weight until it is 0 to the machine: below
/// 1e-12 it keeps what it has and sends nothing.
#include <memory>

#include "delstep/behaviour.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// The weight w of a node that runs push-sum.
double PushSumWeight(Host& node);

/// Uses `peers`. Never an error.
Result<std::unique_ptr<Behaviour>> MakePushSum(const BehaviourOptions& options);

}  // namespace delstep
