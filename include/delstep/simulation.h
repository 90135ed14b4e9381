#pragma once
/// Drives a run: everything a person, a script or a page can do with a network of learning nodes,
/// and everything they can look at. Front ends know nothing else of the inside.
///
/// The step, in pseudo-code (longer in docs/internals/step.md). `now` is the simulated clock. Only
/// nstep moves it; everything else takes no simulated time. E is aggregation.expiry.
///
///   train(nodes)                                                                          at now
///     copy       copies[a] <- model row and state row of each node a
///     run        the learner trains copies[a], in any order, on any number of threads
///     commit     for each a, in the order given:
///                  done:    both rows of a <- copies[a]; trained(a) += 1; event Trained
///                  failed:  copies[a] are dropped, a is as before
///
///   queue(a -> b)  (send, exchange, flood, gossip, group share)                          at now
///                outbox += (new id, a, b, bytes, what a shares of its model now); event Queued
///
///   nstep [duration]                                                     from now to now' >= now
///     transmit   at now, for each message of the outbox whose sender is up, in order of queueing:
///                  network.Send(id, a, b, bytes); event Sent
///     pass       with a duration (or network.step): network.AdvanceTo(now' = now + duration)
///                otherwise: network.Drain(), and now' is when the last message in flight ends
///     deliver    at now': what waits at its receiver -> inbox; event Delivered
///                then each outcome, by (time, order of sending):
///                  arrived: inbox of b, event Delivered       lost: event Lost, with its reason
///
///   nstep(nodes) [duration]   the same, with three differences:
///     transmit   only messages that `nodes` send
///     pass       without a duration until these and all messages in flight to `nodes` have ended
///     deliver    what arrives for any other node waits there, until its own or a full nstep
///
///   aggregate(nodes)                                                                      at now
///     plan       for each a, changing nothing: met <- guestbook of a, then the messages of its
///                  inbox written over it, each with expiry E
///                  models <- a's own and those of `met` that the rule looks at
///                  rule: weights of the models, one of them, or one merged model
///     sum        the weighted sums of all nodes at once, into fresh rows
///     commit     for each a, in the order given:
///                  model row <- its sum; inbox <- empty
///                  guestbook <- met, each expiry 1 lower, records at 0 removed; event Aggregated
///
///   step(nodes)                                                                           at now
///     plan       as in aggregate, for the nodes with a message in the inbox
///     train      the other nodes, as in train; each expiry in their guestbooks 1 lower
///     commit     the plans, as in aggregate
///
/// What a failure leaves behind. A call that returns an Error has changed nothing, except for
///
///   train, step      that were stopped or failed half-way: the nodes that were done stay
///                    trained, as their Trained events say; the others are as before; nobody has
///                    aggregated
///   nstep            when the network fails (see network.h): what was put on the wire before stays
///                    there, with its Sent events; the rest stays in the outbox; `now` stays
///   ChangeLink(s),   when a network fails that cannot be copied (NetworkTraits::can_snapshot):
///   ResetLinks,      all that is seen here is as before, but the network itself may have taken a
///   SetDefaultLoss,  part of what it was asked for. All other networks are put back as they were
///   SetUp, Deliver,
///   RemoveNode
///   ChangeLink,      between two happenings of an instant in which messages end: what is left of
///   Drop, Deliver,   it happens first. Where that ends the contact, or the message, it stays done;
///   Reconfigure      so it does where the part refuses another churn
///   all that uses    when the network has gone (kUnavailable): what was on the way is lost
///   the network      (LossReason::kBackend), and nothing is sent before RestartNetwork()
///
/// The built-in network never fails. After such a failure the run can still be looked at, trained
/// and exported. If the network works again, the next nstep delivers what was left.
///
/// A round of gossip learning in a program of your own:
///
///   DELSTEP_ASSIGN(auto simulation, Simulation::Create(scenario, registry));
///   const std::vector<NodeId> nodes = simulation->Nodes();
///   DELSTEP_TRY(simulation->Train(nodes));
///   DELSTEP_TRY(simulation->Gossip(2, nodes));   // queues two messages per node
///   DELSTEP_TRY(simulation->NetworkStep());      // until all have arrived or are lost
///   DELSTEP_TRY(simulation->Aggregate(nodes));
///
/// Two simulations may live in one program: nothing is global. Equal scenarios and equal calls give
/// equal bits, whatever the number of threads (docs/internals/determinism.md).
///
/// Order: nodes are handled in the order given, each once (the caller removes repeats); all lists
/// come in creation order. Threads: one caller at a time; CurrentProgress() from any thread.
/// Units: simulated nanoseconds, bytes, bits per second, losses in nats.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "delstep/difference.h"
#include "delstep/event.h"
#include "delstep/graph.h"
#include "delstep/learner.h"
#include "delstep/network.h"
#include "delstep/provenance.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/saved_state.h"
#include "delstep/scenario.h"
#include "delstep/snapshot.h"
#include "delstep/types.h"

namespace delstep {

// ---- What the looking functions return: copies, which stay as they are when the run goes on.

/// A node as others see it. No model is read for it. The counts of messages and the last results
/// are what `status` shows, neighbours and groups what `neighborhood` shows.
struct NodeView {
  NodeId node{};
  std::string address;  ///< "10.0.0.1"
  std::string name;     ///< may be empty
  bool up = true;
  /// Not up, and churn or a trace says so too: it comes back by itself. False of a node that is
  /// down by hand while its plan has it online. Views of past moments do not know it: false.
  bool away = false;
  std::uint64_t train_samples = 0, held_out_samples = 0;
  std::vector<NodeId> neighbours;   ///< whom it may send to, ascending
  std::vector<std::string> groups;  ///< that it is a member of, in order of creation
  std::uint64_t trained = 0;        ///< how often
  /// It trains: the end of it. Of a training that pauses while the node is offline, the end that it
  /// would have if the node came back now.
  std::optional<SimTime> busy_until;
  std::string behaviour;  ///< what it does by itself; "none"
  std::string attack;     ///< what it sends instead of its model; "off"
  double rate = 1;        ///< communal learning rate, in [0, 1]
  /// Where messages are, from its sender's queue to the receiver's guestbook: the first two count
  /// those that this node sends, the others those that it receives.
  std::size_t outbox = 0;          ///< queued, not on the wire
  std::size_t in_flight_from = 0;  ///< on the wire
  std::size_t in_flight_to = 0;    ///< on the wire
  std::size_t waiting = 0;         ///< arrived during a step of other nodes, not yet in the inbox
  std::size_t inbox = 0;           ///< delivered, not yet aggregated
  std::size_t encounters = 0;      ///< records of the guestbook
  std::optional<Trained> last_trained;      ///< nothing: it never was
  std::optional<Evaluated> last_evaluated;  ///< the last test, on whatever scope
  std::vector<Evaluated> last_tests;        ///< the last one on each scope, the newest last
  /// Mean age of the guestbook's records: the clock minus the time of sending, in seconds.
  std::optional<double> staleness;
  /// Training keys with a value of the node's own, ascending by key.
  std::vector<std::pair<std::string, double>> own_options;
  std::uint64_t changed_labels = 0;  ///< of the training part, by `labels`
};

/// The numbers of a model as they are at one moment: a row of Simulation::model_layout(), shared
/// and not copied. They never change, whatever becomes of the node.
struct ModelValues {
  std::span<const float> values;
  std::shared_ptr<const void> owner;  ///< keeps `values` alive
};

/// A record of the guestbook: the last shared model of a peer. Making one reads two models, for the
/// distance. Ages follow from `sent` and `received` and the clock.
struct EncounterView {
  NodeId peer{};
  std::string address;        ///< of the peer, which may have left
  std::uint32_t expiry = 0;   ///< how many more aggregations it serves, at least 1
  std::uint64_t samples = 0;  ///< training examples of the peer when it sent the model
  SimTime sent{}, received{};
  double distance = 0;  ///< Euclidean, between the record's model and the node's own
};

/// One direction of a link, as it is in force. Between two neighbours there are usually two of
/// them, with properties of their own each; after `link A B up oneway` there is one.
struct LinkView {
  NodeId from{}, to{};
  LinkProperties link;
  bool single = false;  ///< has properties of its own; false: the default ones of all links
};

struct GroupView {
  std::string name;
  std::vector<NodeId> members;  ///< in the order in which they joined
};

/// Which classes a node's examples belong to. Tells how far the data are from IID: with C classes
/// the entropy is log2(C) where all are equally frequent.
struct LabelCounts {
  NodeId node{};
  std::vector<std::uint64_t> counts;  ///< one per class, training and held-out part together
  double entropy = 0;                 ///< of the counts, in bits: 0 for one class only
  std::uint64_t changed = 0;          ///< labels that are not as the data set has them
};

/// Where a message is, on its way from the sender's outbox to an aggregation of the receiver.
enum class MessageState : std::uint8_t {
  kOutbox,   ///< queued, not on the wire
  kFlight,   ///< on the wire
  kArrived,  ///< waits at its receiver, which took no part in the network step
  kInbox,    ///< delivered, not yet aggregated
};
std::string_view Name(MessageState state);  // "outbox", "flight", "arrived", "inbox"

/// A message that is not yet aggregated.
struct MessageView {
  Message message;
  MessageState state{};
  /// kFlight: when it will arrive, where the network knows (a loss is not known before it happens);
  /// kArrived, kInbox: when it did. Else nothing.
  std::optional<SimTime> arrives;
};

/// What comes next, if nothing is done before.
struct Upcoming {
  enum class Kind : std::uint8_t {
    kArrival,   ///< a message ends: it arrives, or is lost
    kTraining,  ///< a training ends
    kTurn,      ///< a node takes its turn
    kWake,      ///< the alarm of a behaviour
    kContact,   ///< `node` and `peer` come into contact, or part
    kPresence,  ///< a node comes or goes, by churn or a trace
  };
  Kind kind{};
  SimTime at{};
  NodeId node{};               ///< of a message: its receiver
  std::optional<NodeId> peer;  ///< the sender; the other one of a contact
  bool begins = false;         ///< kContact, kPresence
};
/// A pair that has met. a < b.
struct ContactView {
  NodeId a{}, b{};
  std::uint64_t count = 0;  ///< contacts so far, the present one included
  double seconds = 0;       ///< in contact so far
  bool now = false;
};
/// A command that runs by itself at a time of the simulated clock. What it says is the business of
/// the front end, which runs it.
struct PlannedCommand {
  std::uint64_t number = 0;         ///< from 1, given once
  SimTime at{};                     ///< when it is due
  std::optional<Duration> every{};  ///< nothing: once
  std::string command{};
  friend bool operator==(const PlannedCommand&, const PlannedCommand&) = default;
};

// ---- What the acting functions report. The same facts come as events; a report sums them up.

/// How much a test is. Equal models are tested once on the same examples, and what is known costs
/// nothing.
struct TestCost {
  std::size_t models = 0;      ///< that have to be tested
  std::uint64_t examples = 0;  ///< through all these models together
};

/// What a communication command did. An empty report with `alone` nodes is no error as long as any
/// other node had a neighbour; who was left out is named, so that nobody takes silence for sending.
struct QueueReport {
  std::size_t queued = 0;  ///< messages
  Bytes bytes = 0;         ///< of all of them, headers included
  /// Asked to send, but without neighbours (flood, gossip), or with fewer than K (gossip).
  std::vector<NodeId> alone, few;
  std::size_t skipped_pairs = 0;  ///< group share: pairs of members that are no neighbours
  std::vector<NodeId> down;       ///< group share: members left out because they are down
};
/// What a network step did. delivered + lost counts messages that ended in this step, whenever they
/// were sent, so it may be more or fewer than `sent`.
struct NetworkReport {
  std::size_t sent = 0, delivered = 0, lost = 0;  ///< messages of this step
  std::size_t in_flight = 0;  ///< after the step, those that wait at their receiver included
  std::size_t waiting = 0;    ///< arrived at nodes that were not asked to step
  SimTime before{}, after{};  ///< the clock
};
/// What was taken away, in the order asked.
struct DropReport {
  std::vector<Message> taken_back;  ///< from outboxes: never sent, counted nowhere
  std::vector<Message> lost;        ///< of those that were sent: lost as LossReason::kDropped
};
/// What train, aggregate and step did. Nodes in the order asked. Each node is in one list only: in
/// `step` it has either trained or aggregated.
struct StepReport {
  std::vector<Trained> trained;
  std::vector<Aggregated> aggregated;
  std::vector<NodeId> without_data;  ///< nothing to train on: skipped
  std::vector<NodeId> busy;          ///< in a training that a run began: skipped
  std::vector<NodeId> begun;         ///< Waiting::kNo: their trainings end by themselves, later
  /// As before: their trainings paused, since they went offline, and nothing was to come up to
  /// Simulation::looks_until() that would bring them back.
  std::vector<NodeId> unfinished;
};
/// A test class by class: the confusion matrix.
struct ClassTest {
  Evaluated test;
  /// classes x classes counts, at [true class * classes + predicted class]. The diagonal over the
  /// sum of its row is the accuracy in that class (the recall); a row without examples is 0.
  std::vector<std::int64_t> confusion;
};
struct ExportReport {
  std::size_t tensors = 0;
  Bytes bytes = 0;  ///< of the file
};
/// A model to read into a node.
struct ImportRequest {
  NodeId node{};
  std::string file;
};
struct ImportReport {
  std::size_t tensors = 0;  ///< of a model: parameters and float buffers
};
struct LinkReport {
  bool made = false;            ///< they were no neighbours before
  std::vector<LinkView> links;  ///< the changed directions, as they are now
};
struct RemoveReport {
  std::size_t lost = 0;             ///< messages that ended with it
  std::vector<std::string> groups;  ///< that it was a member of
};
struct GroupReport {
  std::vector<NodeId> done;      ///< joined, or left
  std::vector<NodeId> unneeded;  ///< were members already, or were none
};

/// How values are spread. All are 0 where count is 0. Percentiles interpolate linearly between
/// neighbours, as numpy.percentile does.
struct Spread {
  std::size_t count = 0;
  /// std of the population; percentiles interpolate linearly.
  double mean = 0, std = 0, min = 0, max = 0, p10 = 0, p50 = 0, p90 = 0;
};
/// What messages met on the way of one kind: counts since the start of the run, of messages that
/// were put on the wire. Those not yet counted as delivered or lost are in flight.
struct LinkCounts {
  std::uint64_t sent = 0, delivered = 0;
  Bytes bytes = 0;  ///< of those sent; NodeTrafficView::in: delivered
  std::vector<std::pair<LossReason, std::uint64_t>> lost_by;  ///< every reason, also with 0
  std::uint64_t lost = 0;                                     ///< their sum
  /// Seconds from sending to arrival, of all that were delivered; all 0 if none was. Mean, least
  /// and greatest are exact. Percentiles come from counts of classes of latencies and are within
  /// 6 %; where all latencies are equal, they are exact.
  double latency_mean = 0, latency_min = 0, latency_max = 0, latency_p50 = 0, latency_p90 = 0;
};
/// Traffic of one direction of a link. Either end may have left.
struct LinkTrafficView {
  NodeId from{}, to{};
  LinkCounts counts;
  std::uint64_t queued = 0;     ///< in the outbox of `from`
  std::uint64_t in_flight = 0;  ///< those that wait at `to` included
};
/// Traffic of one present node: of what it sends, and of what is sent to it.
struct NodeTrafficView {
  NodeId node{};
  LinkCounts out, in;
  std::uint64_t queued = 0;                                ///< in its outbox
  std::uint64_t in_flight_to = 0, waiting = 0, inbox = 0;  ///< as NodeView has them
};
/// What one present node has got of the present cycle; see MixingView.
struct NodeMixing {
  NodeId node{};
  std::uint64_t received = 0;  ///< messages that reached its inbox
  /// The other present nodes from which a chain of messages leads to it.
  std::vector<NodeId> reached_from;
  std::size_t reaches = 0;  ///< how many others have it in their `reached_from`
};
/// How what nodes know has spread in the present cycle, from its beginning until now.
///
/// A chain of messages leads from a to b if a has sent to b, or to a node from which such a chain
/// leads on, and each message of the chain was queued after the one before it had been delivered.
/// Whether the receivers have aggregated what they got does not count.
///
/// The spectral gap is that of the graph whose nodes are the present ones, down ones too, and whose
/// edges are the pairs between which a message was delivered, in whichever direction and however
/// often. Its matrix W has Metropolis-Hastings weights (Xiao and Boyd 2004): for an edge
/// W_ij = 1 / (1 + max(degree i, degree j)), and W_ii is what is left of 1. The gap is
/// 1 - max(|lambda_2|, |lambda_n|): 0 where some nodes were not connected, 1 where each was linked
/// to each. One averaging with W would take the consensus distance to (1 - gap)^2 of it, or below.
struct MixingView {
  std::uint64_t delivered = 0;  ///< messages that reached an inbox
  /// Of them, not looked at: only the first 2^20 of a cycle are.
  std::uint64_t left_out = 0;
  std::size_t pairs = 0;  ///< edges of the graph
  std::size_t parts = 0;  ///< connected parts of the graph
  double spectral_gap = 0;
  bool gap_exact = true;  ///< false: it is at most this (some graphs of thousands of nodes)
  /// Of the nodes and models at the beginning; nothing unless these are kept (KeepCycleStarts),
  /// and where all models together take more than 256 MiB.
  std::optional<double> consensus_before;
  double consensus_after = 0;     ///< of the present ones
  std::vector<NodeMixing> nodes;  ///< the present ones
  /// Whether `reached_from` and `reaches` were found out. Not with more than kMostReached present
  /// nodes: who was reached from whom is a table of their square.
  bool reach_known = true;
  static constexpr std::size_t kMostReached = 4096;
};
/// Where memory goes, in bytes unless said otherwise.
struct MemoryUse {
  Bytes model_rows = 0, state_rows = 0;  ///< distinct rows, counted once
  std::size_t distinct_rows = 0;
  std::size_t distinct_models = 0, distinct_states = 0;
  /// Models with which the cycle began and that are nobody's any more, kept for Mixing(). Not among
  /// the rows above.
  std::size_t old_models = 0;
  Bytes old_model_rows = 0;
  /// How many nodes (each with its model and the one of its last aggregation), messages and
  /// guestbook records refer to the distinct model rows.
  std::size_t model_uses = 0;
  std::size_t spare_rows = 0;                           ///< whose memory waits to be used again
  Bytes spare = 0;                                      ///< of these rows
  Bytes data = 0;                                       ///< the data set, and labels of nodes' own
  Bytes indices = 0;                                    ///< lists of examples
  std::size_t messages = 0, encounters = 0, links = 0;  ///< how many of each there are
  Bytes mailboxes = 0, guestbooks = 0, network = 0;     ///< without rows
  Bytes results = 0;                                    ///< of tests, and latencies
  Bytes resident = 0;  ///< of the whole process, as the system says
  /// The sum of what is listed, without `resident`.
  Bytes listed() const {
    return model_rows + state_rows + old_model_rows + spare + data + indices + mailboxes +
           guestbooks + network + results;
  }
};
/// A process of a run that several share (docs/internals/many-machines.md).
struct ProcessUse {
  std::uint64_t number = 0;     ///< 0: the one that leads
  std::string host;             ///< the machine
  std::size_t nodes = 0;        ///< present ones whose rows it keeps
  std::size_t rows = 0;         ///< whose numbers it has: those of its nodes, and copies of others'
  Bytes row_bytes = 0;          ///< of these
  Bytes received = 0;           ///< numbers of rows that came from other processes so far
  std::uint64_t trainings = 0;  ///< of nodes, since the run began
  Bytes resident = 0;           ///< of the whole process, as the system says
};
/// Messages in numbers. Counts are since the start of the run.
struct TrafficCounts {
  /// sent = the other three together.
  std::uint64_t sent = 0, delivered = 0, lost = 0, in_flight = 0;
  std::uint64_t queued = 0;   ///< in outboxes now
  std::uint64_t waiting = 0;  ///< of in_flight: arrived, not yet in an inbox
  Bytes bytes = 0;            ///< put on the wire
  std::vector<std::pair<LossReason, std::uint64_t>> lost_by;  ///< every reason, also with 0
};
/// How long messages took, from being put on the wire to their arrival: waiting for the link,
/// transmission and latency together. In seconds, exact over the last 2^20 messages delivered since
/// the start of the run, those included that were dropped from an inbox since.
struct LatencyFigures {
  std::size_t count = 0;  ///< all others are 0 where it is 0
  double p50 = 0, p90 = 0, p99 = 0, max = 0;
};
/// Accuracies of the present nodes' last tests on one scope. Results of different scopes are never
/// put together: a node's own digits and everybody's digits are different exams.
struct ScopeAccuracy {
  EvaluationScope scope;
  bool last = false;  ///< the last test of the run was on this scope
  Spread accuracy;
};
/// The run in numbers.
struct Statistics : TrafficCounts {
  LatencyFigures latency;
  double consensus_distance = 0;          ///< (1/N) sum of squared distances to the mean model
  std::vector<ScopeAccuracy> accuracies;  ///< general, local, global, then groups by name
  Spread accuracy;                        ///< the one of the last test's scope
  MemoryUse memory;
};

// ---- What some functions are asked.

/// The node to add. Empty fields: the next default address, no name, fresh data. It begins with an
/// initial model, an empty guestbook and the scenario's communal learning rate.
struct NewNode {
  std::optional<Address> address;
  std::string name;
  /// A present node, whose examples and links the new one gets; its model starts anew.
  std::optional<NodeId> like;
};
/// What flood and gossip do if none of the nodes has a neighbour: a node that was named should have
/// one; where all were meant, nobody to send to is as good as a few, and one node alone is the
/// baseline that decentralized learning is compared with.
enum class WhenAlone {
  kRefuse,  ///< an error
  kAccept,  ///< nothing is queued, and the report names them
};
/// What Train() and Step() do where trainings take simulated time.
enum class Waiting : std::uint8_t {
  kUntilTrained,  ///< time passes until the last one has ended
  kNo,            ///< trainings begin, and end by themselves as time goes on: no time passes
};
/// What `link A B ...` changes; empty fields stay.
struct LinkChange {
  std::optional<double> loss;  ///< probability, in [0, 1]
  std::optional<Latency> latency;
  std::optional<double> bandwidth;  ///< bits per second, above 0
  std::optional<bool> up;           ///< true also makes the two neighbours
  bool one_way = false;             ///< from A to B only
};

struct Progress {
  std::size_t done = 0, total = 0;  ///< nodes of the running train; total 0: none runs
};

struct Run;  // the inside: src/core/engine/run.h

/// A run. Its functions are the commands of the console, with selectors already resolved to nodes.
/// A call that breaks what its comment requires, such as a node that is not present, is a bug of
/// the caller: assert. What a user can get wrong comes back as an Error.
class Simulation {
 public:
  /// Reads the data, deals them, makes the topology, network and learner, and initialises every
  /// node. `registry` outlives the simulation. Groups of the scenario are left to the caller, who
  /// knows selectors. The clock and the cycle are at 0, all nodes are up, no message is on its way.
  /// Errors: kFile for data, topology or weights that cannot be read; kUnavailable for a part that
  /// this build or machine lacks; kUsage and kRefused for values that cannot be met.
  static Result<std::unique_ptr<Simulation>> Create(const Scenario& scenario,
                                                    const Registry& registry);
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  /// Called with every event, in order, from inside the call that made it happen, on its thread;
  /// must not call back. Several observers are called in the order in which they came. An observer
  /// sees nothing of what happened before it came, and stays until the simulation goes.
  using Observer = std::function<void(const Event&)>;
  void Observe(Observer observer);

  // ---- Looking changes nothing. A NodeId must be that of a present node (`Nodes()`), unless said
  // otherwise.
  const Scenario& scenario() const;  ///< with what Reconfigure() has changed
  SimTime now() const;
  std::uint64_t cycle() const;        ///< see NextCycle()
  bool autonet() const;               ///< see SetAutonet()
  std::vector<NodeId> Nodes() const;  ///< the present ones
  /// What present nodes do by themselves, each once: `behaviour.name` of the scenario, and of nodes
  /// that have one of their own, as they were given.
  std::vector<std::string> BehaviourNames() const;
  /// How many nodes there have been, with those that have left: numbers are below it.
  std::size_t nodes_ever() const;
  /// By address or name; nothing if it never was, or has left.
  std::optional<NodeId> Find(std::string_view address_or_name) const;
  /// Of the nodes that have left: the last one that was called so. Others may be called so since.
  std::optional<NodeId> FindLeft(std::string_view address_or_name) const;
  /// Also of nodes that have left.
  std::string AddressOf(NodeId node) const;
  /// "" where it has none; also of nodes that have left.
  std::string NameOf(NodeId node) const;
  bool IsUp(NodeId node) const;
  /// Whether a may send to b. Not symmetric where a link was made one way.
  bool AreNeighbours(NodeId a, NodeId b) const;
  NodeView View(NodeId node) const;
  /// The guestbook, ascending by peer. Messages in the inbox are not in it before the node
  /// aggregates. Reads a model per record, for the distance.
  std::vector<EncounterView> Encounters(NodeId node) const;
  /// One for each ordered pair of neighbours: N (N - 1) of them in a full mesh.
  std::vector<LinkView> Links() const;
  /// The same of one node: those that begin at it, then those that end there.
  std::vector<LinkView> LinksOf(NodeId node) const;
  /// The same of the pairs among these nodes alone, each of which is given once.
  std::vector<LinkView> LinksAmong(std::span<const NodeId> nodes) const;
  std::vector<GroupView> Groups() const;
  /// Members in the order in which they joined. Nothing if there is no such group.
  std::optional<GroupView> Group(std::string_view name) const;
  std::vector<LabelCounts> Labels() const;
  std::vector<std::string> ClassNames() const;  ///< "0", "1", ... where the data have no names
  const LoadedData& data() const;
  /// The present topology: links that are up in at least one direction; labels are addresses. What
  /// is written by `save topology`, and may differ from the one that the run began with.
  delstep::Graph Topology() const;
  /// Writes the node's model, parameters and buffers by their names, in the format of the file's
  /// ending. Replaces an existing file, whole or not at all.
  /// Errors: kUsage for an ending that no format has; kFile.
  Result<ExportReport> Export(NodeId node, const std::string& file) const;
  /// All figures together. Reads every model once if one has changed (for the consensus distance):
  /// N * parameters operations; and sorts all latencies that are kept. Who asks after each command
  /// takes the parts below instead.
  Statistics Stats() const;
  /// Takes no longer for a long run than for a short one.
  TrafficCounts Traffic() const;
  LatencyFigures Latency() const;  ///< sorts up to 2^20 values
  /// (1/N) sum of squared distances to the mean model. Reads every distinct model once if one has
  /// changed since it was last asked for, else none.
  double ConsensusDistance() const;
  /// How far the cycle has brought the nodes together; see KeepCycleStarts(). Reads every distinct
  /// model of now and of the cycle's beginning, and takes up to a second for a thousand nodes.
  MixingView Mixing() const;
  /// The processes that the run is spread over; empty where it has one. Errors: none that a run
  /// could go on after.
  Result<std::vector<ProcessUse>> Processes() const;
  /// How many models ConsensusDistance() and Stats() have read so far: a recorder that keeps pace
  /// reads none for commands that change none.
  std::uint64_t models_read() const;
  /// The same for Latency() and Stats(): how many latencies they have sorted so far.
  std::uint64_t latencies_sorted() const;
  /// The scope of the last test, of whichever nodes; nothing before the first one.
  std::optional<EvaluationScope> LastScope() const;
  /// The node's last test on this scope; nothing if there was none.
  std::optional<Evaluated> LastTest(NodeId node, const EvaluationScope& scope) const;
  /// The node's model has changed since that test: by a training, an aggregation or an import.
  /// False where there was no test.
  bool IsTestOlder(NodeId node, const EvaluationScope& scope) const;
  MemoryUse Memory() const;
  /// Every link over which something was sent or is queued, ascending by (from, to). Links that
  /// were never used cost nothing and are not there.
  std::vector<LinkTrafficView> LinkTraffic() const;
  /// Of these nodes, in the order given.
  std::vector<NodeTrafficView> NodeTraffic(std::span<const NodeId> nodes) const;
  /// The messages from and to these nodes, or all of them where no node is given, that are not yet
  /// aggregated: first those in outboxes, as they were queued; then those in flight, the next to
  /// arrive first; then those that wait and those in inboxes, node by node in order of arrival.
  std::vector<MessageView> Messages(std::span<const NodeId> nodes = {}) const;
  /// What the user should know of how the run began, one sentence each: of the data, of the model,
  /// of the topology ("weights of edges are not used").
  std::vector<std::string> Notes() const;
  std::size_t queued() const;        ///< messages in outboxes
  std::size_t in_flight() const;     ///< on the wire, or waiting at their receiver
  std::size_t parameters() const;    ///< of a model
  ModelFacts model_facts() const;    ///< what the learner found out about the model
  Progress CurrentProgress() const;  // any thread
  /// Whose initial parameters and trainings are in the node's model, and with which weights
  /// (provenance.h). Errors: kRefused where this run does not follow them (history.why).
  Result<ModelSources> Why(NodeId node) const;
  /// The strongest of the ways by which knowledge of `source` came to the node, as far as meetings
  /// are kept: the last 256 of each node, fewer where it meets many at a time. Errors: as Why.
  Result<KnowledgeWay> Way(NodeId node, NodeId source) const;
  /// Of the bits of the node's model row: equal models, equal hashes. The quickest way to see
  /// whether two runs, or two nodes, agree bit for bit.
  std::uint64_t ModelHash(NodeId node) const;
  /// The numbers of the node's model, parameters and buffers. Nothing is copied.
  ModelValues Model(NodeId node) const;
  /// Where each tensor is in them (`model`; it is the same all through the run), and in the rows of
  /// optimizer states (`state`). The reference holds until the next Reconfigure() or Restore().
  const ModelLayout& model_layout() const;
  /// Of everything in the world that decides the future: models and optimizer states, guestbooks,
  /// messages wherever they are, links with their counters, names, groups, data, counts of traffic
  /// the settings that may change in a run, and the clock. Two runs of one scenario that behaved
  /// alike have equal hashes. What only tells of the past is not in it (the last tests). Takes a
  /// pass over all models.
  std::uint64_t WorldHash() const;

  // ---- Moments: see snapshot.h.

  /// The present moment, to come back to. Changes nothing.
  /// Errors: kRefused where the network cannot be copied (NetworkTraits::can_snapshot), or not now.
  Result<Snapshot> TakeSnapshot();
  /// Goes to a moment of this simulation, whichever it is: world, network, settings, learner, rule
  /// and behaviours are as they were. Makes one event, Restored. Requires a moment (not
  /// Snapshot()) of this simulation.
  /// Errors: kRefused, kUnavailable of parts that cannot be made again as they were; then nothing
  /// has changed.
  Result<void> Restore(const Snapshot& moment);
  /// Whether files of the user's by the same names held the same when this world and that of the
  /// moment took them: rules of aggregation, behaviours, compute.file, churn.file. Moments of a
  /// checkpoint do not tell what code they had, which counts as the same.
  bool HasFilesOf(const Snapshot& moment) const;
  /// What was tested at this moment, of the models that nodes had there, counts here too, as if it
  /// had just been. Requires a moment with the hash of this world: the models are the same.
  void AdoptTests(const Snapshot& moment);
  /// In what two moments of this simulation differ; see difference.h. Changes nothing. Reads the
  /// models of nodes that have moved.
  Difference Compare(const Snapshot& a, const Snapshot& b) const;
  /// The state as bytes, to go on from in another process: see saved_state.h. Changes nothing.
  /// Errors: kRefused where the network cannot be saved (NetworkTraits::can_save), or not now.
  Result<SavedState> SaveState() const;
  /// The same of a moment of this simulation that has the settings of the present; Snapshot(): the
  /// present one. `moments` come with it in this order, until what they add is four times what the
  /// moment takes, and at least 64 MiB: so the important ones should come first.
  Result<SavedState> SaveState(const Snapshot& moment,
                               std::span<const Snapshot> moments = {}) const;
  /// A simulation that goes on from saved bytes as the one that was saved would have: the same
  /// calls give the same bits. `scenario` is the one that Create() got, with what Reconfigure() has
  /// changed since; the data and the learner are made from it again. `registry` outlives the
  /// result. The bytes may come from anybody. Errors: kFile, if they are damaged, of another
  /// format, or made with other data or another layout of the models; those of Create().
  static Result<std::unique_ptr<Simulation>> Resume(const Scenario& scenario,
                                                    const Registry& registry,
                                                    std::string_view state);
  /// The moments come back too, in the order in which they were saved; `settings` are the scenarios
  /// of each; equal pointers mean equal ones. Snapshot() stands for a moment without settings, or
  /// with settings whose parts cannot be made here.
  /// With `file`, where `state` lies too, a run of many processes looks into `state` for all but
  /// the models: each process reads those of its nodes from the file, at the same time, and the
  /// check sum is looked at. For a process that does not see the file this one reads them. A run of
  /// one process does not look at `file`.
  struct Resumed;
  static Result<Resumed> Resume(const Scenario& scenario, const Registry& registry,
                                std::string_view state, std::span<const Scenario* const> settings,
                                const StateFile* file = nullptr);
  /// What all models and optimizer states take that anybody holds, the moments included, in bytes.
  Bytes row_bytes() const;

  // ---- Learning. Nodes must be present and up. No simulated time passes. `stop` may be asked for
  // from any thread; it is looked at between two epochs of a node.

  /// Trains each node on its own data, `training.epochs` passes or `training.local_steps` batches.
  /// Nodes without data are skipped and named in the report.
  /// Errors: kRefused if none has data, or a node's loss or parameters became not finite;
  /// kInterrupted after `stop`. See "What a failure leaves behind".
  Result<StepReport> Train(std::span<const NodeId> nodes, std::stop_token stop = {},
                           Waiting waiting = Waiting::kUntilTrained);
  /// Averages each node's model with those in its inbox and guestbook, by `aggregation.name`. The
  /// inbox is emptied into the guestbook, and each record comes nearer to its expiry. A node with
  /// nothing in both is in the report with `changed` false: that is no error.
  /// Errors: kRefused by a rule that needs more models (krum); then no node has changed.
  Result<StepReport> Aggregate(std::span<const NodeId> nodes);
  /// Aggregates the nodes that have a message in the inbox, trains the others. Each guestbook ages
  /// by one, whatever its node did.
  /// Errors: as Train and Aggregate.
  Result<StepReport> Step(std::span<const NodeId> nodes, std::stop_token stop = {},
                          Waiting waiting = Waiting::kUntilTrained);
  /// Tests each node's model. The scope says on what: `general` is the official test part of the
  /// data set where it has one that was not dealt, else as `global`; `local` is the node's own
  /// held-out data; `global` everybody's; `group` those of a group, which must exist; `sample` a
  /// few of `general`. An example that several nodes hold counts once.
  /// `local` leaves out nodes without held-out data. Known results are not computed again.
  /// Errors: kRefused if nothing is held out; kInterrupted after `stop`.
  Result<std::vector<Evaluated>> Evaluate(std::span<const NodeId> nodes,
                                          const EvaluationScope& scope, std::stop_token stop = {});
  /// What Evaluate() would have to compute; with `by_class` what EvaluateByClass() would. A few
  /// passes over nodes and examples: the models are not used. Errors: kRefused as Evaluate.
  Result<TestCost> CostOfTest(std::span<const NodeId> nodes, const EvaluationScope& scope,
                              bool by_class = false) const;
  /// The same, with the confusion matrix of each node. With `look_only` nothing of it is noted: no
  /// event, no last test. Errors: as Evaluate; kRefused for data of more than 1,000 classes, or if
  /// the model's own way of counting names no predicted class.
  Result<std::vector<ClassTest>> EvaluateByClass(std::span<const NodeId> nodes,
                                                 const EvaluationScope& scope,
                                                 bool look_only = false, std::stop_token stop = {});
  /// The communal learning rate: how far an aggregation moves a model towards the average. Requires
  /// 0 <= rate <= 1.
  void SetRate(double rate, std::span<const NodeId> nodes);
  /// Reads a file into each node's model, by names and shapes as `model.weights` does: parameters,
  /// buffers, and counters where the file has them. All files are read before the first node
  /// changes. The optimizer state stays, as after an aggregation; FedProx and aggregation.share
  /// look at the new model as the one of the last aggregation. No simulated time passes.
  /// Errors: kUsage for an ending that no format has; kFile for what cannot be read or does not fit
  /// the model, naming the tensor.
  Result<ImportReport> Import(std::span<const ImportRequest> requests);
  /// Changes labels of the nodes' training parts; noise comes on top of earlier changes, and what
  /// is held out stays as it is. Errors: kRefused for classes that the data do not have.
  Result<std::vector<LabelsChanged>> ChangeLabels(const LabelChange& change,
                                                  std::span<const NodeId> nodes);

  // ---- Communication only queues: messages move in NetworkStep(). What a message says is fixed
  // now, whatever its sender learns later. Senders must be present and up. Errors: kRefused if the
  // receiver is no neighbour, or if there is nobody to send to; then nothing is queued.
  Result<QueueReport> Send(NodeId from, NodeId to);
  Result<QueueReport> Exchange(NodeId a, NodeId b);  ///< a to b, and b to a
  /// Each to all its neighbours.
  Result<QueueReport> Flood(std::span<const NodeId> nodes, WhenAlone alone = WhenAlone::kRefuse);
  /// Each to `peers` (>= 1) of its neighbours, drawn without repetition, all sets equally likely;
  /// to all where it has fewer.
  Result<QueueReport> Gossip(std::size_t peers, std::span<const NodeId> nodes,
                             WhenAlone alone = WhenAlone::kRefuse);
  /// Every pair of members that are up and neighbours exchanges. The group must exist.
  Result<QueueReport> Share(std::string_view group);

  // ---- Single messages: what if this one had (not) come? Numbers are those of Messages(), each at
  // most once in a list. No simulated time passes. Errors: kRefused for a message that is not there
  // (any more), which says what is known of it, and for what each call says; those of the network.
  // What they leave: see the top. A network may be unable to do it: NetworkTraits::can_withdraw.

  /// Takes messages away that are not yet aggregated. One in flight, waiting or in an inbox becomes
  /// lost (LossReason::kDropped), and does not count as delivered any more if it did. One in an
  /// outbox was never sent. Fates and arrivals of all other messages stay as they are.
  Result<DropReport> Drop(std::span<const MessageId> messages);
  /// Messages arrive now, in this order, before all others and whatever their links would have done
  /// to them; those in outboxes are sent first. Returns them. Errors: kRefused for one that lies in
  /// an inbox already, and where the receiver, or the sender of one in an outbox, is down.
  Result<std::vector<Message>> Deliver(std::span<const MessageId> messages);
  /// Queues the contents of a message again, under a new number: the model is that of the old one,
  /// whatever the sender has learnt since. Looks for it where Messages() does, and in guestbooks.
  /// Returns the new message. Errors: kRefused also if the ends are no neighbours any more, or the
  /// sender is down.
  Result<Message> Resend(MessageId message);
  /// The same of a message that a moment of this simulation holds (see snapshot.h).
  Result<Message> Resend(const Snapshot& moment, MessageId message);
  /// Whether Resend() finds it there.
  bool Holds(const Snapshot& moment, MessageId message) const;

  // ---- Network. The one group of calls that moves the clock. What is queued goes on the wire at
  // the present moment, then time passes, and what has arrived by the end lies in the inboxes.
  // A step without a duration: `network.step`. Durations are >= 0.
  // Errors: kRefused beyond the end of simulated time (292 years); what the network says when it
  // fails. See "What a failure leaves behind".
  // Nodes start nothing by themselves in it, but all else that depends on the clock happens: nodes
  // move, meet, come and go, trainings end. `stop`: kInterrupted, between two happenings.
  Result<NetworkReport> NetworkStep(std::optional<Duration> duration = {},
                                    std::stop_token stop = {});
  Result<NetworkReport> NetworkStep(std::span<const NodeId> nodes,
                                    std::optional<Duration> duration = {},
                                    std::stop_token stop = {});

  // ---- Time that runs. A front end lets time pass happening by happening, and looks at the world
  // in between:
  //
  //   simulation.Transmit();                           // what waits in outboxes
  //   while (*simulation.HandleNext(end, stop)) {      // one happening
  //     while (*simulation.HandleNext(simulation.now(), stop)) {}   // the others of this instant
  //     ... conditions, breaks ...
  //   }                                                // now() == end
  //
  // A happening is a message that ends, a training that ends, a turn of a node, an alarm, a contact
  // that begins or ends, a node that comes or goes. Those of one instant are handled in this order,
  // and what they bring about at the same instant is handled as if it had been there from the
  // beginning:
  //
  //   1  nodes go, contacts end, nodes come, contacts begin     by node, or pair
  //   2  messages end                                           by order of sending
  //   3  trainings end that began before this instant           by node
  //   4  alarms, then turns                                     by node
  //   5  trainings end that began in this instant               by node
  //
  // So a message that is on the way when a contact ends is lost, even if it would arrive at that
  // very moment. Trainings that take no time end together, after all have begun: all cores work.
  // Which are computed together makes no difference: a training works on the model that its node
  // had when it began.
  //
  // handle(limit):
  //   t <- the time of the first happening                     none up to limit: now <- limit, stop
  //   network.AdvanceTo(t - 1 ns) before happenings of class 1, else AdvanceToNext(t): now <- t
  //   contact ends     neighbours part; messages on the way between them: Lost, kContact
  //   node goes        as SetUp(false); its training pauses, is lost or goes on (compute.offline)
  //   message ends     into the inbox, or Lost; then Behaviour::OnReceive of the receiver
  //   training ends    all that are under way are computed, if this one is not yet, on all threads;
  //                    model <- result; Behaviour::OnTrained, then a turn that was pending, then
  //                    OnReceive for what came meanwhile
  //   turn             Behaviour::OnTurn, unless busy: then it is pending until the training ends
  //
  // A run in parts is the run in one piece, bit for bit.

  /// Puts on the wire what waits in outboxes of nodes that are up, and delivers what waits at nodes
  /// since a step of others. Errors: of a network that fails.
  Result<void> Transmit();
  /// Lets time pass until the next happening, at most up to and including `limit` (>= now()), and
  /// handles it: one. Returns false if there was none: then now() is `limit`, unless that is
  /// SimTime::max(): then now() stays. Nodes act by themselves. An error leaves a consistent world
  /// between two happenings. Errors: kInterrupted after `stop`; those of the network and of
  /// training.
  Result<bool> HandleNext(SimTime limit, std::stop_token stop = {});
  /// The first happening from now on, as far as it can be told; nothing where none comes of itself
  /// up to looks_until().
  std::optional<Upcoming> Next() const;
  /// How far Next() looks, and HandleNext() without a limit, where no training, turn, alarm or
  /// message is to come: those are found however late they are. SimTime::max(): to the end, as all
  /// plans are known. Else, where movement or churn is drawn for ever, a day from now: what comes
  /// later is found by a limit that is later.
  SimTime looks_until() const;

  /// Where nodes are, in metres, in the order given. Of nodes that are nowhere (a trace with gaps)
  /// where they were last.
  std::vector<Position> Positions(std::span<const NodeId> nodes) const;
  /// Puts a node elsewhere. Contacts change at once where the topology is `radio`. Errors: kRefused
  /// where nodes move by themselves (mobility.name is not `still`), and outside the field.
  Result<void> Move(NodeId node, double x, double y);
  /// The pairs that have met since the start of the run, by contacts; ascending. Empty where links
  /// do not come and go.
  std::vector<ContactView> Contacts() const;
  /// Replaces the node's model by these numbers; its optimizer state stays, as with Import(). Makes
  /// a ModelImported without a file. Requires the length of model_layout().model; what stands
  /// between two tensors does not count. Errors: kRefused for numbers that are not finite, naming
  /// the first one, and for a node in a training; then nothing has changed.
  Result<void> SetModel(NodeId node, std::span<const float> values);
  /// What these nodes send instead of their models: "sign-flip", "noise S" (normal, standard
  /// deviation S, added), "zero", "scale K", "same" (one random model, the same for all attackers),
  /// "off". Errors: kUsage for another text.
  Result<void> SetAttack(std::string_view attack, std::span<const NodeId> nodes);

  /// Commands of a front end that are planned; by (time, number). They are part of the world.
  std::vector<PlannedCommand> Plans() const;
  /// Its number is given here, and returned. Errors: kRefused for a time before now().
  Result<std::uint64_t> AddPlan(PlannedCommand plan);
  /// False if there is none.
  bool DeletePlan(std::uint64_t number);
  /// The next one that is due up to and including now(): taken off the list, or due again later.
  /// Nothing if none is due.
  std::optional<PlannedCommand> TakeDuePlan();
  /// `run` is called where plans are due while time passes inside NetworkStep(), Train() or Step(),
  /// when all else of that instant has happened. It must take one (TakeDuePlan) and may call what
  /// lets no time pass. Its error ends the call that it came from. Empty: plans wait meanwhile.
  void OnPlansDue(std::function<Result<void>()> run);
  /// What the network can do.
  const NetworkTraits& network_traits() const;
  /// The error with which the network has gone; null as long as it is there. Meanwhile all that
  /// needs no network goes on, and models are safe.
  const Error* network_failure() const;
  /// A new network takes the place of the present one, whether that has gone or not: same nodes,
  /// links and clock. What was on the way is lost (LossReason::kBackend). Returns how many messages
  /// that were. Errors: kRefused for a network without a program of its own; those of the part.
  Result<std::size_t> RestartNetwork();
  /// On: a front end runs a network step after each command that queues. Here it is only kept.
  void SetAutonet(bool on);
  /// Loss of all present and later links, in [0, 1], replacing single losses.
  Result<void> SetDefaultLoss(double loss);
  /// Changes both directions, or one. `up` on a pair that are no neighbours makes them so. Errors:
  /// kRefused if they are none and `up` is not true.
  Result<LinkReport> ChangeLink(NodeId a, NodeId b, const LinkChange& change);
  /// Changes links that are there, as LinksOf() and LinksAmong() give them; one_way does not count,
  /// as each is one direction. Each makes a LinkChanged: a full mesh of 1,000 nodes makes a
  /// million.
  Result<LinkReport> ChangeLinks(std::span<const LinkView> links, const LinkChange& change);
  /// Ends the properties of their own that some of these links have: they follow the default link
  /// again, as it is now and as it will be, and one that was down by itself is up. The report has
  /// these alone.
  Result<LinkReport> ResetLinks(std::span<const LinkView> links);
  /// The node is up; it learns and is linked as NewNode says, and in a full topology it is linked
  /// to everybody. Errors: kRefused for an address or name that is taken (addresses are never
  /// reused), or if no undealt examples are left.
  Result<NodeId> AddNode(const NewNode& node);
  /// For good: its model, its links and what it holds go. Its records in the guestbooks of others
  /// stay and age out.
  Result<RemoveReport> RemoveNode(NodeId node);
  /// Returns how many messages on the way were lost by it; 0 if it was so already. A node that is
  /// down keeps its model, guestbook and queued messages.
  Result<std::size_t> SetUp(NodeId node, bool up);

  // ---- Groups. Only names for sets of nodes: no model or message depends on them. The group must
  // exist, except for create. A node may be in several.
  bool CreateGroup(std::string_view name);  ///< true: it existed and is now empty
  /// Its members stay as they are. Returns how many there were.
  std::size_t DeleteGroup(std::string_view name);
  GroupReport AddToGroup(std::string_view name, std::span<const NodeId> nodes);
  GroupReport RemoveFromGroup(std::string_view name, std::span<const NodeId> nodes);

  // ---- The run. Settings are changed here rather than by making the run anew: models, guestbooks,
  // messages on the way and the clock stay as they are.
  /// Goes on to the next cycle and returns its number. A cycle is a label of events and results,
  /// such as the round of a script; no result depends on it.
  std::uint64_t NextCycle();
  /// From now on the models with which a cycle begins are kept until the next one, for Mixing(); of
  /// the present cycle, those of now. A resumed run goes on with those that its state has, if any.
  /// They take memory where nothing else holds them: a second row per node that learns. Until this
  /// is called none are kept.
  void KeepCycleStarts();
  /// Takes over what differs in `changed`, which only training.*, aggregation.*, compression.* and
  /// network.* (but not network.backend) may. Returns what the user should know ("optimizer state
  /// of 12 nodes was reset"). `key` and `value` are what the user wrote, for the event. A training
  /// key so changed has that value for all nodes, whatever their own was.
  /// Errors: of parts that do not take the new values.
  Result<std::vector<std::string>> Reconfigure(const Scenario& changed, std::string_view key,
                                               std::string_view value);
  /// The same for some nodes only: they have the value that `key` has in `changed` until the key is
  /// changed for all. Errors: kUsage for a key that is not one of NodeKeys().
  Result<void> Reconfigure(const Scenario& changed, std::string_view key, std::string_view value,
                           std::span<const NodeId> nodes);
  /// Whether Reconfigure would take these values: its errors, and no effect.
  Result<void> CanReconfigure(const Scenario& changed) const;
  /// The keys that may differ between nodes: "training.lr", ...
  static std::vector<std::string> NodeKeys();
  /// kUsage, with those that there are, for another key.
  static Result<void> CheckNodeKey(std::string_view key);

 private:
  explicit Simulation(std::unique_ptr<Run> run);
  std::unique_ptr<Run> run_;
};

/// A run that goes on, with the moments that were saved with it.
struct Simulation::Resumed {
  std::unique_ptr<Simulation> simulation;
  std::vector<Snapshot> moments;
};

}  // namespace delstep
