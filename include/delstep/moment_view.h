#pragma once
/// Looking at a moment of a run without going there.
///
/// Simulation has the same functions for the present. Here they read a snapshot, which nobody can
/// change: so a page can draw the past, or the present, while a command runs in another thread.
///
///   const MomentView then(snapshot);
///   for (const NodeId node : then.Nodes()) Draw(then.View(node));
///
/// A view is a handle: making or copying one costs a reference, and keeps the moment alive. What
/// needs the data set or the learner is asked of the Simulation: labels, classes, the layout of
/// models.
///
/// Order: lists are in order of creation, as those of Simulation. Units: simulated nanoseconds,
/// bytes, bits per second, losses in nats, metres. Errors: a NodeId must be that of a node which
/// was present at the moment, unless said otherwise: assert.
/// Threads: any; the simulation that the snapshot was taken of may be used meanwhile.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/provenance.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "delstep/snapshot.h"
#include "delstep/types.h"

namespace delstep {

class MomentView {
 public:
  /// Requires a moment, not Snapshot().
  explicit MomentView(Snapshot moment);

  SimTime now() const;
  std::uint64_t cycle() const;
  bool autonet() const;
  const Scenario& scenario() const;   ///< with what `set` had changed until then
  std::vector<NodeId> Nodes() const;  ///< those present then
  /// How many nodes there had been until then: numbers are below it.
  std::size_t nodes_ever() const;
  /// By address or name; nothing if it was not present.
  std::optional<NodeId> Find(std::string_view address_or_name) const;
  /// Also of nodes that had left.
  std::string AddressOf(NodeId node) const;
  std::string NameOf(NodeId node) const;

  /// As Simulation::View(), but for `changed_labels`, which is 0.
  NodeView View(NodeId node) const;
  /// The node's model had changed since its last test on this scope.
  bool IsTestOlder(NodeId node, const EvaluationScope& scope) const;
  /// Reads a model per record, for the distance.
  std::vector<EncounterView> Encounters(NodeId node) const;
  /// Every link, up or down, an entry per direction.
  std::vector<LinkView> Links() const;
  /// Those that began at the node, then those that ended there.
  std::vector<LinkView> LinksOf(NodeId node) const;
  /// Of all links without properties of their own.
  LinkProperties DefaultLink() const;
  std::vector<GroupView> Groups() const;
  /// Those from and to these nodes, or all where no node is given, in the order of
  /// Simulation::Messages(). With shared bandwidth the network's future is played in a copy to tell
  /// arrivals, until all that is on the way has ended. A network with a helper program is not
  /// asked, and its arrivals are unknown.
  std::vector<MessageView> Messages(std::span<const NodeId> nodes = {}) const;
  TrafficCounts Traffic() const;
  std::optional<EvaluationScope> LastScope() const;
  /// Equal models, equal hashes. Reads the model.
  std::uint64_t ModelHash(NodeId node) const;
  /// As Simulation::Model().
  ModelValues Model(NodeId node) const;
  /// Euclidean distances of the present nodes' models to their mean, in the order of Nodes(). Reads
  /// every model.
  std::vector<double> DistancesToMean() const;
  /// Whose initial parameters and trainings were in the node's model, and by which way they came;
  /// as Simulation::Why() and Way(). Errors: kRefused where the run does not follow them.
  Result<ModelSources> Why(NodeId node) const;
  Result<KnowledgeWay> Way(NodeId node, NodeId source) const;

 private:
  const World& world() const { return *moment_.world_; }

  Snapshot moment_;
};

}  // namespace delstep
