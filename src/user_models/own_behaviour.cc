#include "user_models/own_behaviour.h"

#include <utility>

#include "base/user_failure.h"
#include "delstep/behaviour_module.h"
#include "user_models/guarded_host.h"
#include "user_models/own_part.h"

namespace delstep {
namespace {

class GuardedBehaviour final : public Behaviour {
 public:
  GuardedBehaviour(std::unique_ptr<Behaviour> own, std::string file)
      : file_(std::move(file)), own_(std::move(own)), merges_(own_->merges()) {}

  bool merges() const override { return merges_; }
  void OnTurn(Host& node) const override {
    Call(node, "OnTurn()", [&](Host& guarded) { own_->OnTurn(guarded); });
  }
  void OnReceive(Host& node, const ReceivedMessage& message) const override {
    Call(node, "OnReceive()", [&](Host& guarded) { own_->OnReceive(guarded, message); });
  }
  void OnTrained(Host& node) const override {
    Call(node, "OnTrained()", [&](Host& guarded) { own_->OnTrained(guarded); });
  }
  void OnMeet(Host& node, NodeId peer) const override {
    Call(node, "OnMeet()", [&](Host& guarded) { own_->OnMeet(guarded, peer); });
  }
  void OnPart(Host& node, NodeId peer) const override {
    Call(node, "OnPart()", [&](Host& guarded) { own_->OnPart(guarded, peer); });
  }
  void OnWake(Host& node) const override {
    Call(node, "OnWake()", [&](Host& guarded) { own_->OnWake(guarded); });
  }

 private:
  template <class Do>
  void Call(Host& node, const char* doing, Do call) const {
    GuardedHost guarded(node, file_, merges_);
    Result<void> done = CallUserCode(file_, doing, [&]() -> Result<void> {
      call(guarded);
      return {};
    });
    guarded.KeepMemory();
    // A broken promise leaves the call by an exception of the guard: its error says more.
    if (guarded.broken()) throw UserFailure{*guarded.broken()};
    if (!done) throw UserFailure{std::move(done).error()};
  }

  const std::string file_;
  const std::unique_ptr<Behaviour> own_;
  const bool merges_;
};

Result<std::unique_ptr<Behaviour>> Load(const BehaviourOptions& options, const Say& say) {
  const std::string& file = options.name;
  const OwnPartKind kind{.toolchain = BehaviourToolchain(),
                         .symbol = "delstep_behaviour",
                         .macro = "DELSTEP_BEHAVIOUR",
                         .interface = kBehaviourInterface};
  DELSTEP_ASSIGN(const void* const found, OpenOwnPart(kind, file, say));
  const auto* entry = static_cast<const BehaviourEntry*>(found);
  return ConstructUserCode(file, [&]() -> Result<std::unique_ptr<Behaviour>> {
    return GuardBehaviour(entry->make(options), file);
  });
}

}  // namespace

std::unique_ptr<Behaviour> GuardBehaviour(std::unique_ptr<Behaviour> behaviour,
                                          const std::string& file) {
  return std::make_unique<GuardedBehaviour>(std::move(behaviour), file);
}

Result<std::unique_ptr<Behaviour>> LoadOwnBehaviour(const BehaviourOptions& options,
                                                    const Say& say) {
  auto behaviour = Load(options, say);
  if (!behaviour) return std::move(behaviour).error().About("behaviour.name");
  return behaviour;
}

Result<std::unique_ptr<Behaviour>> MakeOwnBehaviour(const BehaviourOptions& options) {
  return LoadOwnBehaviour(options, {});
}

}  // namespace delstep
