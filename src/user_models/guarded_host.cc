#include "user_models/guarded_host.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace delstep {
namespace {

/// Ends the user's call. No std::exception, so that the user's own `catch` lets it pass.
struct BrokenPromise {};

std::uint64_t Number(MessageId message) { return static_cast<std::uint64_t>(message); }

}  // namespace

void GuardedHost::Require(bool kept, std::string_view call, std::string_view what,
                          std::string_view hint) {
  // Whoever catches everything and goes on gets no further either.
  if (kept && !broken_) return;
  if (!broken_) broken_ = Refused(fmt::format("{}: {} {}", file_, call, what), std::string(hint));
  throw BrokenPromise();
}

bool GuardedHost::IsNeighbour(NodeId node) const {
  return std::ranges::binary_search(node_.neighbours(), node);
}

bool GuardedHost::IsPartner(NodeId neighbour) const {
  return IsNeighbour(neighbour) && node_.IsPartner(neighbour);
}

std::span<double, kBehaviourMemory> GuardedHost::memory() {
  if (!memory_) std::ranges::copy(node_.memory(), memory_.emplace().begin());
  return *memory_;
}

void GuardedHost::KeepMemory() {
  if (memory_) std::ranges::copy(*memory_, node_.memory().begin());
}

bool GuardedHost::Train(double scale) {
  Require(std::isfinite(scale), "Train()", fmt::format("is given the scale {}", scale));
  return node_.Train(scale);
}

void GuardedHost::Send(NodeId to, const MessageTag& tag) {
  Require(IsNeighbour(to), "Send()", fmt::format("to NodeId({}), which is no neighbour", Index(to)),
          "send to node.neighbours()");
  node_.Send(to, tag);
}

void GuardedHost::SendHeader(NodeId to, const MessageTag& tag) {
  Require(IsNeighbour(to), "SendHeader()",
          fmt::format("to NodeId({}), which is no neighbour", Index(to)),
          "send to node.neighbours()");
  node_.SendHeader(to, tag);
}

void GuardedHost::Merge(double own, std::span<const MergeTerm> terms) {
  Require(merges_, "Merge()", "although merges() is false", "let merges() return true");
  Require(!busy(), "Merge()", "while the node trains", "look at node.busy() first");
  double sum = own;
  for (const MergeTerm& term : terms) sum += term.weight;
  // Written so that NaN fails too.
  Require(std::abs(sum - 1) < 1e-9, "Merge()",
          fmt::format("of weights that sum to {}, not to 1", sum),
          "`own` and the weights of all terms sum to 1");
  std::vector<ReceivedMessage> inbox = node_.inbox();
  for (const MergeTerm& term : terms) {
    const auto message = std::ranges::find(inbox, term.message, &ReceivedMessage::id);
    Require(message != inbox.end(), "Merge()",
            fmt::format("of message {}, which is not in the inbox", Number(term.message)),
            "each message of node.inbox() once");
    Require(message->has_model, "Merge()",
            fmt::format("of message {}, which has no model", Number(term.message)),
            "look at has_model first");
    inbox.erase(message);
  }
  node_.Merge(own, terms);
}

void GuardedHost::Aggregate() {
  Require(!busy(), "Aggregate()", "while the node trains", "look at node.busy() first");
  node_.Aggregate();
}

void GuardedHost::Discard(MessageId message) {
  Require(std::ranges::count(node_.inbox(), message, &ReceivedMessage::id) == 1, "Discard()",
          fmt::format("of message {}, which is not in the inbox", Number(message)));
  node_.Discard(message);
}

void GuardedHost::Wake(std::optional<SimTime> time) {
  Require(!time || *time >= now(), "Wake()", "at a time that has passed");
  node_.Wake(time);
}

}  // namespace delstep
