#include "behaviour/rounds.h"

#include <algorithm>
#include <iterator>

#include "behaviour/partners.h"

namespace delstep {
namespace {

// Places in the memory.
constexpr std::size_t kRoundsDone = 0;
constexpr std::size_t kPhase = 1;     // one of the three below
constexpr std::size_t kTurnsDue = 2;  // 1: a turn has come that has not begun a round yet
constexpr std::size_t kDeadline = 3;  // when waiting ends, in nanoseconds; used with a timeout
constexpr std::size_t kMissing = 4;   // at least so many of those awaited have not been heard

constexpr double kIdle = 0, kTraining = 1, kWaiting = 2;

double Nanoseconds(SimTime time) { return static_cast<double>(time.time_since_epoch().count()); }

/// "I am in a later round", said by a neighbour that has left this one.
bool TellsOfLater(const ReceivedMessage& message, std::uint64_t round) {
  return message.tag.kind == MessageTag::Kind::kReply && !message.has_model &&
         message.tag.number > round;
}
bool IsOfRound(const ReceivedMessage& message, std::uint64_t round) {
  return message.tag.kind == MessageTag::Kind::kModel && message.tag.number == round;
}

bool IsOfLater(const ReceivedMessage& message, std::uint64_t round) {
  return message.tag.kind == MessageTag::Kind::kModel && message.tag.number > round;
}

/// A node that waits for long may meet a peer again and again, and is told and sent the same anew
/// each time. Of this round the newest is enough, and of later rounds the last: the peer has left
/// the others, and so will this node.
void DropRepeats(Host& node, NodeId peer, std::uint64_t round) {
  const std::vector<ReceivedMessage> inbox = node.inbox();
  for (auto message = inbox.begin(); message != inbox.end(); ++message) {
    const auto replaces = [&](const ReceivedMessage& later) {
      return later.from == peer && later.tag.kind == message->tag.kind &&
             later.has_model >= message->has_model &&
             (message->tag.number == round ? later.tag.number == round
                                           : later.tag.number >= message->tag.number);
    };
    if (message->from == peer && std::any_of(message + 1, inbox.end(), replaces))
      node.Discard(message->id);
  }
}

}  // namespace

std::uint64_t Rounds::RoundOf(Host& node) {
  return static_cast<std::uint64_t>(node.memory()[kRoundsDone]) + 1;
}

bool Rounds::IsWaiting(Host& node) { return node.memory()[kPhase] == kWaiting; }

void Rounds::OnTurn(Host& node) const {
  // Turns come to nodes that do not train: so a training that has not ended was lost
  // (compute.offline), and the round begins anew.
  if (node.memory()[kPhase] == kTraining) node.memory()[kPhase] = kIdle;
  const bool waits_since_a_turn = IsWaiting(node) && node.memory()[kTurnsDue] == 1;
  node.memory()[kTurnsDue] = 1;
  // Also what came in an `nstep`.
  SortInbox(node);
  if (waits_since_a_turn && asks())
    for (const NodeId peer : Missing(node))
      node.SendHeader(peer, {.kind = MessageTag::Kind::kRequest, .number = RoundOf(node)});
  Advance(node);
}

void Rounds::OnReceive(Host& node, const ReceivedMessage& message) const {
  const std::uint64_t round = RoundOf(node);
  if (TellsOfLater(message, round)) DropRepeats(node, message.from, round);
  if (IsOfRound(message, round) || TellsOfLater(message, round)) {
    // To look through the inbox at every message would take the square of their number. One message
    // is at most one of those missing.
    node.memory()[kMissing] -= 1;
    if (node.memory()[kMissing] <= 0) Advance(node);
  } else if (!IsOfLater(message, round)) {
    SortInbox(node);
  }
}

void Rounds::OnTrained(Host& node) const {
  Trained(node);
  SortInbox(node);
  Advance(node);
}

void Rounds::OnMeet(Host& node, NodeId peer) const {
  if (!node.IsPartner(peer)) return;
  DropRepeats(node, peer, RoundOf(node));
  // It may have missed rounds, or what was sent in this one.
  node.SendHeader(peer, {.kind = MessageTag::Kind::kReply, .number = RoundOf(node)});
  if (IsWaiting(node)) SendLate(node, RoundOf(node), peer);
}

void Rounds::OnPart(Host& node, NodeId) const { Advance(node); }
void Rounds::OnWake(Host& node) const { Advance(node); }

void Rounds::Advance(Host& node) const {
  // A node that trains cannot merge; OnTrained comes.
  while (!node.busy()) {
    if (IsWaiting(node)) {
      if (!IsOver(node)) return;
      Finish(node);
    }
    if (node.memory()[kPhase] != kIdle || node.memory()[kTurnsDue] == 0) return;
    Begin(node);
  }
}

void Rounds::Begin(Host& node) const {
  node.memory()[kTurnsDue] = 0;
  GoTo(node, Following(node, RoundOf(node)));
  node.memory()[kPhase] = kTraining;
  // A node without data takes part all the same: it passes on what others have learned.
  if (!node.Train()) Trained(node);
}

void Rounds::Trained(Host& node) const {
  node.memory()[kPhase] = kWaiting;
  SendRound(node, RoundOf(node));
  if (!timeout_) return;
  // An alarm that falls into an `nstep` does not come: the next turn looks at the deadline.
  const SimTime deadline =
      SimTime::max() - node.now() > *timeout_ ? node.now() + *timeout_ : SimTime::max();
  node.memory()[kDeadline] = Nanoseconds(deadline);
  node.Wake(deadline);
}

bool Rounds::IsOver(Host& node) const {
  if (timeout_ && Nanoseconds(node.now()) >= node.memory()[kDeadline]) return true;
  const std::size_t missing = Missing(node).size();
  node.memory()[kMissing] = static_cast<double>(missing);
  return missing == 0;
}

std::vector<NodeId> Rounds::Missing(Host& node) const {
  const std::uint64_t round = RoundOf(node);
  const std::vector<NodeId> awaited = Awaited(node, round);
  std::vector<NodeId> heard, missing;
  for (const ReceivedMessage& message : node.inbox())
    if (IsOfRound(message, round) || TellsOfLater(message, round)) heard.push_back(message.from);
  std::ranges::sort(heard);
  std::ranges::set_difference(awaited, heard, std::back_inserter(missing));
  return missing;
}

void Rounds::Finish(Host& node) const {
  const std::uint64_t round = RoundOf(node);
  std::vector<ReceivedMessage> models;
  for (const ReceivedMessage& message : node.inbox())
    if (IsOfRound(message, round) && message.has_model) models.push_back(message);
  // Of one sender the newest, as with `ag`: a stable sort keeps the order of arrival, and the last
  // of each sender is kept.
  std::ranges::stable_sort(models, {}, &ReceivedMessage::from);
  std::vector<ReceivedMessage> newest;
  for (const ReceivedMessage& model : models)
    if (!newest.empty() && newest.back().from == model.from)
      newest.back() = model;
    else
      newest.push_back(model);
  if (!newest.empty()) Mix(node, newest);
  node.memory()[kPhase] = kIdle;
  if (timeout_) node.Wake({});
  GoTo(node, Following(node, round + 1));
}

std::uint64_t Rounds::Following(Host& node, std::uint64_t least) {
  std::uint64_t round = least;
  for (const ReceivedMessage& message : node.inbox())
    if (TellsOfLater(message, round)) round = message.tag.number;
  return round;
}

void Rounds::GoTo(Host& node, std::uint64_t round) {
  node.memory()[kRoundsDone] = static_cast<double>(round - 1);
  // What is left of rounds that are over or skipped, without a word to the senders: they know.
  for (const ReceivedMessage& message : node.inbox())
    if (message.tag.number < round || (message.tag.number == round && !IsOfRound(message, round)))
      node.Discard(message.id);
}

void Rounds::SortInbox(Host& node) const {
  const std::uint64_t round = RoundOf(node);
  std::vector<NodeId> told;
  for (const ReceivedMessage& message : node.inbox()) {
    const bool answers = Reaches(node, message.from);
    if (message.tag.number < round) {
      // Its sender is behind. Once is enough: while this node trained, many may have come.
      if (answers && std::ranges::find(told, message.from) == told.end()) {
        node.SendHeader(message.from, {.kind = MessageTag::Kind::kReply, .number = round});
        told.push_back(message.from);
      }
    } else if (message.tag.kind == MessageTag::Kind::kRequest) {
      // Before this node has sent its round, the answer comes with that.
      if (answers && message.tag.number == round && IsWaiting(node))
        SendLate(node, round, message.from);
    } else if (message.tag.kind == MessageTag::Kind::kModel || TellsOfLater(message, round)) {
      continue;  // it is for this round, or for a later one
    }
    node.Discard(message.id);
  }
}

}  // namespace delstep
