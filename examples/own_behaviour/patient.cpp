// Your own behaviour, chosen by its file. From the top of the source tree:
//
//   delstep examples/own_behaviour/run.toml -f examples/own_behaviour/run.del
//
// Nodes compute at different speeds. A model from a node that has trained less often than oneself
// is old news, and counts less: with m more trainings of one's own it weighs 1 / (2 (1 + m)). So a
// slow node catches up with the fast ones, and does not hold them back. (Xie, Koyejo, Gupta,
// "Asynchronous Federated Optimization", 2019, section 5.2, weighs by staleness in this way.)
#include <delstep/behaviour_module.h>

#include <vector>

class Patient : public delstep::Behaviour {
 public:
  explicit Patient(const delstep::BehaviourOptions& options) : peers_(options.peers) {}

  bool merges() const override { return true; }

  void OnTurn(delstep::Host& node) const override {
    TakeUp(node);
    if (!node.Train()) Tell(node);
  }
  void OnTrained(delstep::Host& node) const override {
    node.memory()[kAge] += 1;
    Tell(node);
  }
  void OnReceive(delstep::Host& node, const delstep::ReceivedMessage&) const override {
    TakeUp(node);
  }

 private:
  /// Place in the memory: how many trainings are in the model, one after the other.
  static constexpr std::size_t kAge = 0;

  static void TakeUp(delstep::Host& node) {
    for (const delstep::ReceivedMessage& message : node.inbox()) {
      if (!message.has_model) {
        node.Discard(message.id);
        continue;
      }
      const double own = node.memory()[kAge], other = static_cast<double>(message.tag.number);
      const double missed = own > other ? own - other : 0;
      const double weight = 0.5 / (1 + missed);
      const delstep::MergeTerm term{.message = message.id, .weight = weight};
      node.Merge(1 - weight, {&term, 1});
      // What one has merged one has learned from.
      if (other > own) node.memory()[kAge] = (own + other) / 2;
    }
  }

  void Tell(delstep::Host& node) const {
    std::vector<delstep::NodeId> partners;
    for (const delstep::NodeId peer : node.neighbours())
      if (node.IsPartner(peer)) partners.push_back(peer);
    delstep::Random random = node.Draw();
    const auto age = static_cast<std::uint64_t>(node.memory()[kAge]);
    for (std::size_t sent = 0; sent < peers_ && !partners.empty(); ++sent) {
      const auto chosen =
          partners.begin() + static_cast<std::ptrdiff_t>(random.Below(partners.size()));
      node.Send(*chosen, {.number = age});
      partners.erase(chosen);
    }
  }

  std::size_t peers_;
};

DELSTEP_BEHAVIOUR(Patient)
