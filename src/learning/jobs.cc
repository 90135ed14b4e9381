#include "learning/jobs.h"

#include <fmt/format.h>

namespace delstep {

// The rate is named as it was in this training: a schedule may have made it another than
// training.lr.
TrainResult Diverged(std::int64_t epoch, double learning_rate) {
  return Failed<TrainResult>(
      JobFailure::kNotFinite,
      fmt::format(
          "the loss or a parameter is not finite after epoch {}; try a training.lr below {}",
          epoch + 1, learning_rate));
}

EvaluateResult LossIsNotFinite() {
  return Failed<EvaluateResult>(JobFailure::kNotFinite, "the loss is not finite");
}

std::string WhyNoCount(const std::string& counter, std::int64_t correct, std::size_t examples) {
  if (correct >= 0 && static_cast<std::uint64_t>(correct) <= examples) return {};
  return fmt::format("{} says that {} of {} examples are right, expected 0 to {}", counter, correct,
                     examples, examples);
}

TrainResult NoRoomForMomentum() {
  return Failed<TrainResult>(
      JobFailure::kLearner,
      "the optimizer was made without momentum; set training.momentum before the run starts");
}

}  // namespace delstep
