#include "user_models/new_file.h"
#include "user_models/own_behaviour.h"

namespace delstep {
namespace {

// Not R"cpp(...)cpp": clang-format would lay out what is in it as a part of this file.
constexpr std::string_view kBehaviourTemplate =
    R"behaviour(// A behaviour: what a node does by itself while time runs. Run it with
//
//   delstep behaviour.name={shell}
//
// and then type `run 1min`, `next 5`, `test`; or change to it in a run by
// `set behaviour.name {console}`, for single nodes by `set behaviour.name {console}
// 10.0.0.3`. The program compiles this file when it has changed, and remembers the result.
// Everything below may be changed.
#include <delstep/behaviour_module.h>

#include <vector>

// On each of its turns (behaviour.period) a node trains; then it sends its model to some partners.
// What comes is merged half and half. <delstep/behaviour.h> says what else a node can do.
//
// One object serves all nodes, so it remembers nothing: what a node has to remember goes into
// node.memory(), eight numbers.
class HalfAndHalf : public delstep::Behaviour {
 public:
  // The values of behaviour.*; a class without such a constructor is fine, too. Where a value will
  // not do: throw std::invalid_argument("peers is too large");
  explicit HalfAndHalf(const delstep::BehaviourOptions& options) : peers_(options.peers) {}

  // It calls Merge() itself. A behaviour that leaves it to Aggregate() returns false.
  bool merges() const override { return true; }

  void OnTurn(delstep::Host& node) const override {
    TakeUp(node);  // what has come while nobody was called, as in `nstep`
    // OnTrained comes when it has ended; false: the node has no data.
    if (!node.Train()) Tell(node);
  }
  void OnTrained(delstep::Host& node) const override { Tell(node); }
  void OnReceive(delstep::Host& node, const delstep::ReceivedMessage&) const override {
    TakeUp(node);
  }

 private:
  // Every message ends in a merge or is discarded, so that no inbox grows.
  static void TakeUp(delstep::Host& node) {
    for (const delstep::ReceivedMessage& message : node.inbox()) {
      const delstep::MergeTerm half{.message = message.id, .weight = 0.5};
      if (message.has_model)
        node.Merge(0.5, {&half, 1});  // weights sum to 1
      else
        node.Discard(message.id);
    }
  }

  void Tell(delstep::Host& node) const {
    // Partners: neighbours that are up and run the same behaviour.
    std::vector<delstep::NodeId> partners;
    for (const delstep::NodeId peer : node.neighbours())
      if (node.IsPartner(peer)) partners.push_back(peer);
    // Chance comes from Draw() alone: then equal runs are equal.
    delstep::Random random = node.Draw();
    for (std::size_t sent = 0; sent < peers_ && !partners.empty(); ++sent) {
      const auto chosen =
          partners.begin() + static_cast<std::ptrdiff_t>(random.Below(partners.size()));
      node.Send(*chosen);
      partners.erase(chosen);
    }
  }

  std::size_t peers_;
};

DELSTEP_BEHAVIOUR(HalfAndHalf)
)behaviour";

}  // namespace

Result<void> WriteBehaviourTemplate(const std::filesystem::path& file) {
  return WriteNewFile(file, kBehaviourTemplate,
                      "give another name: delstep new behaviour FILE.cpp");
}

}  // namespace delstep
