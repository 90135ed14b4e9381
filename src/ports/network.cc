#include "delstep/network.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/bytes.h"

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
    case LossReason::kDropped:
      return "dropped";
    case LossReason::kContact:
      return "contact";
    case LossReason::kBackend:
      return "backend";
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

template <class T>
Result<T> Network::Noting(Result<T> result) {
  if (!result && result.error().code == ErrorCode::kUnavailable) failure_ = result.error();
  return result;
}

void Network::Fail(Error error) {
  assert(error.code == ErrorCode::kUnavailable);
  failure_ = std::move(error);
}

void Network::StartAt(SimTime time) {
  assert(attached_.empty() && now_ == SimTime{} && time >= now_);
  now_ = time;
}

// Entered only after the backend took the node: an error leaves nobody half attached.
Result<void> Network::Attach(NodeId node) {
  if (failure_) return *failure_;
  assert(!IsAttached(node));
  DELSTEP_TRY(Noting(DoAttach(node)));
  if (attached_.size() <= Index(node)) attached_.resize(Index(node) + 1);
  attached_[Index(node)] = true;
  return {};
}

Result<void> Network::Detach(NodeId node) {
  if (failure_) return *failure_;
  assert(IsAttached(node));
  DELSTEP_TRY(Noting(DoDetach(node)));
  attached_[Index(node)] = false;
  return {};
}

Result<void> Network::SetUp(NodeId node, bool up) {
  if (failure_) return *failure_;
  assert(IsAttached(node));
  return Noting(DoSetUp(node, up));
}

Result<void> Network::SetDefaultLink(const LinkProperties& link) {
  if (failure_) return *failure_;
  assert(IsSensible(link));
  return Noting(DoSetDefaultLink(link));
}

Result<void> Network::SetLink(NodeId from, NodeId to, const LinkProperties& link) {
  if (failure_) return *failure_;
  assert(IsAttached(from) && IsAttached(to) && from != to);
  assert(IsSensible(link));
  return Noting(DoSetLink(from, to, link));
}

Result<void> Network::ClearLink(NodeId from, NodeId to) {
  if (failure_) return *failure_;
  assert(IsAttached(from) && IsAttached(to) && from != to);
  return Noting(DoClearLink(from, to));
}

Result<void> Network::SetCapacity(NodeId node, double up, double down) {
  if (!traits().has_capacities) return Network::DoSetCapacity(node, up, down);
  if (failure_) return *failure_;
  assert(IsAttached(node) && up > 0 && down > 0);
  return Noting(DoSetCapacity(node, up, down));
}

Result<void> Network::SetLegs(std::span<const NodeLegs> nodes, SimTime until) {
  assert(traits().has_positions && until >= now_);
  if (failure_) return *failure_;
  assert(std::ranges::all_of(nodes, [&](const NodeLegs& legs) { return IsAttached(legs.node); }));
  DELSTEP_TRY(Noting(DoSetLegs(nodes, until)));
  legs_until_ = until;
  return {};
}

Result<void> Network::Send(const Message& message) {
  if (failure_) return *failure_;
  assert(IsAttached(message.from) && IsAttached(message.to) && message.from != message.to);
  Result<void> sent = DoSend(message);
  if (!sent) sent = Noting(std::move(sent));  // no Result goes through another call per message
  return sent;
}

Result<Passage> Network::AdvanceTo(SimTime deadline) {
  assert(deadline >= now_);
  if (failure_) return *failure_;
  // The clock moves only if the backend did: after an error it stays.
  auto passage = Noting(DoAdvanceTo(deadline));
  if (passage) now_ = deadline;
  return passage;
}

Result<Passage> Network::AdvanceToNext(SimTime limit) {
  assert(limit >= now_);
  if (failure_) return *failure_;
  SimTime end = limit;
  auto passage = Noting(DoAdvanceToNext(limit, end));
  if (passage) {
    assert(end >= now_ && end <= limit);
    now_ = end;
  }
  return passage;
}

Result<Passage> Network::Drain(std::span<const MessageId> until) {
  if (failure_) return *failure_;
  SimTime end = now_;
  auto passage = Noting(DoDrain(until, end));
  if (passage) {
    assert(end >= now_);
    now_ = end;
  }
  return passage;
}

// The count shows what a backend cannot say by its result: each was on the way, and is not any
// more.
Result<void> Network::Withdraw(std::span<const MessageId> messages) {
  if (failure_) return *failure_;
  [[maybe_unused]] const std::size_t before = in_flight();
  DELSTEP_TRY(Noting(DoWithdraw(messages)));
  assert(in_flight() + messages.size() == before);
  return {};
}

namespace {

/// Of a backend that cannot do what was asked.
Error Cannot(const NetworkTraits& traits, std::string_view what) {
  return Refused("the network '" + std::string(traits.name) + "' cannot be " + std::string(what));
}

Error NotWhatWasSaved() { return BadFile("the saved network is damaged", {}); }

/// Before all else, so that a network of another backend or layout is never read as one of this.
constexpr std::string_view kFormat = "delstep network 2 ";

}  // namespace

Result<void> Network::DoSetCapacity(NodeId /*node*/, double /*up*/, double /*down*/) {
  return Refused(
      "the network '" + std::string(traits().name) + "' gives nodes no up- and downlinks",
      "choose network.sharing = \"uplink\" or \"fair\"");
}
Result<void> Network::DoSetLegs(std::span<const NodeLegs> /*nodes*/, SimTime /*until*/) {
  return Cannot(traits(), "told where nodes are");
}
Result<void> Network::DoWithdraw(std::span<const MessageId> /*messages*/) {
  return Refused("the network '" + std::string(traits().name) +
                 "' cannot take messages off the wire");
}
std::vector<ExpectedArrival> Network::DoExpectedArrivals() const { return {}; }
Result<std::unique_ptr<Network>> Network::DoClone() const { return Cannot(traits(), "copied"); }
Result<std::string> Network::DoSave() const { return Cannot(traits(), "saved"); }
Result<void> Network::DoLoad(std::string_view /*saved*/) { return Cannot(traits(), "loaded"); }

Result<std::string> Network::Save() const {
  DELSTEP_ASSIGN(const std::string rest, DoSave());
  ByteWriter writer;
  writer.Add(std::string(kFormat) + std::string(traits().name));
  writer.Add(std::int64_t{now_.time_since_epoch().count()});
  writer.Add(std::int64_t{legs_until_.time_since_epoch().count()});
  writer.Add(std::uint64_t{attached_.size()});
  for (const bool attached : attached_) writer.Add(attached);
  writer.Add(std::string_view(rest));
  return writer.Take();
}

Result<void> Network::Load(std::string_view saved) {
  assert(attached_.empty());
  if (!traits().can_save) return Cannot(traits(), "loaded");
  ByteReader reader(saved);
  if (const std::string_view format = reader.Text();
      format != std::string(kFormat) + std::string(traits().name))
    return BadFile("the saved network is none of '" + std::string(traits().name) + "'", {});
  now_ = SimTime(Duration(reader.Signed()));
  legs_until_ = SimTime(Duration(reader.Signed()));
  reader.Require(now_ >= SimTime{} && legs_until_ >= SimTime{});
  attached_.resize(reader.Count(8));
  for (auto attached : attached_) attached = reader.Flag();
  const std::string_view rest = reader.Text();
  if (!reader.AtEnd()) return NotWhatWasSaved();
  return DoLoad(rest);
}

}  // namespace delstep
