#include "behaviour/token.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "behaviour/choice.h"
#include "behaviour/intake.h"
#include "behaviour/partners.h"

namespace delstep {
namespace {

static_assert(kTokenBalance >= Intake::kMemory);

enum class TokenStrategy : std::uint8_t { kSimple, kGeneralized, kRandomized };

/// When tokens are spent; `balance` is a of token.h.
struct TokenSpending {
  TokenStrategy strategy{};
  double capacity = 0, reactivity = 0;

  double Proactive(double balance) const {
    if (strategy != TokenStrategy::kRandomized) return balance >= capacity ? 1 : 0;
    if (balance < reactivity - 1) return 0;
    return std::min(1.0, (balance - reactivity + 1) / (capacity - reactivity + 1));
  }
  double Reactive(double balance) const {
    switch (strategy) {
      case TokenStrategy::kSimple:
        return balance > 0 ? 1 : 0;
      case TokenStrategy::kGeneralized:
        return std::floor((reactivity - 1 + balance) / reactivity);
      case TokenStrategy::kRandomized:
        break;
    }
    return balance / reactivity;
  }
};

class Token final : public Behaviour {
 public:
  Token(const TokenSpending& spending, const Intake& intake)
      : spending_(spending), intake_(intake) {}

  bool merges() const override { return true; }
  void OnTurn(Host& node) const override {
    const double balance = node.memory()[kTokenBalance];
    const bool sends = node.Draw().Chance(spending_.Proactive(balance));
    // Without a partner the turn is worth a token too, but an account is never more than full.
    if (!sends || SendTo(node, 1) == 0)
      node.memory()[kTokenBalance] = std::min(balance + 1, spending_.capacity);
    HandleInbox(node);
  }
  void OnReceive(Host& node, const ReceivedMessage&) const override { HandleInbox(node); }
  void OnTrained(Host& node) const override {
    intake_.Trained(node);
    React(node);
    HandleInbox(node);
  }

 private:
  void HandleInbox(Host& node) const {
    const std::vector<ReceivedMessage> inbox = node.inbox();
    for (std::size_t i = 0; i < inbox.size() && !node.busy(); ++i)
      if (!inbox[i].has_model || IsSuperseded(inbox, i))
        node.Discard(inbox[i].id);
      else if (intake_.Take(node, inbox[i]))
        React(node);
  }
  void React(Host& node) const {
    const double reaction = spending_.Reactive(node.memory()[kTokenBalance]);
    const double whole = std::floor(reaction);
    const bool one_more = node.Draw().Chance(reaction - whole);
    const std::size_t sent = SendTo(node, static_cast<std::size_t>(whole) + one_more);
    node.memory()[kTokenBalance] -= static_cast<double>(sent);
  }
  /// Returns to how many.
  static std::size_t SendTo(Host& node, std::size_t count) {
    const std::vector<NodeId> peers = DrawPartners(node, count);
    for (const NodeId peer : peers) node.Send(peer, {.number = Intake::Age(node)});
    return peers.size();
  }

  TokenSpending spending_;
  Intake intake_;
};

}  // namespace

Result<std::unique_ptr<Behaviour>> MakeToken(const BehaviourOptions& options) {
  DELSTEP_ASSIGN(const std::size_t strategy, Choose("behaviour.strategy", options.strategy,
                                                    {"simple", "generalized", "randomized"}));
  DELSTEP_ASSIGN(const Intake intake, Intake::Make(options));
  const TokenSpending spending{.strategy = static_cast<TokenStrategy>(strategy),
                               .capacity = static_cast<double>(options.capacity),
                               .reactivity = static_cast<double>(options.reactivity)};
  if (options.capacity == 0)
    return UsageError("behaviour.capacity = 0: it must be 1 or more").About("behaviour.capacity");
  if (spending.strategy != TokenStrategy::kSimple &&
      (options.reactivity == 0 || options.reactivity > options.capacity))
    return UsageError("behaviour.reactivity = " + std::to_string(options.reactivity) +
                          ": it must be 1 to behaviour.capacity, which is " +
                          std::to_string(options.capacity),
                      "raise behaviour.capacity or lower behaviour.reactivity")
        .About("behaviour.reactivity");
  return std::make_unique<Token>(spending, intake);
}

}  // namespace delstep
