#pragma once
/// A SavedModel in a session of its own, run on the calling thread alone.
#include <tensorflow/c/c_api.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "delstep/result.h"
#include "learning/tensorflow/signatures.h"

namespace delstep {

struct TensorDeleter {
  void operator()(TF_Tensor* tensor) const { TF_DeleteTensor(tensor); }
};
using Tensor = std::unique_ptr<TF_Tensor, TensorDeleter>;

/// Uninitialised memory; requires a type of fixed size.
Tensor MakeTensor(TF_DataType type, const std::vector<std::int64_t>& shape);

/// A signature with its places in the graph looked up: inputs and outputs in the order of names.
struct SignatureCall {
  std::vector<TF_Output> inputs, outputs;
};

/// Threads: one at a time, any. Sessions are independent of each other.
class SavedModel {
 public:
  /// Errors: kBadFile with TensorFlow's words.
  static Result<std::unique_ptr<SavedModel>> Load(const std::string& folder);
  ~SavedModel();
  SavedModel(const SavedModel&) = delete;
  SavedModel& operator=(const SavedModel&) = delete;

  const Signatures& signatures() const { return signatures_; }
  const std::set<std::string>& operations() const { return operations_; }
  /// Requires that there is one of that name. An error: the graph lacks an operation it names.
  Result<SignatureCall> Find(const std::string& signature) const;
  /// The output of the operation that reads the variable of the optimizer's learning rate, as
  /// tf.saved_model.save writes one for each variable; nothing if there is not exactly one.
  std::optional<TF_Output> FindLearningRate() const;
  /// All inputs and outputs in the order of `call`. Errors: TensorFlow's words.
  Result<std::vector<Tensor>> Run(const SignatureCall& call, const std::vector<TF_Tensor*>& inputs);

 private:
  SavedModel() = default;

  TF_Graph* graph_ = nullptr;
  TF_Session* session_ = nullptr;
  Signatures signatures_;
  std::set<std::string> operations_;
};

}  // namespace delstep
