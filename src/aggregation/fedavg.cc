// FedAvg: McMahan et al., "Communication-Efficient Learning of Deep Networks from Decentralized
// Data", AISTATS 2017, algorithm 1.
#include "aggregation/rules.h"
#include "aggregation/sample_weights.h"

namespace delstep {

AggregatorResult MakeFedAvg(const AggregationOptions&) {
  return std::make_unique<SampleWeights>(AggregationRule::Sees::kInbox);
}

}  // namespace delstep
