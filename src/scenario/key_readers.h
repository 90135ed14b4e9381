#pragma once
/// Which keys count: many belong to one part of several, as topology.file does to the topologies `file`
/// and `contacts`.
#include <optional>
#include <string>
#include <vector>

#include "delstep/scenario.h"
#include "scenario/keys.h"

namespace delstep {

struct Registry;

/// Why nothing reads a key: the part that it is for is not the one that was chosen.
struct UnusedKey {
  const Key* chooser = nullptr;  ///< the key that chooses the part: topology.name
  std::string chosen{};          ///< its value
  std::vector<std::string>
      readers{};  ///< the values with which the key would be read; of data.path none
};

/// Nothing where the key is read, or may be yet: `set` can choose its part in a run.
std::optional<UnusedKey> WhyUnused(const Key& key, const Scenario& scenario,
                                   const Registry& registry);

}  // namespace delstep
