#pragma once
/// Token account: gossip that saves up messages and spends them where they are of use. Danner and
/// Jelasity, "Token account algorithms: the best of the proactive and reactive worlds", ICDCS 2018,
/// algorithm 4. Every node has an account with a balance a, 0 at first.
///
///   on turn:      with probability PRO(a) and a partner there: send (x, t) to a random one;
///                 else a <- min(a + 1, capacity)
///   on receive:   take the model in (intake.h), training included; then
///                 k <- REA(a); a <- a - k; send (x, t) to k random partners
///
///   strategy        PRO(a)                                                 REA(a)
///   simple          [a >= C]                                               [a > 0]
///   generalized     [a >= C]                                               floor((A - 1 + a) / A)
///   randomized      0 below A - 1; (a - A + 1) / (C - A + 1) up to C       a / A, rounded
///
/// C is `capacity`, A `reactivity`. Every message counts as useful, as in the experiments of the
/// paper. "Rounded" is at random: up, with the probability of the fraction.
///
/// So 0 <= a <= C. A turn makes one message or one token, so a node sends no more messages than it
/// had turns, and in a window of time w no more than ceil(w / period) + C.
///
/// If fewer than k partners are there, each gets one message, and the other tokens stay.
#include <memory>

#include "delstep/behaviour.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Where in Host::memory() the balance is.
inline constexpr std::size_t kTokenBalance = 2;

/// Uses `strategy`, `capacity`, `reactivity` (not by simple), `update` and `merge`. Errors: kUsage
/// for an unknown word, and unless 1 <= reactivity <= capacity.
Result<std::unique_ptr<Behaviour>> MakeToken(const BehaviourOptions& options);

}  // namespace delstep
