#include "delstep/moment_view.h"

#include <cassert>
#include <utility>

#include "core/acts/messages.h"
#include "core/acts/why.h"
#include "core/engine/consensus.h"
#include "core/statistics.h"
#include "core/views.h"
#include "core/world/world_hash.h"

// Each answer is that of a function on a World, the same one that Simulation calls for the present.
namespace delstep {

MomentView::MomentView(Snapshot moment) : moment_(std::move(moment)) { assert(moment_); }

SimTime MomentView::now() const { return world().now; }
std::uint64_t MomentView::cycle() const { return world().cycle; }
bool MomentView::autonet() const { return world().autonet; }
const Scenario& MomentView::scenario() const { return *world().scenario; }
std::vector<NodeId> MomentView::Nodes() const { return world().Present(); }
std::size_t MomentView::nodes_ever() const { return world().nodes.size(); }
std::optional<NodeId> MomentView::Find(std::string_view address_or_name) const {
  return FindPresent(world(), address_or_name);
}
std::string MomentView::AddressOf(NodeId node) const { return ToString(world().at(node).address); }
std::string MomentView::NameOf(NodeId node) const { return world().at(node).name; }

NodeView MomentView::View(NodeId node) const { return ViewOf(world(), node); }
bool MomentView::IsTestOlder(NodeId node, const EvaluationScope& scope) const {
  return world().at(node).IsTestOlder(scope);
}
std::vector<EncounterView> MomentView::Encounters(NodeId node) const {
  return EncountersOf(world(), node);
}
std::vector<LinkView> MomentView::Links() const { return delstep::LinksOf(world()); }
std::vector<LinkView> MomentView::LinksOf(NodeId node) const {
  return delstep::LinksOf(world(), node);
}
LinkProperties MomentView::DefaultLink() const { return world().default_link; }
std::vector<GroupView> MomentView::Groups() const { return GroupsOf(world()); }
std::vector<MessageView> MomentView::Messages(std::span<const NodeId> nodes) const {
  return MessagesOf(world(), nodes);
}
TrafficCounts MomentView::Traffic() const { return CountTraffic(world()); }
std::optional<EvaluationScope> MomentView::LastScope() const { return world().last_scope; }
std::uint64_t MomentView::ModelHash(NodeId node) const { return HashRow(world().at(node).model); }
ModelValues MomentView::Model(NodeId node) const { return ModelOf(world(), node); }
std::vector<double> MomentView::DistancesToMean() const {
  std::vector<const Row*> models;
  for (const Node& node : world().nodes)
    if (node.present) models.push_back(&node.model);
  return delstep::DistancesToMean(models);
}
Result<ModelSources> MomentView::Why(NodeId node) const { return SourcesOf(world(), node); }
Result<KnowledgeWay> MomentView::Way(NodeId node, NodeId source) const {
  return WayOf(world(), node, source);
}

}  // namespace delstep
