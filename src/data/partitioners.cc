#include "data/partitioners.h"

namespace delstep {

void AddPartitioners(Parts<DealData>& parts) {
  parts.Add("iid", "random examples, sizes differ by at most one", DealIid);
  parts.Add("dirichlet", "shares of each class ~ Dirichlet(alpha)", DealDirichlet);
  parts.Add("pathological", "exactly num_classes_per_partition classes a node", DealPathological);
  parts.Add("shard", "num_shards_per_partition shards of the examples sorted by label", DealShards);
  parts.Add("size", "random examples, partition_sizes of them", DealBySize);
  parts.Add("linear", "random examples, sizes proportional to i = 1, 2, ...", DealLinear);
  parts.Add("square", "random examples, sizes proportional to i * i", DealSquare);
  parts.Add("exponential", "random examples, sizes proportional to e^i", DealExponential);
  parts.Add("label-sorted", "partly sorted by label, dealt in runs", DealLabelSorted);
  parts.Add("natural-id", "the sources that the data name: writers, authors, files",
            DealByNaturalId);
}

}  // namespace delstep
