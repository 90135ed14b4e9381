#include "aggregation/rules.h"
#include "aggregation/sample_weights.h"

namespace delstep {

AggregatorResult MakeFedAvg(const AggregationOptions&) {
  return std::make_unique<SampleWeights>(Aggregator::Sees::kInbox);
}

}  // namespace delstep
