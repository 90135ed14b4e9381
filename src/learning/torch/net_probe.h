#pragma once
/// Finds out about a model what the learner must know before it trains.
#include "delstep/data.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "learning/torch/net.h"
#include "learning/torch/net_worker.h"

namespace delstep {

/// Makes a net under the lock of LibTorch's generator, seeded from the key. Errors: those of
/// `make`; kUsage with the text of an exception.
Result<std::unique_ptr<Net>> MakeNetSafely(const MakeNet& make, RandomKey key);

/// Makes a net, trains it one step and evaluates it on the first two examples, then trains it on
/// one, where the placement says. Pictures are tried with their channels last, then in the usual
/// order. Errors: kUsage, saying what does not fit.
Result<NetFacts> ProbeNet(const MakeNet& make, const Scenario& scenario, const Dataset& data,
                          const Placement& placement);

/// What an exception of LibTorch says, without the list of calls that led there.
std::string TextOf(const std::exception& exception);

}  // namespace delstep
