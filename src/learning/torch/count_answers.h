#pragma once
/// What a net takes examples for, out of a batch that it was tested on: how many are right, and
/// which class is taken for which.
#include <cstdint>
#include <string>

#include "delstep/learner.h"
#include "learning/torch/net.h"

namespace delstep {

/// Adds a batch to `result`: to `correct`, and to `confusion` unless that is empty; it has classes *
/// classes numbers else. Where the highest score is not how the net counts, it is asked about each
/// class.
///
/// A user's net may count anything. Returns why its answers are no counts, or make no matrix: then
/// `result` is worth nothing. Empty: they are added.
std::string CountAnswers(Net& net, const torch::Tensor& output, const torch::Tensor& target,
                         std::int64_t classes, EvaluateResult& result);

}  // namespace delstep
