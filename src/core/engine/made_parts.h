#pragma once
/// The rule of aggregation and the behaviours of a run, as they were made.
///
/// Some are C++ files of the user's. Such a file may change while the run goes on, and `set` then takes
/// what it says now. A moment that one goes back to must go on with what was in force at that moment, so
/// each snapshot holds the parts themselves: names would lead to the file as it is today.
///
/// Threads: nothing here changes once it is made; handles are copied and dropped in any thread.
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "delstep/aggregator.h"
#include "delstep/behaviour.h"
#include "delstep/registry.h"

namespace delstep {

/// What a part is made of: a hash of its file and of what that includes; 0 for a part of this program.
using PartContent = std::uint64_t;

struct MadeRule {
  Aggregator rule;
  std::string name;  ///< aggregation.name
  PartContent content = 0;
};

struct MadeBehaviour {
  std::unique_ptr<Behaviour> behaviour;  ///< null for "none"
  PartContent content = 0;
};

struct MadeParts {
  std::shared_ptr<const MadeRule> rule;  ///< null before the first one is made
  /// The version of the engine that the rule was made for: other processes know theirs by it. 0 where
  /// there are none.
  std::uint64_t rule_version = 0;
  /// By name, made when a node first has it.
  std::map<std::string, std::shared_ptr<const MadeBehaviour>, std::less<>> behaviours;
};

/// Of a file of the user's, or of a folder with all that is in it, as it is now; 0 if it cannot be read.
PartContent ContentOf(const Registry& registry, const std::string& file);

/// Whether what both have by the same name is made of the same. Handles may be empty: what is not known
/// counts as the same.
bool IsSameCode(const MadeParts* a, const MadeParts* b);

}  // namespace delstep
