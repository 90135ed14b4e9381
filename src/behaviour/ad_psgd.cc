#include "behaviour/ad_psgd.h"

#include "behaviour/partners.h"

namespace delstep {
namespace {

// Places in the memory.
constexpr std::size_t kExchangePeer = 0;      // 1 + the passive node that is to answer; 0: none
constexpr std::size_t kExchangeNumber = 1;    // how many exchanges the node has begun
constexpr std::size_t kExchangeDeadline = 2;  // in nanoseconds; used with a timeout
constexpr std::size_t kExchangeTurn = 3;      // 1: a turn fell due while it waited

class AdPsgd final : public Behaviour {
 public:
  explicit AdPsgd(std::optional<Duration> timeout) : timeout_(timeout) {}

  bool merges() const override { return true; }
  void OnTurn(Host& node) const override {
    // The alarm may have fallen into an `nstep`, and the answer may have come in one.
    if (IsLate(node)) End(node);
    HandleInbox(node);
    node.memory()[kExchangeTurn] = 1;
    TakeTurn(node);
  }
  void OnReceive(Host& node, const ReceivedMessage&) const override {
    HandleInbox(node);
    TakeTurn(node);
  }
  void OnTrained(Host& node) const override {
    BeginExchange(node);
    HandleInbox(node);
  }
  // A contact that was interrupted may have cost the answer.
  void OnMeet(Host& node, NodeId peer) const override { OnPart(node, peer); }
  void OnPart(Host& node, NodeId peer) const override {
    if (node.memory()[kExchangePeer] != static_cast<double>(Index(peer)) + 1) return;
    End(node);
    TakeTurn(node);
  }
  void OnWake(Host& node) const override {
    if (IsLate(node)) End(node);
    TakeTurn(node);
  }

 private:
  static bool IsActive(NodeId node) { return Index(node) % 2 == 0; }
  static bool Waits(Host& node) { return node.memory()[kExchangePeer] != 0; }
  bool IsLate(Host& node) const {
    return timeout_ && Waits(node) &&
           static_cast<double>(node.now().time_since_epoch().count()) >=
               node.memory()[kExchangeDeadline];
  }

  /// Trains if a turn is due, and nothing is in the way.
  void TakeTurn(Host& node) const {
    if (node.memory()[kExchangeTurn] == 0 || Waits(node) || node.busy()) return;
    node.memory()[kExchangeTurn] = 0;
    if (!node.Train()) BeginExchange(node);
  }
  void BeginExchange(Host& node) const {
    if (!IsActive(node.id())) return;
    std::vector<NodeId> passive = Partners(node);
    std::erase_if(passive, IsActive);
    for (const NodeId peer : DrawFrom(node, std::move(passive), 1)) {
      node.memory()[kExchangePeer] = static_cast<double>(Index(peer)) + 1;
      node.memory()[kExchangeNumber] += 1;
      node.Send(peer, {.kind = MessageTag::Kind::kRequest, .number = ExchangeOf(node)});
      if (!timeout_) continue;
      const SimTime deadline =
          SimTime::max() - node.now() > *timeout_ ? node.now() + *timeout_ : SimTime::max();
      node.memory()[kExchangeDeadline] = static_cast<double>(deadline.time_since_epoch().count());
      node.Wake(deadline);
    }
  }
  void End(Host& node) const {
    node.memory()[kExchangePeer] = 0;
    if (timeout_) node.Wake({});
  }
  static std::uint64_t ExchangeOf(Host& node) {
    return static_cast<std::uint64_t>(node.memory()[kExchangeNumber]);
  }

  void HandleInbox(Host& node) const {
    for (const ReceivedMessage& message : node.inbox()) {
      if (node.busy()) return;
      if (IsAnswer(node, message)) {
        Average(node, message.id);
        End(node);
      } else if (IsQuestion(node, message)) {
        // The answer is the model before the average, so both average the same two.
        node.Send(message.from, {.kind = MessageTag::Kind::kReply, .number = message.tag.number});
        Average(node, message.id);
      } else {
        node.Discard(message.id);
      }
    }
  }
  static bool IsAnswer(Host& node, const ReceivedMessage& message) {
    return message.tag.kind == MessageTag::Kind::kReply && message.has_model &&
           message.tag.number == ExchangeOf(node) &&
           node.memory()[kExchangePeer] == static_cast<double>(Index(message.from)) + 1;
  }
  /// A question of a node that is gone would be averaged by one of the two alone.
  static bool IsQuestion(Host& node, const ReceivedMessage& message) {
    return message.tag.kind == MessageTag::Kind::kRequest && message.has_model &&
           !IsActive(node.id()) && Reaches(node, message.from);
  }
  static void Average(Host& node, MessageId message) {
    const MergeTerm half{.message = message, .weight = 0.5};
    node.Merge(0.5, {&half, 1});
  }

  std::optional<Duration> timeout_;
};

}  // namespace

Result<std::unique_ptr<Behaviour>> MakeAdPsgd(const BehaviourOptions& options) {
  return std::make_unique<AdPsgd>(options.timeout);
}

}  // namespace delstep
