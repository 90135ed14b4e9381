#include "core/acts/node_host.h"

#include <algorithm>
#include <cassert>

#include "core/acts/aggregate.h"
#include "core/acts/behave.h"
#include "core/acts/learning.h"
#include "core/acts/network_step.h"
#include "core/acts/queue_messages.h"
#include "core/acts/training_time.h"

namespace delstep {

void NodeHost::Keep(Result<void> result) {
  if (result_ && !result) result_ = std::move(result);
}

// A copy: the inbox may change while the behaviour looks at it.
ReceivedMessage NodeHost::Describe(const ModelMessage& message) {
  return {.id = message.header.id,
          .from = message.header.from,
          .tag = message.tag,
          .has_model = !message.model.row.empty(),
          .examples = message.model.samples,
          .sent = message.sent,
          .arrived = message.arrived};
}

// What a behaviour does wrong is a bug of that behaviour, and asserted; what the world refuses is
// kept and ends the call, as a callback has nobody to return an error to.

bool NodeHost::IsPartner(NodeId neighbour) const {
  const Node& other = run_.world.at(neighbour);
  return other.up && node().HasNeighbour(neighbour) && IsSameBehaviour(run_, other, node());
}

// Gathered anew in each call of it: who is present may change between two.
std::span<const NodeId> NodeHost::everybody() const {
  everybody_.clear();
  for (const NodeId other : run_.world.Present())
    if (IsSameBehaviour(run_, run_.world.at(other), node())) everybody_.push_back(other);
  return everybody_;
}

std::vector<ReceivedMessage> NodeHost::inbox() const {
  std::vector<ReceivedMessage> messages;
  for (const ModelMessage& message : *node().inbox) messages.push_back(Describe(message));
  return messages;
}

std::optional<SimTime> NodeHost::LastSent(NodeId peer) const {
  const auto& last_sent = *node().behaviour.last_sent;
  const auto last = last_sent.find(peer);
  return last == last_sent.end() ? std::nullopt : std::optional(last->second);
}

Random NodeHost::Draw() {
  return Random(MakeKey(run_.engine.scenario->seed, Purpose::kBehaviour, 1 + Index(id_),
                        Change().behaviour.draws++));
}

// Node i has the streams of 1 + i.
Random NodeHost::DrawShared(std::uint64_t round) const {
  return Random(MakeKey(run_.engine.scenario->seed, Purpose::kBehaviour, 0, round));
}

// The training itself is computed later, together with those of others.
bool NodeHost::Train(double scale) {
  if (busy() || node().training->empty()) return false;
  auto lasts = TrainingTime(run_, id_);
  if (!lasts) {
    Keep(std::move(lasts).error());
    return false;
  }
  BeginTraining(run_, id_, scale, *lasts, TrainingNews::kNone);
  return true;
}

void NodeHost::Queue(NodeId to, const MessageTag& tag, const Outgoing& outgoing) {
  assert(node().HasNeighbour(to));
  QueueFor(run_, id_, to, outgoing, tag);
}

// Made once for all receivers of one call: compression must count a model that goes to many as one.
void NodeHost::Send(NodeId to, const MessageTag& tag) {
  if (!result_) return;
  if (!outgoing_) {
    auto made = MakeOutgoing(run_, {&id_, 1});
    if (!made) return Keep(std::move(made).error());
    outgoing_ = std::move(made->front());
  }
  Queue(to, tag, *outgoing_);
  if (run_.engine.scenario->behaviour.min_gap > Duration(0))
    Change().behaviour.last_sent.Write()[to] = now();
}

void NodeHost::SendHeader(NodeId to, const MessageTag& tag) {
  if (!result_) return;
  Queue(to, tag, HeaderAlone(run_, id_));
}

void NodeHost::Merge(double own, std::span<const MergeTerm> terms) {
  assert(!busy());
  if (!result_) return;
  outgoing_.reset();
  Keep(MergeInbox(run_, id_, own, terms));
}

void NodeHost::Aggregate() {
  assert(!busy());
  if (!result_) return;
  outgoing_.reset();
  auto done = delstep::Aggregate(run_, {&id_, 1});
  if (!done) Keep(std::move(done).error());
}

// It counts as delivered all the same: it has arrived, and nobody has wanted it.
void NodeHost::Discard(MessageId message) {
  std::erase_if(Change().inbox.Write(),
                [&](const ModelMessage& in) { return in.header.id == message; });
}

}  // namespace delstep
