#include "delstep/network.h"

#include <cassert>

namespace delstep {

std::string_view Name(LossReason reason) {
  switch (reason) {
    case LossReason::kLoss:
      return "loss";
    case LossReason::kDown:
      return "down";
    case LossReason::kExpired:
      return "expired";
    case LossReason::kUnreachable:
      return "unreachable";
    case LossReason::kDetached:
      return "detached";
  }
  return "unknown";
}

namespace {

/// The ranges of network.h. Values of users have been checked before; what fails here is a bug.
[[maybe_unused]] bool IsSensible(const LinkProperties& link) {
  return link.loss >= 0 && link.loss <= 1 && link.bandwidth > 0 && link.latency.a >= Duration(0) &&
         link.latency.b >= Duration(0);
}

}  // namespace

bool Network::IsAttached(NodeId node) const {
  return Index(node) < attached_.size() && attached_[Index(node)];
}

// Entered only after the backend took the node: an error leaves nobody half attached.
Result<void> Network::Attach(NodeId node) {
  assert(!IsAttached(node));
  DELSTEP_TRY(DoAttach(node));
  if (attached_.size() <= Index(node)) attached_.resize(Index(node) + 1);
  attached_[Index(node)] = true;
  return {};
}

Result<void> Network::Detach(NodeId node) {
  assert(IsAttached(node));
  DELSTEP_TRY(DoDetach(node));
  attached_[Index(node)] = false;
  return {};
}

Result<void> Network::SetUp(NodeId node, bool up) {
  assert(IsAttached(node));
  return DoSetUp(node, up);
}

Result<void> Network::SetDefaultLink(const LinkProperties& link) {
  assert(IsSensible(link));
  return DoSetDefaultLink(link);
}

Result<void> Network::SetLink(NodeId from, NodeId to, const LinkProperties& link) {
  assert(IsAttached(from) && IsAttached(to) && from != to);
  assert(IsSensible(link));
  return DoSetLink(from, to, link);
}

Result<void> Network::Send(const Message& message) {
  assert(IsAttached(message.from) && IsAttached(message.to) && message.from != message.to);
  return DoSend(message);
}

Result<Passage> Network::AdvanceTo(SimTime deadline) {
  assert(deadline >= now_);
  // The clock moves only if the backend did: after an error it stays.
  auto passage = DoAdvanceTo(deadline);
  if (passage) now_ = deadline;
  return passage;
}

Result<Passage> Network::Drain(std::span<const MessageId> until) {
  SimTime end = now_;
  auto passage = DoDrain(until, end);
  if (passage) {
    assert(end >= now_);
    now_ = end;
  }
  return passage;
}

}  // namespace delstep
