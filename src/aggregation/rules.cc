#include "aggregation/rules.h"

namespace delstep {

// Messages and the reference list them in this order: means first, then robust rules.
void AddAggregators(Parts<MakeAggregator>& parts) {
  parts.Add("encounter", "mean over the guestbook, weighted by data size", MakeEncounter);
  parts.Add("fedavg", "mean over the inbox, weighted by data size", MakeFedAvg);
  parts.Add("dpsgd", "mean over the inbox with Metropolis-Hastings weights", MakeDpsgd);
  parts.Add("median", "median of each coordinate, robust", MakeMedian);
  parts.Add("trimmed-mean", "mean of each coordinate without its extremes, robust",
            MakeTrimmedMean);
  parts.Add("krum", "the one model closest to most others, robust", MakeKrum);
}

}  // namespace delstep
