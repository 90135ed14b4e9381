#include "behaviour/gossip.h"

#include "behaviour/choice.h"
#include "behaviour/intake.h"
#include "behaviour/partners.h"

namespace delstep {
namespace {

enum class GossipMode : std::uint8_t { kPush, kPull, kPushPull };

class Gossip final : public Behaviour {
 public:
  Gossip(GossipMode mode, std::size_t peers, const Intake& intake)
      : mode_(mode), peers_(peers), intake_(intake) {}

  bool merges() const override { return true; }
  void OnTurn(Host& node) const override {
    MessageTag tag{.kind = MessageTag::Kind::kRequest, .number = Intake::Age(node)};
    if (mode_ == GossipMode::kPush) tag.kind = MessageTag::Kind::kModel;
    for (const NodeId peer : DrawPartners(node, peers_))
      if (mode_ == GossipMode::kPull)
        node.SendHeader(peer, tag);
      else
        node.Send(peer, tag);
    // What has come in an `nstep`, or before the behaviour was set.
    HandleInbox(node);
  }
  void OnReceive(Host& node, const ReceivedMessage&) const override { HandleInbox(node); }
  void OnTrained(Host& node) const override {
    intake_.Trained(node);
    HandleInbox(node);
  }

 private:
  void HandleInbox(Host& node) const {
    const std::vector<ReceivedMessage> inbox = node.inbox();
    for (std::size_t i = 0; i < inbox.size() && !node.busy(); ++i) {
      const ReceivedMessage& message = inbox[i];
      // First the answer: it is the model before the merge.
      if (message.tag.kind == MessageTag::Kind::kRequest && Reaches(node, message.from))
        node.Send(message.from, {.kind = MessageTag::Kind::kReply, .number = Intake::Age(node)});
      if (!message.has_model || IsSuperseded(inbox, i))
        node.Discard(message.id);
      else
        intake_.Take(node, message);
    }
  }

  GossipMode mode_;
  std::size_t peers_;
  Intake intake_;
};

}  // namespace

Result<std::unique_ptr<Behaviour>> MakeGossip(const BehaviourOptions& options) {
  DELSTEP_ASSIGN(const std::size_t mode,
                 Choose("behaviour.mode", options.mode, {"push", "pull", "push-pull"}));
  DELSTEP_ASSIGN(const Intake intake, Intake::Make(options));
  return std::make_unique<Gossip>(static_cast<GossipMode>(mode), options.peers, intake);
}

}  // namespace delstep
