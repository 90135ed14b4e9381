#include "behaviour/behaviours.h"

#include <memory>

#include "behaviour/ad_psgd.h"
#include "behaviour/d_psgd.h"
#include "behaviour/epidemic.h"
#include "behaviour/gossip.h"
#include "behaviour/on_encounter.h"
#include "behaviour/push_sum.h"
#include "behaviour/token.h"

namespace delstep {

void AddBehaviours(Parts<MakeBehaviour>& behaviours) {
  behaviours.Add(
      "none", "nodes do nothing by themselves",
      [](const BehaviourOptions&) -> Result<std::unique_ptr<Behaviour>> { return nullptr; });
  behaviours.Add("gossip", "sends to random neighbours, merges and trains what comes", MakeGossip);
  behaviours.Add("token", "gossip that saves up messages and spends them on what comes", MakeToken);
  behaviours.Add("d-psgd", "synchronous rounds with all neighbours", MakeDPsgd);
  behaviours.Add("epidemic", "synchronous rounds with neighbours drawn anew", MakeEpidemic);
  behaviours.Add("ad-psgd", "two nodes at a time average, without rounds", MakeAdPsgd);
  behaviours.Add("push-sum", "sends a share of its model and weight, adds what comes", MakePushSum);
  behaviours.Add("on-encounter", "sends its model to whom it meets", MakeOnEncounter);
}

}  // namespace delstep
