#pragma once
/// A network that cannot go back, around the built-in one: what one between real computers is like.
#include <memory>
#include <utility>
#include <vector>

#include "delstep/registry.h"
#include "network/builtin/builtin_network.h"

namespace delstep::fakes {

class OneWayNetwork final : public Network {
 public:
  explicit OneWayNetwork(std::unique_ptr<Network> inner) : inner_(std::move(inner)) {}
  const NetworkTraits& traits() const override {
    static constexpr NetworkTraits kTraits{.name = "one-way"};
    return kTraits;
  }

 private:
  std::size_t DoInFlight() const override { return inner_->in_flight(); }
  Result<void> DoAttach(NodeId node) override { return inner_->Attach(node); }
  Result<void> DoDetach(NodeId node) override { return inner_->Detach(node); }
  Result<void> DoSetUp(NodeId node, bool up) override { return inner_->SetUp(node, up); }
  Result<void> DoSetDefaultLink(const LinkProperties& link) override {
    return inner_->SetDefaultLink(link);
  }
  Result<void> DoSetLink(NodeId from, NodeId to, const LinkProperties& link) override {
    return inner_->SetLink(from, to, link);
  }
  Result<void> DoClearLink(NodeId from, NodeId to) override { return inner_->ClearLink(from, to); }
  Result<void> DoSend(const Message& message) override { return inner_->Send(message); }
  Result<Passage> DoAdvanceTo(SimTime deadline) override { return inner_->AdvanceTo(deadline); }
  Result<Passage> DoAdvanceToNext(SimTime limit, SimTime& end) override {
    DELSTEP_ASSIGN(Passage passage, inner_->AdvanceToNext(limit));
    end = inner_->now();
    return passage;
  }
  Result<Passage> DoDrain(std::span<const MessageId> until, SimTime& end) override {
    DELSTEP_ASSIGN(Passage passage, inner_->Drain(until));
    end = inner_->now();
    return passage;
  }

  std::unique_ptr<Network> inner_;
};

/// Adds the network "one-way".
inline void AddOneWayNetwork(Registry& registry) {
  registry.networks.Add(
      "one-way", "", [](const Scenario& scenario) -> Result<std::unique_ptr<Network>> {
        DELSTEP_ASSIGN(std::unique_ptr<Network> inner,
                       MakeBuiltinNetwork(scenario.network, scenario.seed));
        return std::unique_ptr<Network>(std::make_unique<OneWayNetwork>(std::move(inner)));
      });
}

}  // namespace delstep::fakes
