#include "churn/churns.h"

#include <memory>

namespace delstep {

void AddChurn(Parts<MakeChurn>& churn) {
  churn.Add("none", "all nodes are always online",
            [](const Scenario&) -> Result<std::unique_ptr<Churn>> { return nullptr; });
  churn.Add("sessions", "each node is online and offline in turns, for churn.on and churn.off",
            MakeSessions);
  churn.Add("diurnal", "as many nodes as the time of day has online", MakeDiurnal);
  churn.Add("trace", "churn.file: when each node is online", MakeTraceChurn);
}

}  // namespace delstep
