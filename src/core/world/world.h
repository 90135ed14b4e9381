#pragma once
/// The world: everything that changes during a run, as one value. Acts (core/acts) change it; what
/// they work with is the engine (core/engine/engine.h).
///
/// Units: simulated nanoseconds, bytes on the wire, loss as a probability, bandwidth in bits per
/// second. Errors: none. Threads: several may read while nobody writes; during an act each node may
/// be written by one worker.
#include <array>
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

#include "core/world/guestbook.h"
#include "core/world/row.h"
#include "delstep/data.h"
#include "delstep/event.h"
#include "delstep/network.h"
#include "delstep/types.h"

namespace delstep {

/// A message with what it says. The network carries the header only.
struct ModelMessage {
  Message header;
  SharedModel model;
  SimTime sent{}, arrived{};  ///< once it is on the wire; once it waits or is in an inbox
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
  /// The model after the last aggregation, until then the initial one; kept through training where
  /// something looks at it (KeepsAnchor), else empty after it: it would keep a row alive.
  Row anchor;
  std::map<std::string, double> own_options;    ///< training keys with a value of its own
  std::shared_ptr<const OwnLabels> own_labels;  ///< null: its labels are those of the data set
  std::uint64_t label_draws = 0;  ///< label noises so far: names the next one's random stream
  double rate = 1;                ///< communal learning rate
  std::uint64_t trained = 0;      ///< `train`s so far: names the next one's random stream
  std::uint64_t gossips = 0;      ///< likewise
  /// With compression (see core/acts/outgoing.h): what receivers know of the model, what was left
  /// out of the last delta, and how often something was compressed.
  Row known, residual;
  std::uint64_t compressions = 0;
  std::vector<NodeId> neighbours;  ///< whom it may send to, ascending
  Guestbook guestbook;
  std::vector<ModelMessage> waiting;  ///< arrived during a step of other nodes, in order of arrival
  std::vector<ModelMessage> inbox;    ///< in order of arrival
  std::size_t outbox = 0;             ///< of World::outbox, its own
  std::size_t in_flight_to = 0, in_flight_from = 0;
  std::optional<Trained> last_trained;
  /// The last test on each scope that the node was ever tested on, the newest one last.
  std::vector<Evaluated> last_tests;

  bool HasNeighbour(NodeId other) const;
  /// Keeps the list in order; false if it was there already.
  bool AddNeighbour(NodeId other);
  /// Null if it was never tested on this scope.
  const Evaluated* LastTest(const EvaluationScope& scope) const;
  /// Replaces the last test on the same scope.
  void NoteTest(const Evaluated& test);
};

/// A set of nodes with a name, for commands to refer to.
struct NodeGroup {
  std::string name;
  std::vector<NodeId> members;  ///< in the order in which they joined
};

/// Latencies of the last messages delivered: a ring of at most 2^20.
struct LatencyRecord {
  static constexpr std::size_t kCapacity = std::size_t{1} << 20;
  std::vector<std::int64_t> nanoseconds;
  std::size_t next = 0;  ///< the oldest, once the ring is full

  void Note(Duration latency);
};

/// How often latencies of each size came. A class is an eighth of a power of two wide, so that its
/// middle is within 6 % of everything in it; only classes that occur take memory.
class LatencyCounts {
 public:
  void Note(Duration latency);
  void Add(const LatencyCounts& other);
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
  std::vector<std::pair<std::uint16_t, std::uint64_t>> classes_;  // ascending
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

/// Counts of messages since the start of the run. sent = delivered + lost + those in flight, of
/// which some wait at their receivers.
struct Traffic {
  std::uint64_t sent = 0, delivered = 0;
  Bytes bytes = 0;
  std::map<LossReason, std::uint64_t> lost;
  LatencyRecord latency;
  /// By LinkKey(); links that nothing was sent over have no entry. Never iterated in order.
  std::unordered_map<std::uint64_t, LinkTraffic> links;

  static std::uint64_t LinkKey(NodeId from, NodeId to) {
    return std::uint64_t{Index(from)} << 32 | Index(to);
  }
  LinkTraffic& Of(const Message& message) { return links[LinkKey(message.from, message.to)]; }
  std::uint64_t total_lost() const;
};

/// Owns a network as a value: copying it copies the network with its messages on the way. Requires
/// a backend that can be cloned.
class OwnedNetwork {
 public:
  OwnedNetwork() = default;
  explicit OwnedNetwork(std::unique_ptr<Network> network) : network_(std::move(network)) {}
  OwnedNetwork(const OwnedNetwork& other);
  OwnedNetwork(OwnedNetwork&&) noexcept = default;
  OwnedNetwork& operator=(OwnedNetwork other) noexcept {
    network_.swap(other.network_);
    return *this;
  }
  ~OwnedNetwork() = default;

  explicit operator bool() const { return network_ != nullptr; }
  Network* operator->() { return network_.get(); }
  const Network* operator->() const { return network_.get(); }

 private:
  std::unique_ptr<Network> network_;
};

/// A value: copies are independent, and share rows, examples and guestbooks until one of them
/// writes.
struct World {
  SimTime now{};
  std::uint64_t cycle = 0;
  bool autonet = false;

  std::vector<Node> nodes;  ///< by id; those that have left keep their place
  std::unordered_map<std::string, NodeId> by_name;  ///< addresses and names of present nodes
  std::unordered_set<std::uint32_t> used_addresses;
  std::size_t next_default_address = 0;
  std::vector<std::uint32_t> undealt;  ///< examples for nodes to come, the next one last
  std::vector<NodeGroup> groups;       ///< in order of creation

  LinkProperties default_link;
  std::map<std::pair<NodeId, NodeId>, LinkProperties> single_links;
  OwnedNetwork network;

  std::uint64_t next_message = 0;
  std::deque<ModelMessage> outbox;  ///< of all nodes, in the order of queueing
  std::unordered_map<std::uint64_t, ModelMessage>
      in_flight;            ///< by message id; never iterated in order
  std::size_t waiting = 0;  ///< messages in `waiting`, of all nodes
  Traffic traffic;
  std::optional<EvaluationScope> last_scope;  ///< of the last test, of whichever nodes

  Node& at(NodeId id) { return nodes[Index(id)]; }
  const Node& at(NodeId id) const { return nodes[Index(id)]; }
  std::vector<NodeId> Present() const;
  /// Null if there is none of this name.
  const NodeGroup* FindGroup(std::string_view name) const;
  /// Its own properties, else the default ones. Whether there is a link: Node::HasNeighbour.
  const LinkProperties& Link(NodeId from, NodeId to) const;
};

}  // namespace delstep
