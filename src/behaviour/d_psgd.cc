#include "behaviour/d_psgd.h"

#include <cmath>

#include "aggregation/metropolis.h"
#include "behaviour/partners.h"
#include "behaviour/rounds.h"

namespace delstep {
namespace {

/// The degree that a message tells. By hand a message may be sent with any tag.
std::size_t DegreeIn(const ReceivedMessage& message) {
  const double degree = message.tag.weight;
  return degree >= 0 && degree < 1e9 ? static_cast<std::size_t>(degree) : 0;
}

class DPsgd final : public Rounds {
 public:
  using Rounds::Rounds;

 private:
  void SendRound(Host& node, std::uint64_t round) const override {
    for (const NodeId peer : Partners(node)) SendLate(node, round, peer);
  }
  void SendLate(Host& node, std::uint64_t round, NodeId peer) const override {
    node.Send(peer, {.number = round, .weight = static_cast<double>(node.neighbours().size())});
  }
  std::vector<NodeId> Awaited(Host& node, std::uint64_t) const override { return Partners(node); }
  void Mix(Host& node, std::span<const ReceivedMessage> models) const override {
    std::vector<std::size_t> degrees = {node.neighbours().size()};
    for (const ReceivedMessage& model : models) degrees.push_back(DegreeIn(model));
    std::vector<double> weights(degrees.size());
    WeighByMetropolisHastings(degrees, weights);
    std::vector<MergeTerm> terms;
    for (std::size_t k = 0; k < models.size(); ++k)
      terms.push_back({.message = models[k].id, .weight = weights[k + 1]});
    node.Merge(weights[0], terms);
  }
  bool asks() const override { return false; }
};

}  // namespace

Result<std::unique_ptr<Behaviour>> MakeDPsgd(const BehaviourOptions& options) {
  return std::make_unique<DPsgd>(options.timeout);
}

}  // namespace delstep
