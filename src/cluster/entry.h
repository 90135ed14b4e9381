#pragma once
/// What the program and the MPI plug-in know of each other.
#include <memory>
#include <string>

#include "cluster/processes.h"

namespace delstep {

/// The plug-in exports this and nothing else. Both pass C++ types to each other, so the program looks at
/// the stamp alone until it knows that both are of one build.
struct MpiEntry {
  const char* stamp;                     ///< kMpiStamp
  std::unique_ptr<Processes> (*join)();  ///< never null; throws nothing
  std::string (*version)();
};
inline constexpr const char* kMpiEntryName = "delstep_mpi_entry";
inline constexpr const char* kMpiStamp = DELSTEP_VERSION " 1 " __VERSION__;

}  // namespace delstep
