#include "churn/churns.h"

#include <memory>

namespace delstep {

void AddChurn(Parts<MakeChurn>& churn) {
  churn.Add("none", "all nodes are always online",
            [](const Scenario&) -> Result<std::unique_ptr<Churn>> { return nullptr; });
}

}  // namespace delstep
