#pragma once
/// What the program and a learner plug-in know of each other.
#include <headers_stamp.h>  // made by the build

#include <memory>
#include <string>

#include "delstep/learner.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// A plug-in exports this and nothing else. Program and plug-in pass C++ types to each other, so
/// the program looks at the stamp alone until it knows that both are of one build.
struct LearnerEntry {
  const char* stamp;  ///< that of HeadersStamp()
  Result<std::unique_ptr<Learner>> (*make_learner)(const Scenario& scenario, const Dataset& data,
                                                   Workers& workers);
  /// The data set of the user's learning module; null: this learner has no learning modules.
  Result<LoadedData> (*load_data)(const Scenario& scenario);
  struct About {
    std::string version;        ///< of the library
    std::string blas;           ///< empty: its own
    bool is_slow_blas = false;  ///< Netlib's reference implementation
    std::string devices;        ///< besides the CPU: "cuda:0, cuda:1, CUDA 11.8"; empty: none
    std::string no_devices;     ///< why there are none; empty: nobody has looked
  };
  About (*about)();
  /// Whether what `training.device` names is there. Errors: those that make_learner would return.
  /// Null: this learner computes on the CPU alone.
  Result<void> (*check_device)(const Scenario& scenario);
};
/// Its symbol.
inline constexpr const char* kLearnerEntryName = "delstep_learner_entry";

/// The public headers and the compiler that this file was compiled with.
inline const char* HeadersStamp() { return DELSTEP_HEADERS_STAMP " " __VERSION__; }

}  // namespace delstep

/// Exports the entry of a plug-in: make_learner, load_data, about, check_device.
#define DELSTEP_LEARNER_ENTRY(...)                   \
  extern "C" __attribute__((visibility("default")))  \
  const delstep::LearnerEntry delstep_learner_entry; \
  const delstep::LearnerEntry delstep_learner_entry = {delstep::HeadersStamp(), __VA_ARGS__}
