#include "behaviour/behaviours.h"

#include <memory>

namespace delstep {

void AddBehaviours(Parts<MakeBehaviour>& behaviours) {
  behaviours.Add(
      "none", "nodes do nothing by themselves",
      [](const BehaviourOptions&) -> Result<std::unique_ptr<Behaviour>> { return nullptr; });
}

}  // namespace delstep
