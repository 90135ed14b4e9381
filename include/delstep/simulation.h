#pragma once
/// Drives a run: everything a person, a script or a page can do with a network of learning nodes,
/// and everything they can look at. Front ends know nothing else of the inside.
///
/// The step, in pseudo-code (longer in docs/internals/step.md):
///
///   train(nodes)      jobs <- copies of the nodes' rows; learner.Train(jobs)
///                     done: commit both rows, trained += 1, Trained; failed: nothing
///   queue(a -> b)     outbox += (id, a, b, share of a's model row, n_a); Queued
///   nstep             each message of the outbox, in order: network.Send; Sent
///                     passage <- network.AdvanceTo(now + step) or network.Drain()
///                     each outcome, in order: Lost, or inbox of b and Delivered
///   nstep(nodes)      the same with their messages, until those and all in flight to them
///                     have ended; what arrives for others waits for their own or a full nstep
///   aggregate(nodes)  plan for each: inbox -> guestbook (expiry E); models the rule sees
///                     all weighted sums at once into fresh rows commit for each: every record's
///                     expiry -= 1, those at 0 leave; Aggregated
///   step(nodes)       plan those with a message in the inbox; train the others, whose guestbooks
///                     tick; commit the plans
///
/// What a failure leaves behind: a command that returns an Error has changed nothing, except a
/// train or step that stopped or failed part-way (the nodes that were done are trained, as their
/// Trained events say, the others are as before) and where a function says otherwise.
///
/// Order: nodes are handled in the order given, each once (the caller removes repeats); all lists
/// come in creation order. Threads: one caller at a time; CurrentProgress() from any thread.
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

#include "delstep/event.h"
#include "delstep/graph.h"
#include "delstep/network.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "delstep/types.h"

namespace delstep {

/// A node as others see it.
struct NodeView {
  NodeId node{};
  std::string address;  ///< "10.0.0.1"
  std::string name;     ///< may be empty
  bool up = true;
  std::uint64_t train_samples = 0, held_out_samples = 0;
  std::vector<NodeId> neighbours;
  std::vector<std::string> groups;
  std::uint64_t trained = 0;  ///< how often
  double rate = 1;            ///< communal learning rate
  std::size_t outbox = 0;     ///< queued, not on the wire
  std::size_t in_flight_to = 0;
  std::size_t waiting = 0;  ///< arrived, not yet in the inbox
  std::size_t inbox = 0;    ///< not yet in the guestbook
  std::size_t encounters = 0;
  std::optional<Trained> last_trained;
  std::optional<Evaluated> last_evaluated;
  /// Mean age of the guestbook's records: the clock minus the time of sending, in seconds.
  std::optional<double> staleness;
  /// Training keys with a value of the node's own, ascending by key.
  std::vector<std::pair<std::string, double>> own_options;
  std::uint64_t changed_labels = 0;  ///< of the training part, by `labels`
};

/// A record of the guestbook: the last shared model of a peer.
struct EncounterView {
  NodeId peer{};
  std::string address;  ///< of the peer, which may have left
  std::uint32_t expiry = 0;
  std::uint64_t samples = 0;
  SimTime sent{}, received{};
  double distance = 0;  ///< Euclidean, between the record's model and the node's own
};

struct LinkView {
  NodeId from{}, to{};
  LinkProperties link;
  bool single = false;  ///< has properties of its own
};

struct GroupView {
  std::string name;
  std::vector<NodeId> members;  ///< in roster order
};

struct LabelCounts {
  NodeId node{};
  std::vector<std::uint64_t> counts;  ///< one a class, training and held-out part together
  double entropy = 0;                 ///< bits
  std::uint64_t changed = 0;          ///< labels that are not as the data set has them
};

/// What a communication command did.
struct QueueReport {
  std::size_t queued = 0;
  Bytes bytes = 0;
  /// Asked to send, but without neighbours (flood), or with fewer than K (gossip).
  std::vector<NodeId> alone, few;
  std::size_t skipped_pairs = 0;  ///< group share: no neighbours
  std::vector<NodeId> down;       ///< group share: members left out
};
struct NetworkReport {
  std::size_t sent = 0, delivered = 0, lost = 0;
  std::size_t in_flight = 0;  ///< after the step, those that wait at their receiver included
  std::size_t waiting = 0;    ///< arrived at nodes that were not asked to step
  SimTime before{}, after{};
};
struct StepReport {
  std::vector<Trained> trained;
  std::vector<Aggregated> aggregated;
  std::vector<NodeId> without_data;  ///< nothing to train on: skipped
};
struct ExportReport {
  std::size_t tensors = 0;
  Bytes bytes = 0;  ///< of the file
};
struct LinkReport {
  bool made = false;            ///< they were no neighbours before
  std::vector<LinkView> links;  ///< as they are now
};
struct RemoveReport {
  std::size_t lost = 0;             ///< messages that ended with it
  std::vector<std::string> groups;  ///< that dropped it
};
struct GroupReport {
  std::vector<NodeId> done;      ///< joined, or left
  std::vector<NodeId> unneeded;  ///< were members already, or were none
};

struct Spread {
  std::size_t count = 0;
  double mean = 0, std = 0, min = 0, max = 0, p10 = 0, p90 = 0;  ///< std of the population
};
struct MemoryUse {
  Bytes model_rows = 0, state_rows = 0;  ///< distinct rows, counted once
  std::size_t distinct_rows = 0;
  std::size_t distinct_models = 0, distinct_states = 0;
  /// How many nodes (each with its model and the one of its last aggregation), messages and
  /// guestbook records refer to the distinct model rows.
  std::size_t model_uses = 0;
  std::size_t spare_rows = 0;  ///< whose memory waits for the next
  Bytes spare = 0;
  Bytes data = 0;     ///< the data set, and labels of nodes' own
  Bytes indices = 0;  ///< lists of examples
  std::size_t messages = 0, encounters = 0, links = 0;
  Bytes mailboxes = 0, guestbooks = 0, network = 0;  ///< without rows
  Bytes results = 0;                                 ///< of tests, and latencies
  Bytes resident = 0;                                ///< of the whole process, as the system says
  /// Of what is listed, the process's own part apart.
  Bytes listed() const {
    return model_rows + state_rows + spare + data + indices + mailboxes + guestbooks + network +
           results;
  }
};
struct Statistics {
  /// sent = the other three together.
  std::uint64_t sent = 0, delivered = 0, lost = 0, in_flight = 0;
  std::uint64_t queued = 0;   ///< in outboxes
  std::uint64_t waiting = 0;  ///< of in_flight: arrived, not yet in an inbox
  Bytes bytes = 0;            ///< put on the wire
  std::vector<std::pair<LossReason, std::uint64_t>> lost_by;  ///< every reason, also with 0
  /// Seconds from sending to arrival of the last 2^20 messages delivered.
  std::size_t latency_count = 0;
  double latency_p50 = 0, latency_p90 = 0, latency_p99 = 0, latency_max = 0;
  double consensus_distance = 0;  ///< (1/N) sum of squared distances to the mean model
  Spread accuracy;                ///< of each present node's last test
  MemoryUse memory;
};

/// The node to add. Empty fields: the next default address, no name, fresh data.
struct NewNode {
  std::optional<Address> address;
  std::string name;
  std::optional<NodeId> like;
};
/// What `link A B ...` changes; empty fields stay.
struct LinkChange {
  std::optional<double> loss;
  std::optional<Latency> latency;
  std::optional<double> bandwidth;
  std::optional<bool> up;
  bool one_way = false;
};

struct Progress {
  std::size_t done = 0, total = 0;  ///< nodes of the running train; total 0: none runs
};

class Simulation {
 public:
  /// Reads the data, deals them, makes the topology, network and learner, and initialises every
  /// node. `registry` outlives the simulation. Groups of the scenario are left to the caller, who
  /// knows selectors.
  static Result<std::unique_ptr<Simulation>> Create(const Scenario& scenario,
                                                    const Registry& registry);
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  /// Called with every event, in order, from inside the call that made it happen; must not call
  /// back.
  using Observer = std::function<void(const Event&)>;
  void Observe(Observer observer);

  // ---- Looking. A NodeId must be that of a present node (`Nodes()`), unless said otherwise.
  const Scenario& scenario() const;
  SimTime now() const;
  std::uint64_t cycle() const;
  bool autonet() const;
  std::vector<NodeId> Nodes() const;
  /// By address or name; nothing if it never was, or has left.
  std::optional<NodeId> Find(std::string_view address_or_name) const;
  /// Also of nodes that have left: the address.
  std::string AddressOf(NodeId node) const;
  bool IsUp(NodeId node) const;
  bool AreNeighbours(NodeId a, NodeId b) const;
  NodeView View(NodeId node) const;
  std::vector<EncounterView> Encounters(NodeId node) const;
  std::vector<LinkView> Links() const;
  std::vector<GroupView> Groups() const;
  /// Nothing if there is no such group.
  std::optional<GroupView> Group(std::string_view name) const;
  std::vector<LabelCounts> Labels() const;
  std::vector<std::string> ClassNames() const;  ///< "0", "1", ... where the data have no names
  const LoadedData& data() const;
  /// The present topology: links that are up in at least one direction; labels are addresses.
  delstep::Graph Topology() const;
  /// Writes the node's model, parameters and buffers by their names, in the format of the file's
  /// ending. Errors: kUsage for an ending that no format has; kFile.
  Result<ExportReport> Export(NodeId node, const std::string& file) const;
  Statistics Stats() const;
  MemoryUse Memory() const;
  std::size_t queued() const;  ///< messages in outboxes
  std::size_t in_flight() const;
  std::size_t parameters() const;    ///< of a model
  Progress CurrentProgress() const;  // any thread
  /// Of the bits of the node's model row: equal models, equal hashes.
  std::uint64_t ModelHash(NodeId node) const;
  /// Of all models, states, guestbooks, mailboxes, counters and the clock.
  std::uint64_t WorldHash() const;

  // ---- Learning. Nodes must be present and up.
  Result<StepReport> Train(std::span<const NodeId> nodes, std::stop_token stop = {});
  Result<StepReport> Aggregate(std::span<const NodeId> nodes);
  Result<StepReport> Step(std::span<const NodeId> nodes, std::stop_token stop = {});
  /// `local` leaves out nodes without held-out data; an error if no other is named.
  Result<std::vector<Evaluated>> Evaluate(std::span<const NodeId> nodes,
                                          const EvaluationScope& scope, std::stop_token stop = {});
  /// Requires 0 <= rate <= 1.
  void SetRate(double rate, std::span<const NodeId> nodes);
  /// Changes labels of the nodes' training parts; noise comes on top of earlier changes, and what
  /// is held out stays as it is. Errors: kRefused for classes that the data do not have.
  Result<std::vector<LabelsChanged>> ChangeLabels(const LabelChange& change,
                                                  std::span<const NodeId> nodes);

  // ---- Communication: only queues.
  Result<QueueReport> Send(NodeId from, NodeId to);
  Result<QueueReport> Exchange(NodeId a, NodeId b);
  Result<QueueReport> Flood(std::span<const NodeId> nodes);
  Result<QueueReport> Gossip(std::size_t peers, std::span<const NodeId> nodes);
  Result<QueueReport> Share(std::string_view group);

  // ---- Network. A step without a duration: `network.step`.
  Result<NetworkReport> NetworkStep(std::optional<Duration> duration = {});
  Result<NetworkReport> NetworkStep(std::span<const NodeId> nodes,
                                    std::optional<Duration> duration = {});
  void SetAutonet(bool on);
  /// Loss of all present and later links, replacing single losses.
  Result<void> SetDefaultLoss(double loss);
  Result<LinkReport> ChangeLink(NodeId a, NodeId b, const LinkChange& change);
  Result<NodeId> AddNode(const NewNode& node);
  Result<RemoveReport> RemoveNode(NodeId node);
  /// Returns how many messages on the way were lost by it; 0 if it was so already.
  Result<std::size_t> SetUp(NodeId node, bool up);

  // ---- Groups. The group must exist, except for create.
  bool CreateGroup(std::string_view name);  ///< true: it existed and is now empty
  GroupReport AddToGroup(std::string_view name, std::span<const NodeId> nodes);
  GroupReport RemoveFromGroup(std::string_view name, std::span<const NodeId> nodes);

  // ---- The run.
  std::uint64_t NextCycle();
  /// Takes over what differs in `changed`, which only training.*, aggregation.*, compression.* and
  /// network.* (but not network.backend) may. Returns what the user should know ("optimizer state
  /// of 12 nodes was reset").
  /// A training key so changed has that value for all nodes, whatever their own was.
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
  class Impl;
  explicit Simulation(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace delstep
