#pragma once
/// The random stream of the job that runs on this thread, for operators inside a model.
///
/// While one is active, aten::dropout and aten::feature_dropout (nn::Dropout, nn::Dropout2d,
/// dropout between the layers of nn::LSTM, ...) draw from it. Otherwise they behave as LibTorch
/// made them. Masks are drawn by the CPU, also for a device: so they are the same everywhere, and do
/// not depend on what else runs there. Every other random operator draws from LibTorch's shared generator, with which jobs
/// on several threads would disturb each other: who needs it holds GeneratorLock.
#include <c10/core/Device.h>

#include <cstdint>
#include <mutex>

#include "delstep/random.h"

namespace delstep {

/// Makes `words` the stream of this thread while it lives; it is advanced. Not nested.
class ActiveStream {
 public:
  explicit ActiveStream(Random& words);
  ~ActiveStream();
  ActiveStream(const ActiveStream&) = delete;
  ActiveStream& operator=(const ActiveStream&) = delete;
};

/// LibTorch's shared generator for one thread alone, and those of all devices, seeded from the key.
class GeneratorLock {
 public:
  explicit GeneratorLock(RandomKey key);

 private:
  std::unique_lock<std::mutex> lock_;
};

/// A number that changes whenever something is drawn from LibTorch's shared generator, of the CPU or
/// of the device.
std::uint64_t GeneratorState(c10::Device device);

}  // namespace delstep
