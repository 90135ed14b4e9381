// encounter: the mean over recent meetings, weighted by data size (docs/internals/guestbook.md).
#include "aggregation/rules.h"
#include "aggregation/sample_weights.h"

namespace delstep {

AggregatorResult MakeEncounter(const AggregationOptions&) {
  return std::make_unique<SampleWeights>(AggregationRule::Sees::kEncounters);
}

}  // namespace delstep
