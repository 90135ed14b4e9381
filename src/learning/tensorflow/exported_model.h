#pragma once
/// What a SavedModel must offer to be a node's model, and how its tensors lie in rows.
///
///   train         x, y [, lr] -> loss            one optimizer step on a batch
///   evaluate      x, y -> loss, correct          mean loss in nats, number of right answers
///   get_weights   -> tensors                     what travels and is averaged: float32
///   set_weights   the same tensors ->
///   get_state     -> tensors                     what stays at home: float32, int32, int64, ...
///   set_state     the same tensors ->            (the last two may be left out together)
///   get_rate      -> NAME                        the optimizer's own learning rate, under the name
///                                                of the optimizer: "SGD" (may be left out)
///
/// Weights named ...moving_mean or ...moving_variance, as Keras does it, are buffers, and come
/// last in the row; all others are parameters. A picture may have its channels last in x; of an x that
/// is open for pictures of any size they are last if its last dimension is fixed and its first is not.
///
/// x is [batch, ...] of float32, or of int32 or int64 where the data are token ids; y is [batch] of
/// int32 or int64. examples/own_tensorflow/export_keras.py writes all this for a Keras model.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "delstep/data.h"
#include "delstep/learner.h"
#include "delstep/result.h"
#include "learning/tensorflow/saved_model.h"

namespace delstep {

/// How the features of an example go into x.
struct InputFormat {
  TF_DataType type = TF_FLOAT;
  std::vector<std::int64_t> shape;  ///< of an example, as x wants it
  /// feature i of x is feature order[i] of the data set; empty: they are in the same order.
  std::vector<std::uint32_t> order;
};

/// The calls, with the places of their arguments.
struct ExportedCalls {
  SignatureCall train, evaluate, get_weights, set_weights, get_state, set_state;
  std::size_t train_x = 0, train_y = 0, train_lr = 0, train_loss = 0;
  bool takes_rate = false;
  std::size_t evaluate_x = 0, evaluate_y = 0, evaluate_loss = 0, evaluate_correct = 0;
  TF_DataType label_type = TF_INT64, correct_type = TF_INT64, evaluate_label_type = TF_INT64;
};

struct ExportedModel {
  ModelLayout layout;
  InputFormat input;
  /// TF_DataType of each tensor of the state row, in its order.
  std::vector<TF_DataType> state_types;
  bool takes_rate = false;  ///< train has an argument lr
};

/// The optimizer that a model brings.
struct OwnOptimizer {
  std::string name;            ///< "SGD"; "optimizer" where the model does not tell
  std::optional<double> rate;  ///< its learning rate; nothing where the model does not tell
};

/// Errors: kBadFile, naming the signature and what it lacks; kUsage where the data do not fit.
Result<ExportedModel> Describe(const SavedModel& model, const std::string& folder,
                               const Dataset& data);
/// By get_rate; a model without it, as an older export_keras.py has written it, is asked for the
/// variable of its learning rate. Requires that Describe() accepted it. Errors: TensorFlow's words.
Result<OwnOptimizer> AskOptimizer(SavedModel& model);
/// Requires that Describe() accepted it.
Result<ExportedCalls> FindCalls(const SavedModel& model);

}  // namespace delstep
