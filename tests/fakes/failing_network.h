#pragma once
/// A network that fails at a call of the test's choice, around the built-in one.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "delstep/registry.h"
#include "network/builtin/builtin_network.h"

namespace delstep::fakes {

/// When a FailingNetwork fails, and how. The test holds it and sets it while a run goes on.
struct NetworkFault {
  /// Calls that still succeed, of all that may fail; no fault where it is negative.
  int calls_before = -1;
  /// kUnavailable: the network is gone, and every later call fails too. Another code: that one call
  /// fails, as where a backend refuses a message.
  ErrorCode code = ErrorCode::kUnavailable;
  bool can_copy = true;   ///< otherwise the network can be neither cloned nor saved
  std::string version{};  ///< of the program behind it; empty: there is none
  int calls = 0;  ///< that there have been since the fault was set, the failed ones included

  void FailAtCall(int call, ErrorCode with = ErrorCode::kUnavailable) {
    calls_before = call - 1;
    code = with;
    calls = 0;
  }
};

class FailingNetwork final : public Network {
 public:
  FailingNetwork(std::unique_ptr<Network> inner, std::shared_ptr<NetworkFault> fault)
      : inner_(std::move(inner)), fault_(std::move(fault)) {}
  const NetworkTraits& traits() const override {
    traits_ = inner_->traits();
    traits_.can_snapshot = traits_.can_save = fault_->can_copy;
    traits_.version = fault_->version;
    return traits_;
  }

 private:
  std::size_t DoInFlight() const override { return inner_->in_flight(); }
  Result<void> DoAttach(NodeId node) override {
    DELSTEP_TRY(Call("Attach"));
    // What StartAt() told this one the inner one has to know too.
    if (inner_->now() < now()) inner_->StartAt(now());
    return inner_->Attach(node);
  }
  Result<void> DoDetach(NodeId node) override {
    DELSTEP_TRY(Call("Detach"));
    return inner_->Detach(node);
  }
  Result<void> DoSetUp(NodeId node, bool up) override {
    DELSTEP_TRY(Call("SetUp"));
    return inner_->SetUp(node, up);
  }
  Result<void> DoSetDefaultLink(const LinkProperties& link) override {
    DELSTEP_TRY(Call("SetDefaultLink"));
    return inner_->SetDefaultLink(link);
  }
  Result<void> DoSetLink(NodeId from, NodeId to, const LinkProperties& link) override {
    DELSTEP_TRY(Call("SetLink"));
    return inner_->SetLink(from, to, link);
  }
  Result<void> DoClearLink(NodeId from, NodeId to) override {
    DELSTEP_TRY(Call("ClearLink"));
    return inner_->ClearLink(from, to);
  }
  Result<void> DoSend(const Message& message) override {
    DELSTEP_TRY(Call("Send"));
    return inner_->Send(message);
  }
  Result<Passage> DoAdvanceTo(SimTime deadline) override {
    DELSTEP_TRY(Call("AdvanceTo"));
    return inner_->AdvanceTo(deadline);
  }
  Result<Passage> DoAdvanceToNext(SimTime limit, SimTime& end) override {
    DELSTEP_TRY(Call("AdvanceToNext"));
    DELSTEP_ASSIGN(Passage passage, inner_->AdvanceToNext(limit));
    end = inner_->now();
    return passage;
  }
  Result<Passage> DoDrain(std::span<const MessageId> until, SimTime& end) override {
    DELSTEP_TRY(Call("Drain"));
    DELSTEP_ASSIGN(Passage passage, inner_->Drain(until));
    end = inner_->now();
    return passage;
  }

  Result<void> DoWithdraw(std::span<const MessageId> messages) override {
    DELSTEP_TRY(Call("Withdraw"));
    return inner_->Withdraw(messages);
  }
  std::vector<ExpectedArrival> DoExpectedArrivals() const override {
    return inner_->ExpectedArrivals();
  }
  // A copy obeys the same fault: what fails is what both stand for.
  Result<std::unique_ptr<Network>> DoClone() const override {
    if (!fault_->can_copy) return Refused("this network cannot be copied");
    DELSTEP_ASSIGN(std::unique_ptr<Network> inner, inner_->Clone());
    auto copy = std::unique_ptr<FailingNetwork>(new FailingNetwork(*this, std::move(inner)));
    return copy;
  }

  Result<std::string> DoSave() const override {
    if (!fault_->can_copy) return Refused("this network cannot be saved");
    return inner_->Save();
  }
  Result<void> DoLoad(std::string_view saved) override { return inner_->Load(saved); }

  FailingNetwork(const FailingNetwork& other, std::unique_ptr<Network> inner)
      : Network(other), inner_(std::move(inner)), fault_(other.fault_) {}

  Result<void> Call(const std::string& name) {
    ++fault_->calls;
    if (fault_->calls_before != 0) {
      if (fault_->calls_before > 0) --fault_->calls_before;
      return {};
    }
    if (fault_->code != ErrorCode::kUnavailable) fault_->calls_before = -1;
    return Error{fault_->code, "the network failed in " + name};
  }

  std::unique_ptr<Network> inner_;
  std::shared_ptr<NetworkFault> fault_;
  mutable NetworkTraits traits_;
};

/// Adds the network "failing", which obeys `fault`.
inline void AddFailingNetwork(Registry& registry, std::shared_ptr<NetworkFault> fault) {
  registry.networks.Add(
      "failing", "", [fault](const Scenario& scenario) -> Result<std::unique_ptr<Network>> {
        DELSTEP_ASSIGN(std::unique_ptr<Network> inner,
                       MakeBuiltinNetwork(scenario.network, scenario.seed));
        return std::unique_ptr<Network>(std::make_unique<FailingNetwork>(std::move(inner), fault));
      });
}

}  // namespace delstep::fakes
