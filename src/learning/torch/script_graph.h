#pragma once
/// What a TorchScript forward may not do, since it would escape the rows or the streams of a node.
///
/// Refused: assigning an attribute that is no registered buffer; changing an attribute in place
/// that is neither a parameter nor a buffer (a list, a plain tensor); dropout that is always on, so
/// that evaluation would draw; random operators other than dropout in a branch or loop that may or
/// may not be run (elsewhere the learner notices them); parallel forks, calls through interfaces,
/// reading or writing files.
#include <torch/script.h>

#include <string>

#include "delstep/result.h"

namespace delstep {

/// Errors: kUsage, naming the operator and the line of the user's Python if the file tells it; the
/// message begins with `subject`.
Result<void> CheckScript(const torch::jit::Module& module, const std::string& subject);

}  // namespace delstep
