#include "aggregation/metropolis.h"

#include <algorithm>
#include <cassert>

namespace delstep {

void WeighByMetropolisHastings(std::span<const std::size_t> degrees, std::span<double> weights) {
  assert(!degrees.empty() && degrees.size() == weights.size());
  // With fewer than the peers as the own degree, the weights of the peers could sum to more than 1.
  const std::size_t own_degree = std::max(degrees[0], degrees.size() - 1);
  // What a neighbour that has not sent would have got stays with the node itself.
  weights[0] = 1;
  for (std::size_t k = 1; k < degrees.size(); ++k) {
    weights[k] = 1 / (1 + static_cast<double>(std::max(own_degree, degrees[k])));
    weights[0] -= weights[k];
  }
}

}  // namespace delstep
