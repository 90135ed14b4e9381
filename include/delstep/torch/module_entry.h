#pragma once
/// What a compiled learning module shows to the program; needs no LibTorch. The program reads this
/// before it uses anything else of the library, so that a module that was compiled for another
/// version is refused with a message instead of crashing.
#include <cstdint>

namespace delstep {

/// Counts the changes of LearningModuleBase, and of what it uses (TrainOptions, ...), that break
/// what was compiled before.
inline constexpr std::uint32_t kLearningModuleInterface = 1;

/// `extern "C" const LearningModuleEntry delstep_learning_module`, which DELSTEP_LEARNING_MODULE
/// defines. The first two fields stay what they are in every later version, so that any program can
/// read from any module which versions it was made for.
struct LearningModuleEntry {
  /// kLearningModuleInterface of the header it was compiled with: it must be that of the program.
  std::uint32_t interface;
  const char* libtorch;  ///< TORCH_VERSION, likewise
  bool has_data;         ///< brings a data set of its own
  void* (*make)();       ///< a new LearningModuleBase, which the caller owns
};

}  // namespace delstep
