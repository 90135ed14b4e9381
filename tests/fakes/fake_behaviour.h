#pragma once
/// A behaviour for tests: it trains in its turn, sends the result to all neighbours, and takes half
/// of what it gets.
#include <memory>

#include "delstep/behaviour.h"
#include "delstep/registry.h"

namespace delstep::fakes {

class TrainAndTell final : public Behaviour {
 public:
  bool merges() const override { return true; }
  void OnTurn(Host& node) const override { node.Train(); }
  void OnTrained(Host& node) const override {
    for (const NodeId peer : node.neighbours()) node.Send(peer);
  }
  void OnReceive(Host& node, const ReceivedMessage& message) const override {
    const MergeTerm term{.message = message.id, .weight = 0.5};
    node.Merge(0.5, {&term, 1});
  }
};

/// "train-and-tell".
inline void AddFakeBehaviour(Registry& registry) {
  registry.behaviours.Add("train-and-tell", "for tests", [](const BehaviourOptions&) {
    return Result<std::unique_ptr<Behaviour>>(std::make_unique<TrainAndTell>());
  });
}

}  // namespace delstep::fakes
