#pragma once
#include <string>
#include <unordered_map>

#include "base/cow.h"
#include "core/world/world.h"
#include "delstep/types.h"

namespace delstep {

/// Counts anew what Derived fields say (fields.h), in a world whose other fields have just been
/// read. To be asked world by world: those that shared all names still do. Threads: one.
class Deriver {
 public:
  /// Requires that every number of a node exists, and that nothing has been counted yet.
  void Derive(World& world);

 private:
  Cow<std::unordered_map<std::string, NodeId>> names_;  // of the world before
};

}  // namespace delstep
