#pragma once
/// Random operations of TensorFlow graphs, drawn from the stream of the job that runs.
///
/// TensorFlow's own stateful operations keep a counter a session, so their numbers would depend on
/// which worker trained which node before. The kernels here take their place for RandomUniform
/// (what Keras' Dropout is made of) and RandomStandardNormal, on the CPU, in float32: a number
/// depends on the job's key, the step, the operation's name and how often the operation has run in
/// that step.
#include <cstdint>
#include <string>

#include "delstep/random.h"
#include "delstep/result.h"

namespace delstep {

/// Once a process, before the first SavedModel is loaded. An error: TensorFlow refuses the kernels.
Result<void> RegisterRandomKernels();

/// While it lives, random operations on this thread draw from `key`; without one, from a fixed
/// stream.
class RandomScope {
 public:
  explicit RandomScope(RandomKey key);
  ~RandomScope();
  RandomScope(const RandomScope&) = delete;
  RandomScope& operator=(const RandomScope&) = delete;
};

/// Is it a random operation whose numbers would not repeat?
bool IsUnrepeatable(const std::string& operation);

}  // namespace delstep
