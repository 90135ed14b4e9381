#include "behaviour/on_encounter.h"

namespace delstep {
namespace {

class OnEncounter final : public Behaviour {
 public:
  explicit OnEncounter(Duration min_gap) : min_gap_(min_gap) {}

  // The rule of aggregation does.
  bool merges() const override { return false; }
  void OnTurn(Host& node) const override {
    HandleInbox(node);
    node.Train();
  }
  void OnReceive(Host& node, const ReceivedMessage&) const override { HandleInbox(node); }
  void OnTrained(Host& node) const override { HandleInbox(node); }
  void OnMeet(Host& node, NodeId peer) const override {
    if (!node.IsPartner(peer)) return;
    const std::optional<SimTime> last = node.LastSent(peer);
    if (!last || node.now() - *last >= min_gap_) node.Send(peer);
  }

 private:
  static void HandleInbox(Host& node) {
    bool has_models = false;
    for (const ReceivedMessage& message : node.inbox())
      if (message.has_model)
        has_models = true;
      else
        node.Discard(message.id);
    if (has_models) node.Aggregate();
  }

  Duration min_gap_;
};

}  // namespace

Result<std::unique_ptr<Behaviour>> MakeOnEncounter(const BehaviourOptions& options) {
  return std::make_unique<OnEncounter>(options.min_gap);
}

}  // namespace delstep
