#pragma once
/// The world: everything that changes during a run, as one value. Acts (core/acts) change it; what
/// they work with is the engine (core/engine/engine.h).
///
/// A copy of it is a moment to come back to, so copies are cheap: whatever is large is a Cow, which
/// copies share until one of them is changed. Reading and changing therefore have different words:
///
///   world.at(id).rate                     looks at a node
///   world.Change(id).rate = 0.5           changes it: copied first if another world shares it
///   world.groups->size()                  looks at what is in a Cow
///   world.groups.Write().push_back(g)     changes it
///   world.network->now()                  looks at the network
///   world.network.Write()->Send(m)        uses it
///
/// Units: simulated nanoseconds, bytes on the wire, loss as a probability, bandwidth in bits per
/// second. Errors: none, unless said otherwise. Threads: several may read while nobody writes;
/// during an act each node may be written by one worker. Worlds that share values may live in
/// different threads.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/cow.h"
#include "core/world/attack.h"
#include "core/world/cycle_record.h"
#include "core/world/guestbook.h"
#include "core/world/met_pairs.h"
#include "core/world/node_group.h"
#include "core/world/parcels.h"
#include "core/world/provenance.h"
#include "core/world/row.h"
#include "delstep/behaviour.h"
#include "delstep/data.h"
#include "delstep/event.h"
#include "delstep/graph.h"
#include "delstep/learner.h"
#include "delstep/network.h"
#include "delstep/scenario.h"
#include "delstep/simulation.h"
#include "delstep/types.h"

namespace delstep {

/// A training that has begun and not yet ended (compute.ms_per_example). Until it ends the node's
/// model stays as it was at the beginning: that is what is trained.
struct TrainingNow {
  TrainOptions options;  ///< those of the beginning
  double scale = 1;      ///< by what the change of the model is multiplied
  SimTime began{}, ends{};
  /// Paused while the node is offline: what was left then. `ends` does not count.
  std::optional<Duration> left{};
};

/// What a node's behaviour has to hear of trainings. Those that a person, a planned command or the
/// behaviour before it began are not its own.
enum class TrainingNews : std::uint8_t {
  kNone,     ///< nothing
  kEnded,    ///< one that it had started has ended, and it does not know yet
  kForeign,  ///< the one that is under way is not its own: the end of it is no news
};

/// What a node's behaviour (delstep/behaviour.h) has to be reminded of.
struct BehaviourState {
  std::string own{};        ///< the node's own behaviour.name; empty: that of the scenario
  SimTime since{};          ///< when the behaviour was set
  std::uint64_t turns = 0;  ///< the number of the last one that was due, also if it was skipped
  SimTime due{};            ///< the next turn
  bool pending = false;     ///< a turn fell due while the node was training
  TrainingNews trained{};
  std::optional<SimTime> alarm{};
  std::uint64_t draws = 0;  ///< streams drawn from so far
  std::array<double, kBehaviourMemory> memory{};
  /// Peers that came, went, met it or parted while nobody acted, each once: it will be told.
  Cow<std::vector<NodeId>> changed_peers{};
  /// By receiver: when the behaviour last sent its model there (behaviour.min_gap).
  Cow<std::map<NodeId, SimTime>> last_sent{};
};

/// Lists of examples by their place in the data set; nodes made `like` another share them.
using Examples = std::shared_ptr<const std::vector<std::uint32_t>>;

/// A data set that differs from the run's in its labels alone: it shares the features.
struct OwnLabels {
  std::vector<std::int32_t> labels;
  Dataset dataset;  ///< with these labels
};

/// A node with all that it has learnt, holds and has received.
struct Node {
  NodeId id{};
  Address address;
  std::string name;
  /// As messages call it: by its name, or its address where it has none.
  std::string Called() const { return name.empty() ? ToString(address) : name; }
  bool present = true;  ///< false: has left; only id, address and name are of use then
  bool up = true;
  Examples training, held_out;  ///< ascending
  Row model, state;
  OriginRef origin;  ///< whose initial parameters and trainings are in the model; may be null
  Cow<Meetings>
      meetings;  ///< its last aggregations, for the ways of knowledge; empty if not followed
  /// The model after the last aggregation, until then the initial one; kept through training where
  /// something looks at it (KeepsAnchor), else empty after it: it would keep a row alive.
  Row anchor;
  std::map<std::string, double> own_options;    ///< training keys with a value of its own
  std::shared_ptr<const OwnLabels> own_labels;  ///< null: its labels are those of the data set
  std::uint64_t label_draws = 0;  ///< label noises so far: names the next one's random stream
  Attack attack;                  ///< what it sends instead of what it has learnt
  double rate = 1;                ///< communal learning rate
  std::uint64_t trained = 0;      ///< `train`s so far: names the next one's random stream
  std::uint64_t gossips = 0;      ///< likewise
  /// With compression (see core/acts/outgoing.h): what receivers know of the model, what was left
  /// out of the last delta, and how often something was compressed.
  Row known, residual;
  std::uint64_t compressions = 0;
  Cow<std::vector<NodeId>> neighbours;  ///< whom it may send to, ascending
  Guestbook guestbook;
  Cow<std::vector<ModelMessage>>
      waiting;  ///< arrived during a step of other nodes, in order of arrival
  Cow<std::vector<ModelMessage>> inbox;  ///< in order of arrival
  std::optional<Trained> last_trained;
  /// The last test on each scope that the node was ever tested on, the newest one last.
  std::vector<Evaluated> last_tests;
  std::size_t fresh_tests = 0;  ///< of last_tests, at its end: of the model as it is now
  std::optional<TrainingNow> training_now;
  BehaviourState behaviour;
  std::optional<Position> place;  ///< where `move` has put it; nothing: where the mobility says

  bool HasNeighbour(NodeId other) const;
  /// Keeps the list in order; false if it was there already.
  bool AddNeighbour(NodeId other);
  /// Null if it was never tested on this scope.
  const Evaluated* LastTest(const EvaluationScope& scope) const;
  /// Replaces the last test on the same scope.
  void NoteTest(const Evaluated& test);
  /// Takes over the tests of this model that another node with the same model has. Returns whether
  /// it had any that were not known here.
  bool AdoptTests(const Node& other);
  /// The last tests are of another model from now on.
  void NoteNewModel() { fresh_tests = 0; }
  /// The last test on this scope was of a model that has changed since.
  bool IsTestOlder(const EvaluationScope& scope) const;
};

/// All nodes that a run has had, by id. Those that have left keep their place.
class Nodes {
 public:
  class Iterator {
   public:
    using value_type = Node;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(std::vector<Cow<Node>>::const_iterator place) : place_(place) {}
    const Node& operator*() const { return **place_; }
    Iterator& operator++() {
      ++place_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(place_++); }
    bool operator==(const Iterator&) const = default;

   private:
    std::vector<Cow<Node>>::const_iterator place_;
  };

  std::size_t size() const { return nodes_.size(); }
  bool empty() const { return nodes_.empty(); }
  const Node& operator[](std::size_t i) const { return *nodes_[i]; }
  Iterator begin() const { return Iterator(nodes_.begin()); }
  Iterator end() const { return Iterator(nodes_.end()); }
  /// To be changed; see Cow::Write().
  Node& Write(std::size_t i) { return nodes_[i].Write(); }
  void Add(Cow<Node> node) { nodes_.push_back(std::move(node)); }
  /// To be shared.
  const Cow<Node>& At(std::size_t i) const { return nodes_[i]; }
  void Set(std::size_t i, Cow<Node> node) { nodes_[i] = std::move(node); }
  /// Nothing of node i has changed since the two were copies of each other.
  bool Shares(const Nodes& other, std::size_t i) const {
    return nodes_[i].SharesWith(other.nodes_[i]);
  }

 private:
  std::vector<Cow<Node>> nodes_;
};

/// Latencies of the last messages delivered: a ring of at most 2^20, in parts that copies share.
class LatencyRecord {
 public:
  static constexpr std::size_t kCapacity = std::size_t{1} << 20;

  LatencyRecord() = default;
  /// As it was when Values() and next() were these.
  LatencyRecord(const std::vector<std::int64_t>& values, std::size_t next);

  void Note(Duration latency);
  std::size_t size() const { return size_; }
  /// In nanoseconds, in no order that means anything.
  std::vector<std::int64_t> Values() const;
  /// The next to be overwritten once the ring is full.
  std::size_t next() const { return next_; }
  /// Of the parts that the other does not share.
  Bytes OwnBytes(const LatencyRecord& other) const;

 private:
  static constexpr std::size_t kPart = 4096;
  std::vector<Cow<std::vector<std::int64_t>>> parts_;
  std::size_t size_ = 0, next_ = 0;
};

/// How often latencies of each size came. A class is an eighth of a power of two wide, so that its
/// middle is within 6 % of everything in it; only classes that occur take memory.
class LatencyCounts {
 public:
  void Note(Duration latency);
  void Add(const LatencyCounts& other);
  /// Those that occur, ascending, with how often: a copy.
  using Classes = std::vector<std::pair<std::uint16_t, std::uint64_t>>;
  Classes classes() const;
  std::uint64_t count() const { return count_; }
  Duration min() const { return min_; }
  Duration max() const { return max_; }
  /// Seconds; 0 without any.
  double mean() const;
  /// Seconds: the middle of the class in which that share of the latencies ends, kept within least
  /// and greatest; 0 without any.
  double Percentile(double share) const;

 private:
  friend struct LatencyCountsFields;  // core/world/fields.h
  void SetClasses(Classes classes);
  void CountInClass(std::uint16_t of_class, std::uint64_t count);

  // Empty as long as all are in one class, which is that of the least: so it is on most links, and
  // they need no list.
  Classes classes_;
  std::uint64_t count_ = 0;
  double sum_ = 0;  // nanoseconds
  Duration min_{0}, max_{0};
};

/// What was sent over one direction of a link.
struct LinkTraffic {
  std::uint64_t sent = 0, delivered = 0;
  Bytes bytes = 0, delivered_bytes = 0;
  std::array<std::uint32_t, kLossReasons> lost{};  ///< by LossReason
  LatencyCounts latency;

  void Add(const LinkTraffic& other);
};

/// Traffic of every directed link that something was sent over; kept by sender, so that a message
/// changes the part of its sender alone.
class TrafficByLink {
 public:
  /// Zero at first. The reference holds until the next call. Cost: none to speak of where the
  /// receivers of a sender come in ascending order; otherwise a binary search among them.
  LinkTraffic& Write(NodeId from, NodeId to);
  /// That sender is about to use so many links: room for all of them, where it has used none yet.
  void Expect(NodeId from, std::size_t links);
  std::size_t size() const;
  /// Of the parts that the other does not share.
  Bytes OwnBytes(const TrafficByLink& other) const;
  /// visit(from, to, traffic) for each link, ascending by (from, to).
  template <class Visit>
  void ForEach(Visit visit) const {
    for (std::size_t from = 0; from < senders_.size(); ++from)
      for (const auto& [to, traffic] : *senders_[from].links)
        visit(static_cast<NodeId>(from), to, traffic);
  }

 private:
  struct Link {
    NodeId to{};
    LinkTraffic traffic;
  };
  struct Sender {
    Cow<std::vector<Link>> links;  // ascending by receiver
    std::size_t next = 0;          // the one after the last that was asked for
  };
  Sender& Of(NodeId from);

  std::vector<Sender> senders_;
};

/// Counts of messages since the start of the run. sent = delivered + lost + those in flight, of
/// which some wait at their receivers.
struct Traffic {
  std::uint64_t sent = 0, delivered = 0;
  Bytes bytes = 0;
  std::map<LossReason, std::uint64_t> lost;
  LatencyRecord latency;
  TrafficByLink links;

  LinkTraffic& Of(const Message& message) { return links.Write(message.from, message.to); }
  std::uint64_t total_lost() const;
};

/// Owns a network as a value. A copy shares the network as it was when it was last kept (Keep()),
/// and makes one of its own as soon as it is used: so a moment in which the network did nothing
/// costs a reference.
///
/// Threads: as for a Cow.
class OwnedNetwork {
 public:
  OwnedNetwork() = default;
  explicit OwnedNetwork(std::unique_ptr<Network> network) : used_(std::move(network)) {}
  /// Requires that there is no network, or that it was not used since Keep().
  OwnedNetwork(const OwnedNetwork& other);
  OwnedNetwork(OwnedNetwork&&) noexcept = default;
  OwnedNetwork& operator=(OwnedNetwork other) noexcept {
    used_.swap(other.used_);
    kept_.swap(other.kept_);
    return *this;
  }
  ~OwnedNetwork() = default;

  explicit operator bool() const { return used_ || kept_; }
  const Network* operator->() const { return used_ ? used_.get() : kept_.get(); }
  /// To be used, which may change it.
  Network* Write();
  /// Makes the present state one that copies can share. Errors: those of Network::Clone().
  Result<void> Keep();
  /// Neither has been used since the two were copies of each other.
  bool SharesWith(const OwnedNetwork& other) const { return kept_ && kept_ == other.kept_; }

 private:
  std::unique_ptr<Network> used_;        // null: nobody has used it since it was kept or copied
  std::shared_ptr<const Network> kept_;  // equal to used_; null: used_ has been used since
};

/// A value: copies are independent, and share what neither has changed. Copying requires a network
/// that was kept (OwnedNetwork::Keep()).
struct World {
  SimTime now{};
  std::uint64_t cycle = 0;
  bool autonet = false;
  /// What the run works by. `set` replaces it, and the engine is made from it
  /// (core/engine/engine.h).
  std::shared_ptr<const Scenario> scenario;

  Nodes nodes;
  Cow<std::unordered_map<std::string, NodeId>> by_name;  ///< addresses and names of present nodes
  Cow<std::unordered_set<std::uint32_t>> used_addresses;
  std::size_t next_default_address = 0;
  Cow<std::vector<std::uint32_t>> undealt;  ///< examples for nodes to come, the next one last
  Cow<std::vector<NodeGroup>> groups;       ///< in order of creation

  LinkProperties default_link;
  Cow<std::map<std::pair<NodeId, NodeId>, LinkProperties>> single_links;
  OwnedNetwork network;

  std::uint64_t next_message = 0;
  Cow<Parcels> outbox;  ///< of all nodes, in the order of queueing
  Parcels in_flight;
  MailCounts mail;          ///< of each node's messages in the two above
  std::size_t waiting = 0;  ///< messages in `waiting`, of all nodes
  Traffic traffic;
  std::optional<EvaluationScope> last_scope;  ///< of the last test, of whichever nodes
  CycleRecord cycle_record;

  /// Messages that the network has reported as ended and nobody has handled yet: time stands
  /// between two happenings of one instant. They count as in flight.
  Cow<std::deque<Outcome>> ended;
  /// The last change of plan (contacts, churn, traces) that has been made; see
  /// core/engine/change_feed.h.
  ChangeKey changed;
  MetPairs met;  ///< contacts so far
  Cow<std::vector<PlannedCommand>> plans;
  std::uint64_t next_plan = 1;

  const Node& at(NodeId id) const { return nodes[Index(id)]; }
  /// The node, to be changed. The reference holds until the world is copied.
  Node& Change(NodeId id) { return nodes.Write(Index(id)); }
  std::vector<NodeId> Present() const;
  /// Null if there is none of this name.
  const NodeGroup* FindGroup(std::string_view name) const;
  /// Its own properties, else the default ones. Whether there is a link: Node::HasNeighbour.
  const LinkProperties& Link(NodeId from, NodeId to) const;
};

}  // namespace delstep
