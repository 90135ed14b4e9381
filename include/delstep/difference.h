#pragma once
/// In what two moments of a simulation differ: the answer to "what did that change?".
///
///   DELSTEP_ASSIGN(const Snapshot before, simulation->TakeSnapshot());
///   DELSTEP_TRY(simulation->Aggregate(nodes));
///   DELSTEP_ASSIGN(const Snapshot after, simulation->TakeSnapshot());
///   for (const NodeDifference& node : simulation->Compare(before, after).nodes)
///     std::cout << node.node.address << " moved by " << node.distance.value_or(0) << '\n';
///
/// What decides the future and does not stand here, such as optimizer states or what is in a
/// message, may differ too: compare Snapshot::hash() to know whether anything does, and ask
/// Snapshot::DifferentFields() for its name. Settings that hold for all nodes are those of the
/// scenario: whoever keeps scenarios compares them.
///
/// A node is known by its address: on two branches the same number may belong to two nodes, of
/// which one was added here and the other one there. Lists are ascending by address, and have only
/// what differs. Of each pair of values the first one is of moment a, the second one of moment b.
///
/// Comparing takes the time of reading each model that has moved; models that the moments share are
/// not read, so a moment is compared with the one before it as quickly as it was made.
///
/// The console shows it as `diff A B`: settings, links and nodes as rows with both values, then who
/// sent, lost and met what in one of the moments and not in the other.
///
/// A value: it may be kept longer than the moments and the simulation. Threads: any.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "delstep/event.h"
#include "delstep/network.h"
#include "delstep/snapshot.h"
#include "delstep/types.h"

namespace delstep {

/// A node, as others call it: by its name where it has one.
struct NodeName {
  std::string address;
  std::string name;  ///< may be empty
};

/// A node whose model has moved, whose last test of this model came out otherwise, or that is
/// present in one of the moments only.
struct NodeDifference {
  NodeName node;
  std::array<bool, 2> present{};
  /// Euclidean, over all parameters and float buffers. Nothing where it is present in one only.
  std::optional<double> distance;
  /// Of the last test on Difference::scope; nothing where there was none.
  std::array<std::optional<double>, 2> accuracy{};
  /// The node's model had changed since that test: its accuracy is of another one, and makes no
  /// difference.
  std::array<bool, 2> older{};
};

/// A training key that the node has a value of its own for, in at least one of the moments.
/// Nothing: there the node follows what is set for all.
struct OwnOptionDifference {
  NodeName node;
  std::string key;  ///< "training.lr"; one of Simulation::NodeKeys()
  std::array<std::optional<double>, 2> values{};
};

/// A link that sends otherwise: both names are empty for the default of all links. A link without
/// properties of its own is compared by those of the default.
struct LinkDifference {
  NodeName from, to;
  std::array<LinkProperties, 2> links{};
};

/// Anything else: "autonet", "group g" of the world; "up", "lrate", "labels", "neighbours",
/// "outbox", "in flight", "waiting", "inbox", "guestbook" of a node. Where two lists are equally
/// long, the values are what they hold, or "as dealt" and "changed" of labels.
struct ValueDifference {
  using Value = std::variant<std::monostate, bool, double, std::uint64_t, std::string>;
  std::string key;
  NodeName node;  ///< empty: of the world
  std::array<Value, 2> values{};
};

/// What went over one direction of a link, since the start of the run. Messages are counted rather
/// than named: on two branches one number may belong to two messages.
struct TrafficDifference {
  NodeName from, to;
  std::array<std::uint64_t, 2> sent{}, lost{};
};

/// A meeting that one moment knows and the other one does not, whether its record is still in the
/// guestbook or not: `node` has received at least one model of `peer` in one of them.
struct MeetingDifference {
  NodeName node, peer;
  std::array<bool, 2> met{};
};

/// All of it; see above for what is not in it. Where nothing was done between the moments the lists
/// are empty.
struct Difference {
  std::array<SimTime, 2> at{};
  std::array<std::uint64_t, 2> cycle{};
  /// What accuracies are of: the last scope that was tested in b, or else in a. Nothing where no
  /// test was made in either.
  std::optional<EvaluationScope> scope{};
  std::vector<NodeDifference> nodes{};
  std::vector<OwnOptionDifference> own_options{};
  std::vector<LinkDifference> links{};  ///< the default first
  std::vector<ValueDifference> values{};
  std::vector<TrafficDifference> traffic{};
  std::vector<MeetingDifference> met{};
};

}  // namespace delstep
