#pragma once
/// What has happened, in the past tense. Log, console, run directory and every later front end read
/// the same events; nothing inside the simulation prints.
///
/// A command makes events; Simulation::Observe() hands each to the observers at once, in the order
/// in which things happened. So an observer that only adds them up knows at any moment what the run
/// knows: who trained how often, what is in flight, whose links are down. A command that is refused
/// makes none. Events are values: they may be kept, and refer to nothing. Threads: all events come
/// on the thread of the command, one after the other.
///
/// A message makes exactly three events, always in this order and with the same Message in each:
///
///   Queued      a command asked for it (send, exchange, flood, gossip, group share)
///   Sent        a network step put it on the wire
///   Delivered   it reached the inbox; or Lost, with a reason
///
/// An observer that counts the lost messages of one node:
///
///   std::size_t lost = 0;
///   simulation.Observe([&](const Event& event) {
///     if (const auto* message = std::get_if<Lost>(&event.what))
///       if (message->message.to == node) ++lost;
///   });
///
/// Which command makes which events, in this order:
///
///   train                one TrainingStarted per node, then one Trained per node
///   ag                   one Aggregated per node
///   step                 TrainingStarted and Trained of the nodes that train, then Aggregated of
///                        the others
///   test                 one Evaluated per node
///   send, flood, ...     one Queued per message
///   nstep                Sent (and Lost at once, if the receiver has left) per message; then
///                        Delivered of the messages that had waited; then Delivered and Lost of
///                        this step, by the time at which each message ended
///   link A B ...         LinkChanged per direction, then Lost
///   node down            NodeWentDown, then Lost
///   undo, goto, ...      Restored, then WentTo
///   node remove          Lost (after Sent, if it was still queued), GroupLeft, then NodeRemoved
///
/// Units: losses in nats, times in simulated nanoseconds since the start of the run, sizes in
/// bytes. The JSON of each event is described in docs/reference/events.md. To add one: a struct, a
/// place in Happening, its JSON in src/recording/event_json.cc, a line in that page.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "delstep/network.h"
#include "delstep/types.h"

namespace delstep {

/// Which examples a test used. A held-out example that several nodes hold counts once (`global`,
/// `group`), so results of equal scopes can be compared between nodes. Results of different scopes
/// cannot: a model that has learnt only its own node's classes does well in `local` and badly in
/// `global`. No scope contains an example that any node trains on.
struct EvaluationScope {
  enum class Kind : std::uint8_t {
    kGeneral,  ///< the official test part of the data set; where it has none, as kGlobal
    kLocal,    ///< what the node itself holds out
    kGlobal,   ///< what all present nodes together hold out
    kGroup,    ///< what the members of a group together hold out
    kSample,   ///< a few examples of kGeneral, drawn by the seed: the same ones all through a run
  };
  Kind kind = Kind::kGeneral;
  std::string group{};       ///< kGroup only
  std::uint64_t sample = 0;  ///< kSample only: how many examples
  friend bool operator==(const EvaluationScope&, const EvaluationScope&) = default;
};
/// "general", "local", "global", "group g1", "sample 100": as in the log.
std::string Name(const EvaluationScope& scope);

// ---- Learning.

/// A node begins to train on its own data (`train`, `step`): what it is about to do. A node without
/// data makes none. A Trained follows if the training succeeds. After one that failed or was
/// stopped none follows, and the node's model is as before.
///
/// Nodes of one command begin together, 256 at a time: all their TrainingStarted come before the
/// first Trained of these.
struct TrainingStarted {
  NodeId node{};
  std::uint64_t samples = 0;     ///< size of its training part
  int epochs = 0;                ///< passes over it; 0 where training.local_steps counts
  std::int64_t local_steps = 0;  ///< mini-batches asked for; 0 where epochs count
  double learning_rate = 0;      ///< what the schedule gives
};
/// A node has trained on its own data, and its new model is in force (`train`, `step`). One event
/// per node, also if other nodes of the same command failed. A node without data, or whose training
/// failed, makes none.
///
/// The loss is that of the batches as they came, each before its step. So it is usually higher than
/// that of the new model on the same examples. In metrics.csv it is `train_loss`. The learning rate
/// is the same for the whole training: a schedule changes it between two trainings of a node.
struct Trained {
  NodeId node{};
  std::uint64_t samples = 0;  ///< size of its training part
  int epochs = 0;             ///< 0 where training.local_steps counted
  std::int64_t steps = 0;     ///< mini-batches
  double loss = 0;            ///< mean over the last epoch, with dropout, in nats
  double learning_rate = 0;   ///< what the schedule gave
};
/// A node has emptied its inbox into its guestbook, and its model is what the rule makes of its own
/// model and those it has received (`aggregate`, `step`). One event per node that aggregated, also
/// where there was nothing to average: each aggregation brings the guestbook's records nearer to
/// their expiry.
///
/// With a rate between 0 and 1 the new model is (1 - rate) * own + rate * result of the rule.
/// `peers` are those that the rule was shown; a rule may give one of them the weight 0 (krum
/// selects a single model). `weights` and `messages` say of each what it counted and how it came.
/// The rate is in the weights: they and `own_weight` sum to 1. Where messages carry changes of
/// models (aggregation.share), the weights are those of the changes. The optimizer's state stays as
/// it is.
struct Aggregated {
  NodeId node{};
  std::vector<NodeId> peers;  ///< whose models were used besides its own, ascending
  double rate = 1;            ///< communal learning rate: 0 keeps the model, 1 takes the average
  bool changed = false;       ///< false: no model but its own to average
  double own_weight = 1;      ///< of its own model
  /// One for each of `peers`. Empty where the rule gives no weights (median): then `own_weight`
  /// says nothing either.
  std::vector<double> weights{};
  /// One for each of `peers`: the message that brought the model, now or in an earlier aggregation.
  std::vector<MessageId> messages{};
};
/// A node's model was tested (`test`). Nothing has changed. Also for a result that was known from
/// an earlier test of the same model on the same examples, and was not computed again.
///
/// In metrics.csv these are `test_loss` and `test_acc`, for other scopes than `general` with the
/// scope after a colon: `test_acc:local`. In the scope `local` a node that holds nothing out is
/// left out and makes no event.
struct Evaluated {
  NodeId node{};
  EvaluationScope scope;
  std::int64_t examples = 0;
  double loss = 0, accuracy = 0;  ///< mean over the examples, in nats; share of them, in [0, 1]
};

// ---- Messages. All four events of a message carry the same Message: who, to whom, how many bytes.
// The model itself is not in an event. The size is final when the message is queued, compression
// included.

/// A snapshot of the sender's model waits in its outbox. What the sender learns from now on is not
/// in it. No simulated time passes, and the network knows nothing of the message yet.
struct Queued {
  Message message;
};
/// Put on the wire, at the event's `at`: from now on its bytes count as sent, whether it arrives or
/// not. A message whose sender is down stays in the outbox until it is up again. Messages that wait
/// in the outbox of a node that is removed are Sent and Lost at once. One that is dropped while it
/// waits in an outbox is never Sent: nothing more is heard of it.
struct Sent {
  Message message;
};
/// Moved to the receiver's inbox, where the next aggregation finds it. It arrived at `arrived`,
/// which is before the event's `at` if the network step went on after the arrival, or if the
/// receiver took no part in that step and the message waited for a later one. Its latency is
/// arrived - sent: waiting for the link (bandwidth) and travelling. What is delivered by hand
/// (`deliver`) arrives at the event's `at`.
struct Delivered {
  Message message;
  SimTime sent{}, arrived{};
};
/// Will not be delivered. `at`: when it would have arrived, or when the link or an end went away.
/// Neither the sender nor the receiver is told: decentralized learning has to live with it. A lost
/// message was always sent before, so at any moment sent = delivered + lost + in flight. A message
/// that was Delivered is Lost only as LossReason::kDropped, if somebody took it out of an inbox: it
/// counts as lost from then on, and no longer as delivered (its latency stays in the figures).
struct Lost {
  Message message;
  SimTime sent{}, at{};
  LossReason reason{};
};

// ---- The network. These events tell what changed. What follows from the change, such as messages
// that are lost by it, comes as events of its own in the same command.
/// A node joined (`node add`), up and with an initial model. Its links come with it and make no
/// LinkChanged. The nodes that a run begins with are not told to observers; a run directory lists
/// them in the same form.
struct NodeAdded {
  NodeId node{};
  std::string address, name;   ///< name: may be empty
  std::uint64_t samples = 0;   ///< training and held-out part together
  std::optional<NodeId> like;  ///< the node whose data and links it got
};
/// A node left for good. Just before, its messages were lost (LossReason::kDetached) and it left
/// its groups (GroupLeft). Its links go with it and make no LinkChanged. Its number and address are
/// never used again, and its records in the guestbooks of others stay until they expire.
struct NodeRemoved {
  NodeId node{};
};
/// A node failed or went offline (`node down`, or by churn.* or a trace). It keeps what it has
/// learnt. The messages it loses follow as Lost.
struct NodeWentDown {
  NodeId node{};
  bool planned = false;  ///< by churn or a trace; false: by hand
};
/// It is back (`node up`), with the model, guestbook and outbox that it had. What would have
/// reached it in the meantime is lost.
struct NodeCameUp {
  NodeId node{};
  bool planned = false;  ///< as NodeWentDown
};
/// Two nodes are in contact from now on: neighbours, by radio range or a file of contacts. a < b.
/// Of the contacts that a run begins with there is no event.
struct ContactBegan {
  NodeId a{}, b{};
};
/// They are neighbours no more. The messages on the way between them follow as Lost.
struct ContactEnded {
  NodeId a{}, b{};
  SimTime began{};
};
/// A node was put elsewhere (`move`). Contacts that change by it follow.
struct NodeMoved {
  NodeId node{};
  double x = 0, y = 0;  ///< metres
};
/// Every link without properties of its own is now like this (`link P`, `set network.*`), those
/// made later included. Messages on the way keep the arrival they have. `link P` also sets the loss
/// of links with properties of their own, without further events.
struct DefaultLinkChanged {
  LinkProperties link;
};
/// One direction of one link is now like this (`link A B ...`), with all its properties, changed or
/// not. A change of both directions makes two events. If the link went down, the messages on it
/// follow as Lost.
struct LinkChanged {
  NodeId from{}, to{};
  LinkProperties link;
  bool made = false;  ///< they were no neighbours before
};

// ---- What nodes do by themselves, and what is planned.

/// A node takes its turn (behaviour.name). What it does follows.
struct TurnTaken {
  NodeId node{};
  std::string behaviour;
  std::uint64_t turn = 0;  ///< from 1; turns that were skipped count
};
/// What a node sends from now on instead of its model (`attack`).
struct AttackChanged {
  NodeId node{};
  std::string attack;  ///< "sign-flip", "noise 0.5", "off"
};
/// A command is planned (`at`, `every`).
struct PlanMade {
  std::uint64_t plan = 0;
  SimTime at{};                   ///< when it runs next
  std::optional<Duration> every;  ///< nothing: once
  std::string command;
};
/// It is forgotten (`schedule delete`).
struct PlanDeleted {
  std::uint64_t plan = 0;
};

// ---- Groups, settings and the run. None of these changes a model. They are events so that a
// record of a run can be read without knowing its script.
/// The communal learning rate of a node was set (`lrate`). `set aggregation.rate` sets that of all
/// nodes too, and makes a ConfigChanged alone.
struct RateChanged {
  NodeId node{};
  double rate = 1;  ///< in [0, 1]
};
/// A group begins without members (`group create`). A group of the same name is emptied, and its
/// members make no GroupLeft.
struct GroupCreated {
  std::string group;
  bool emptied = false;  ///< it existed
};
/// A group is gone (`group delete`). Its members make no GroupLeft, and stay as they are.
struct GroupDeleted {
  std::string group;
};
/// A node that was no member has become one (`group add`).
struct GroupJoined {
  std::string group;
  NodeId node{};
};
/// A member has left: asked for (`group remove`), or because the node was removed from the network.
struct GroupLeft {
  std::string group;
  NodeId node{};
};
/// A new cycle began (`cycle`). A cycle is a label of events and results, such as the round of a
/// script. This event itself still belongs to the cycle before.
struct CycleAdvanced {
  std::uint64_t cycle = 0;  ///< the new number
};
/// A value changed by `set`: for all nodes, or for some if there are `nodes`. Key and value are as
/// the user wrote them. Where network.loss, network.latency or network.bandwidth changes the
/// default link, a DefaultLinkChanged comes just before.
struct ConfigChanged {
  std::string key, value;
  std::vector<NodeId> nodes{};
};

/// What `labels` does to the training part of a node: a study of nodes whose labels are wrong. What
/// a node holds out keeps its labels, so tests stay honest.
struct LabelChange {
  enum class Kind : std::uint8_t {
    kNoise,    ///< with `probability` each label becomes another one, all equally likely
    kFlip,     ///< `from` becomes `to`
    kFlipAll,  ///< y becomes classes - 1 - y
    kRestore,  ///< as the data set has them
  };
  Kind kind = Kind::kRestore;
  double probability = 0;         ///< kNoise only, in [0, 1]
  std::int32_t from = 0, to = 0;  ///< kFlip only, classes
};
/// "noise 0.2", "flip 1 7", "flip all", "restore".
std::string Name(const LabelChange& change);
/// Labels of a node's training part were changed (`labels`). Changes add up: noise comes on top of
/// earlier noise, until `labels ... restore`.
struct LabelsChanged {
  NodeId node{};
  LabelChange change;
  std::uint64_t changed = 0;  ///< of its training part that are not now as the data set has them
};
/// A node's model was replaced by that of a file (`import`), or by numbers that a program gave
/// (Simulation::SetModel). Its optimizer state stays.
struct ModelImported {
  NodeId node{};
  std::string file;           ///< empty: by numbers
  std::uint64_t tensors = 0;  ///< of the model: parameters and float buffers
};
/// The run has gone to another moment of itself, or what a failed command has done was taken back:
/// everything is as it was then. The event's `at` and cycle are those of that moment. Observers
/// that add things up must take what they know from the simulation anew.
struct Restored {};

// ---- Moments. These come from the console and reach the run directory, as CommandDone does. A
// number is given once: what is undone and done again in another way has other numbers.

/// A command that changed the world has ended in this moment; also where it was done again after
/// `undo`, and has led to the moment that it had led to before.
struct MomentMade {
  std::uint64_t moment = 0;
  std::uint64_t parent = 0;  ///< the moment in which the command began
  std::string branch;
};
/// The run has gone to another moment (`undo`, `redo`, `goto`, `switch`, `reset`): all of its state
/// is as it was then. The event's `at` is the clock of that moment.
struct WentTo {
  std::uint64_t moment = 0;
  std::uint64_t from = 0;  ///< the moment that was left
  std::string branch;      ///< the present one from now on
};
/// A moment has a name (`mark`). The name may have stood at another one before.
struct MarkSet {
  std::string mark;
  std::uint64_t moment = 0;
};
/// A branch begins (`branch`, or another command than before after `undo`), and is the present one.
struct BranchMade {
  std::string branch;
  std::uint64_t moment = 0;  ///< at which it begins
};
/// A branch is forgotten (`branch delete`), with the moments that nothing else leads to.
struct BranchDeleted {
  std::string branch;
};
/// A command has ended; the last event of each command. It comes from the console and reaches the
/// run directory; observers of a Simulation never see it. A command that failed may have made
/// events before, such as Trained of the nodes that were done: they stand.
struct CommandDone {
  std::string text;     ///< the command as it was run
  int code = 0;         ///< 0, or the ErrorCode
  std::string message;  ///< of the error
};

/// One thing that happened. `std::visit` over it with one overload per type, and the compiler says
/// what was forgotten when a type is added.
using Happening =
    std::variant<TrainingStarted, Trained, Aggregated, Evaluated, Queued, Sent, Delivered, Lost,
                 NodeAdded, NodeRemoved, NodeWentDown, NodeCameUp, ContactBegan, ContactEnded,
                 NodeMoved, TurnTaken, AttackChanged, PlanMade, PlanDeleted, DefaultLinkChanged,
                 LinkChanged, RateChanged, GroupCreated, GroupDeleted, GroupJoined, GroupLeft,
                 CycleAdvanced, ConfigChanged, LabelsChanged, ModelImported, Restored, MomentMade,
                 WentTo, MarkSet, BranchMade, BranchDeleted, CommandDone>;

/// What happened, and when. Within a network step the clock jumps once. What is sent carries the
/// clock before the step; what arrived or was lost on the way carries the clock after it, and its
/// own time within.
struct Event {
  SimTime at{};  ///< the clock when it was noticed (a Lost or Delivered has its own time too)
  std::uint64_t cycle = 0;  ///< the cycle in which the command began
  Happening what;
};

}  // namespace delstep
