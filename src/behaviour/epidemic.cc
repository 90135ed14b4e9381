#include "behaviour/epidemic.h"

#include <algorithm>

#include "behaviour/partners.h"
#include "behaviour/rounds.h"

namespace delstep {
namespace {

/// The merge is the same whoever draws.
class Epidemic : public Rounds {
 public:
  Epidemic(std::optional<Duration> timeout, std::size_t peers) : Rounds(timeout), peers_(peers) {}

 protected:
  static void SendModel(Host& node, std::uint64_t round, NodeId peer) {
    node.Send(peer, {.number = round});
  }
  static void SendNothing(Host& node, std::uint64_t round, NodeId peer) {
    node.SendHeader(peer, {.number = round});
  }

  const std::size_t peers_;

 private:
  void Mix(Host& node, std::span<const ReceivedMessage> models) const override {
    const double part = 1 / (static_cast<double>(models.size()) + 1);
    std::vector<MergeTerm> terms;
    for (const ReceivedMessage& model : models)
      terms.push_back({.message = model.id, .weight = part});
    node.Merge(part, terms);
  }
};

class EpidemicLocal final : public Epidemic {
 public:
  using Epidemic::Epidemic;

 private:
  void SendRound(Host& node, std::uint64_t round) const override {
    const std::vector<NodeId> partners = Partners(node);
    const std::vector<NodeId> chosen = DrawFrom(node, partners, peers_);
    for (const NodeId peer : partners)
      if (std::ranges::find(chosen, peer) != chosen.end())
        SendModel(node, round, peer);
      else
        SendNothing(node, round, peer);
  }
  // Who comes late was not drawn.
  void SendLate(Host& node, std::uint64_t round, NodeId peer) const override {
    SendNothing(node, round, peer);
  }
  std::vector<NodeId> Awaited(Host& node, std::uint64_t) const override { return Partners(node); }
  bool asks() const override { return false; }
};

class EpidemicOracle final : public Epidemic {
 public:
  using Epidemic::Epidemic;

 private:
  void SendRound(Host& node, std::uint64_t round) const override {
    for (const NodeId peer : Around(node, round, 1)) SendModel(node, round, peer);
  }
  void SendLate(Host& node, std::uint64_t round, NodeId peer) const override {
    const std::vector<NodeId> receivers = Around(node, round, 1);
    if (std::ranges::find(receivers, peer) != receivers.end())
      SendModel(node, round, peer);
    else
      SendNothing(node, round, peer);
  }
  std::vector<NodeId> Awaited(Host& node, std::uint64_t round) const override {
    const std::size_t all = node.everybody().size();
    return Around(node, round, all - 1);
  }
  bool asks() const override { return true; }

  /// The partners among the next s in the circle of the round, ascending; with a stride of one less
  /// than all, those before.
  std::vector<NodeId> Around(Host& node, std::uint64_t round, std::size_t stride) const {
    const std::span<const NodeId> everybody = node.everybody();
    std::vector<NodeId> circle(everybody.begin(), everybody.end());
    Random random = node.DrawShared(round);
    random.Shuffle(std::span(circle));
    const auto place =
        static_cast<std::size_t>(std::ranges::find(circle, node.id()) - circle.begin());
    std::vector<NodeId> around;
    for (std::size_t k = 1; k <= std::min(peers_, circle.size() - 1); ++k)
      around.push_back(circle[(place + k * stride) % circle.size()]);
    std::erase_if(around, [&](NodeId peer) { return !Reaches(node, peer); });
    std::ranges::sort(around);
    return around;
  }
};

}  // namespace

Result<std::unique_ptr<Behaviour>> MakeEpidemic(const BehaviourOptions& options) {
  if (options.oracle) return std::make_unique<EpidemicOracle>(options.timeout, options.peers);
  return std::make_unique<EpidemicLocal>(options.timeout, options.peers);
}

}  // namespace delstep
