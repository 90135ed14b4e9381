#pragma once
/// What the program and a module with a learner know of each other.
#include <contract_stamp.h>  // made by the build

#include <memory>
#include <string>

#include "delstep/learner.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// A module has one symbol, of this name. Program and module pass C++ types to each other, so the
/// program looks at the stamp alone until it knows that the module is its own.
struct LearnerEntry {
  const char* stamp;  ///< that of ContractStamp()
  Result<std::unique_ptr<Learner>> (*make_learner)(const Scenario& scenario, const Dataset& data,
                                                   Workers& workers);
  Result<LoadedData> (*load_module_data)(const Scenario& scenario);  ///< null: it has none
  struct About {
    std::string version;        ///< of the library
    std::string blas;           ///< empty: its own
    bool is_slow_blas = false;  ///< Netlib's reference implementation
  };
  About (*about)();
};
inline constexpr const char* kLearnerEntryName = "delstep_learner_entry";

/// The public headers and the compiler that this file was compiled with.
inline const char* ContractStamp() { return DELSTEP_CONTRACT_STAMP " " __VERSION__; }

}  // namespace delstep

/// Exports the entry of a module.
#define DELSTEP_LEARNER_ENTRY(...)                   \
  extern "C" __attribute__((visibility("default")))  \
  const delstep::LearnerEntry delstep_learner_entry; \
  const delstep::LearnerEntry delstep_learner_entry = {delstep::ContractStamp(), __VA_ARGS__}
