#include "core/acts/network_step.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "core/acts/message_outcomes.h"
#include "core/acts/pass_time.h"

namespace delstep {
namespace {

/// Sends a message of the outbox, and says whether it is on the way now or lost. What the network
/// refuses (an arrival beyond the end of simulated time) is lost as expired, so that it does not
/// block what is queued after it. An error: the network has failed, and the message stays.
Result<Parcels::Fate> PutOnWire(Run& run, const Message& header, NetworkReport& report) {
  World& world = run.world;
  std::optional<LossReason> lost;
  if (!world.network->IsAttached(header.to)) {
    // It left after the message was queued; the network does not know it any more.
    lost = LossReason::kDetached;
  } else if (auto sent = world.network.Write()->Send(header); !sent) {
    if (sent.error().code != ErrorCode::kRefused) return std::move(sent).error();
    lost = LossReason::kExpired;
  }
  ++report.sent;
  NoteSent(run, header);
  MailCount& of_sender = world.mail.Write(header.from);
  --of_sender.outbox;
  if (lost) {
    ++report.lost;
    NoteLost(run, header, world.now, world.now, *lost);
    return Parcels::Fate::kGoes;
  }
  ++of_sender.in_flight_from;
  ++world.mail.Write(header.to).in_flight_to;
  return Parcels::Fate::kMoves;
}

/// Transmits the queued messages of the nodes that `sends` chooses, in the order of queueing. On an
/// error what was not sent stays queued.
Result<std::vector<MessageId>> Transmit(Run& run, const NodePredicate& sends,
                                        NetworkReport& report) {
  World& world = run.world;
  std::vector<MessageId> sent;
  // What is not touched stays shared with the moments before.
  if (world.outbox->empty()) return sent;
  sent.reserve(world.outbox->size());
  std::optional<NodeId> sender;
  std::optional<Error> failed;
  // A step that fails here loses no message: what was not sent is where it was.
  world.outbox.Write().Sort(
      [&](const ModelMessage& message) -> std::optional<Parcels::Fate> {
        const Message& header = message.header;
        if (!sends(header.from)) return Parcels::Fate::kStays;
        if (sender != header.from) {
          sender = header.from;
          const std::size_t receivers = world.at(*sender).neighbours->size();
          world.traffic.links.Expect(
              *sender, std::min<std::size_t>(world.mail.Of(*sender).outbox, receivers));
        }
        Result<Parcels::Fate> fate = PutOnWire(run, header, report);
        if (!fate) {
          failed = std::move(fate).error();
          return std::nullopt;
        }
        sent.push_back(header.id);
        return *fate;
      },
      world.in_flight, world.now);
  if (failed) return *std::move(failed);
  return sent;
}

/// In a world where more than messages happens, time passes happening by happening. `waits`: what
/// the step lasts for, if it has no duration.
Result<void> PassLively(Run& run, std::optional<Duration> length, const NodePredicate& receives,
                        const std::function<bool()>& waits, NetworkReport& report,
                        std::stop_token stop) {
  const Passing passing{.acting = false, .receives = &receives, .report = &report};
  const SimTime end = length ? run.world.now + *length : SimTime::max();
  bool more = true;
  while (more && (length || waits())) {
    DELSTEP_ASSIGN(more, HandleNextOrPlan(run, end, passing, stop));
    // A planned command that is due with the last message still runs in the step.
    if (!length && !waits()) DELSTEP_TRY(RunPlansOfNow(run, passing, stop));
  }
  return {};
}

/// Whether one of the messages that a step of some nodes waits for is still on the way.
class Awaited {
 public:
  Awaited(const World& world, std::vector<MessageId> messages)
      : world_(world), messages_(std::move(messages)) {}
  bool operator()() {
    // A message that has ended never comes back, so none is looked for twice.
    while (next_ < messages_.size() && !world_.in_flight.Find(messages_[next_])) ++next_;
    return next_ < messages_.size();
  }

 private:
  const World& world_;
  std::vector<MessageId> messages_;
  std::size_t next_ = 0;
};

/// Planned commands that run in the step count in its report.
class Reporting {
 public:
  Reporting(Run& run, NetworkReport& report) : run_(run) { run.step_report = &report; }
  ~Reporting() { run_.step_report = nullptr; }
  Reporting(const Reporting&) = delete;
  Reporting& operator=(const Reporting&) = delete;

 private:
  Run& run_;
};

/// How long a step lasts; nothing: until the messages have ended.
Result<std::optional<Duration>> StepLength(const Run& run, std::optional<Duration> asked) {
  const std::optional<Duration> length = asked ? asked : run.engine.scenario->network.step;
  if (length && *length > SimTime::max() - run.world.now)
    return Refused("simulated time would pass its end, 292 years");
  return length;
}

/// Lets time pass by the duration, or until `until` have ended; without either until nothing is in
/// flight.
Result<Passage> LetTimePass(Run& run, std::optional<Duration> duration,
                            std::span<const MessageId> until) {
  if (!duration) return run.world.network.Write()->Drain(until);
  return run.world.network.Write()->AdvanceTo(run.world.now + *duration);
}

/// What the report says of the state after the step. Messages that wait count as in flight: their
/// receivers do not have them yet.
void EndStep(Run& run, NetworkReport& report) {
  // Turns that fell due meanwhile do not come, and behaviours learn later of what has arrived.
  run.agenda.Forget();
  SkipTurns(run);
  report.after = run.world.now;
  report.in_flight = run.world.in_flight.size() + run.world.waiting;
  report.waiting = run.world.waiting;
}

}  // namespace

// A full step: everybody that is up sends, and everybody receives.
Result<NetworkReport> NetworkStep(Run& run, std::optional<Duration> duration,
                                  std::stop_token stop) {
  World& world = run.world;
  if (const Error* gone = world.network->failure()) return *gone;
  NetworkReport report;
  const Reporting reporting(run, report);
  report.before = world.now;
  DELSTEP_ASSIGN(const std::optional<Duration> length, StepLength(run, duration));
  // Also what a step that was interrupted has left.
  DELSTEP_TRY(FinishArrivals(run, &report));
  const auto is_up = [&](NodeId node) { return world.at(node).up; };
  DELSTEP_TRY(Transmit(run, is_up, report));
  const NodePredicate everybody = [](NodeId) { return true; };
  // What has waited arrived in an earlier step, so it comes into the inbox before this step's.
  const auto deliver_waiting = [&] {
    for (const Node& node : world.nodes) DeliverWaiting(run, node.id, report);
  };
  if (IsAlive(run)) {
    deliver_waiting();
    const auto on_the_way = [&] { return world.in_flight.size() > 0; };
    DELSTEP_TRY(PassLively(run, length, everybody, on_the_way, report, stop));
  } else {
    DELSTEP_ASSIGN(const Passage passage, LetTimePass(run, length, {}));
    world.now = world.network->now();
    deliver_waiting();
    HandleOutcomes(run, passage, everybody, report);
  }
  EndStep(run, report);
  return report;
}

Result<NetworkReport> NetworkStep(Run& run, std::span<const NodeId> nodes,
                                  std::optional<Duration> duration, std::stop_token stop) {
  World& world = run.world;
  if (const Error* gone = world.network->failure()) return *gone;
  // A bit per node: asked for every message, so a search in the list would be quadratic.
  std::vector<bool> chosen(world.nodes.size());
  for (const NodeId node : nodes) chosen[Index(node)] = true;
  const auto is_chosen = [&](NodeId node) -> bool { return chosen[Index(node)]; };
  NetworkReport report;
  const Reporting reporting(run, report);
  report.before = world.now;
  DELSTEP_ASSIGN(const std::optional<Duration> length, StepLength(run, duration));
  // Also what a step that was interrupted has left.
  DELSTEP_TRY(FinishArrivals(run, &report));
  // The step ends with the messages that it sends and those on the way to its nodes.
  DELSTEP_ASSIGN(std::vector<MessageId> until, Transmit(run, is_chosen, report));
  world.in_flight.ForEach([&](const ModelMessage& message) {
    if (is_chosen(message.header.to)) until.push_back(message.header.id);
  });

  if (IsAlive(run)) {
    for (const NodeId node : nodes) DeliverWaiting(run, node, report);
    Awaited on_the_way(world, std::move(until));
    DELSTEP_TRY(PassLively(run, length, is_chosen, std::ref(on_the_way), report, stop));
  } else {
    Passage passage;
    // No message to wait for would mean all of them to Drain().
    if (length || !until.empty()) {
      std::ranges::sort(until);
      DELSTEP_ASSIGN(passage, LetTimePass(run, length, until));
      world.now = world.network->now();
    }
    for (const NodeId node : nodes) DeliverWaiting(run, node, report);
    HandleOutcomes(run, passage, is_chosen, report);
  }
  EndStep(run, report);
  return report;
}

// What a sender that is down has queued stays, and goes when it is up again.
Result<void> TransmitAll(Run& run, NetworkReport& report) {
  if (run.world.outbox->empty()) return {};
  DELSTEP_TRY(CatchUp(run));
  DELSTEP_TRY(Transmit(
      run, [&](NodeId node) { return run.world.at(node).up; }, report));
  return {};
}

}  // namespace delstep
