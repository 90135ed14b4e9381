#pragma once
/// What the program and the module with LibTorch know of each other.
#include <contract_stamp.h>  // made by the build

#include <memory>
#include <string>

#include "delstep/learner.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// The module has one symbol, of this name. Program and module pass C++ types to each other, so the
/// program looks at the stamp alone until it knows that the module is its own.
struct TorchEntry {
  const char* stamp;  ///< that of ContractStamp()
  Result<std::unique_ptr<Learner>> (*make_learner)(const Scenario& scenario, const Dataset& data,
                                                   Workers& workers);
  Result<LoadedData> (*load_module_data)(const Scenario& scenario);  ///< `data.name = module`
  struct About {
    std::string libtorch;  ///< version
    std::string blas;
    bool is_slow_blas = false;  ///< Netlib's reference implementation
  };
  About (*about)();
};
inline constexpr const char* kTorchEntryName = "delstep_torch_entry";

/// The public headers and the compiler that this file was compiled with.
inline const char* ContractStamp() { return DELSTEP_CONTRACT_STAMP " " __VERSION__; }

}  // namespace delstep
