#include "behaviour/push_sum.h"

#include "behaviour/partners.h"

namespace delstep {
namespace {

// Places in the memory. All is 0 at first, and then the weight is 1.
constexpr std::size_t kHasWeight = 0;
constexpr std::size_t kWeight = 1;

/// Below it, 1 / w would make of a training what no float can hold.
constexpr double kLeastWeight = 1e-12;

void SetPushSumWeight(Host& node, double weight) {
  node.memory()[kHasWeight] = 1;
  node.memory()[kWeight] = weight;
}

class PushSum final : public Behaviour {
 public:
  explicit PushSum(std::size_t peers) : peers_(peers) {}

  bool merges() const override { return true; }
  void OnTurn(Host& node) const override {
    HandleInbox(node);
    if (!node.Train(1 / PushSumWeight(node))) Push(node);
  }
  void OnReceive(Host& node, const ReceivedMessage&) const override { HandleInbox(node); }
  void OnTrained(Host& node) const override {
    Push(node);
    HandleInbox(node);
  }

 private:
  void Push(Host& node) const {
    const std::vector<NodeId> peers = DrawPartners(node, peers_);
    const double share = PushSumWeight(node) / (static_cast<double>(peers.size()) + 1);
    if (share < kLeastWeight) return;
    for (const NodeId peer : peers) node.Send(peer, {.weight = share});
    SetPushSumWeight(node, share);
  }

  static void HandleInbox(Host& node) {
    double sum = PushSumWeight(node);
    std::vector<MergeTerm> terms;
    for (const ReceivedMessage& message : node.inbox()) {
      // By hand a message may be sent with any tag.
      const double weight = message.tag.weight;
      if (message.has_model && weight > 0 && weight < 1e9) {
        terms.push_back({.message = message.id, .weight = weight});
        sum += weight;
      } else {
        node.Discard(message.id);
      }
    }
    if (terms.empty()) return;
    for (MergeTerm& term : terms) term.weight /= sum;
    node.Merge(PushSumWeight(node) / sum, terms);
    SetPushSumWeight(node, sum);
  }

  std::size_t peers_;
};

}  // namespace

double PushSumWeight(Host& node) {
  return node.memory()[kHasWeight] == 0 ? 1 : node.memory()[kWeight];
}

Result<std::unique_ptr<Behaviour>> MakePushSum(const BehaviourOptions& options) {
  return std::make_unique<PushSum>(options.peers);
}

}  // namespace delstep
