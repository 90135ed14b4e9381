#pragma once
/// A SavedModel in a session, with rows going in and out: what one worker trains and tests with.
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "delstep/data.h"
#include "delstep/result.h"
#include "learning/tensorflow/exported_model.h"

namespace delstep {

struct BatchResult {
  double loss = 0;  ///< mean over the batch, in nats
  std::int64_t correct = 0;
};

/// Threads: one at a time. Errors carry TensorFlow's words.
class NodeSession {
 public:
  static Result<std::unique_ptr<NodeSession>> Open(const std::string& folder,
                                                   const ExportedModel& model);
  static Result<std::unique_ptr<NodeSession>> Make(std::unique_ptr<SavedModel> loaded,
                                                   const ExportedModel& model);

  /// Rows of the model's layout; Read() leaves gaps 0.
  Result<void> Write(std::span<const float> model, std::span<const float> state);
  Result<void> WriteWeights(std::span<const float> model);
  Result<void> Read(std::span<float> model, std::span<float> state);

  /// One optimizer step; returns the mean loss.
  Result<double> TrainBatch(const Dataset& data, std::span<const std::uint32_t> examples,
                            double rate);
  /// `label`: what all examples are said to be, in place of their own labels.
  Result<BatchResult> EvaluateBatch(const Dataset& data, std::span<const std::uint32_t> examples,
                                    std::optional<std::int32_t> label = {});

 private:
  NodeSession(std::unique_ptr<SavedModel> loaded, ExportedCalls calls, const ExportedModel& model);
  Result<void> Set(const SignatureCall& call, const RowLayout& layout, std::span<const float> row);
  Result<void> Get(const SignatureCall& call, const RowLayout& layout, std::span<float> row);
  Tensor Features(const Dataset& data, std::span<const std::uint32_t> examples) const;

  const std::unique_ptr<SavedModel> loaded_;
  const ExportedCalls calls_;
  const ExportedModel model_;
  mutable std::vector<float> example_;  // features in the order of the data set
};

}  // namespace delstep
