#include "delstep/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <filesystem>

#include "core/acts/aggregate.h"
#include "core/acts/evaluation.h"
#include "core/acts/labels.h"
#include "core/acts/learning.h"
#include "core/acts/links.h"
#include "core/acts/membership.h"
#include "core/acts/network_step.h"
#include "core/acts/node_options.h"
#include "core/acts/queue_messages.h"
#include "core/acts/settings.h"
#include "core/engine/initial_weights.h"
#include "core/engine/run.h"
#include "core/memory.h"
#include "core/setup.h"
#include "core/statistics.h"

namespace delstep {

class Simulation::Impl {
 public:
  explicit Impl(std::unique_ptr<Run> begun) : owned(std::move(begun)), run(*owned) {}

  std::unique_ptr<Run> owned;
  Run& run;
  const World& world() const { return run.world; }
  NodeGroup& group(std::string_view name) {
    const auto found = std::ranges::find(run.world.groups, name, &NodeGroup::name);
    assert(found != run.world.groups.end());
    return *found;
  }
};

Simulation::Simulation(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Simulation::~Simulation() = default;

Result<std::unique_ptr<Simulation>> Simulation::Create(const Scenario& scenario,
                                                       const Registry& registry) {
  DELSTEP_ASSIGN(std::unique_ptr<Run> run, Begin(scenario, registry));
  return std::unique_ptr<Simulation>(new Simulation(std::make_unique<Impl>(std::move(run))));
}

void Simulation::Observe(Observer observer) { impl_->run.journal.Observe(std::move(observer)); }

const Scenario& Simulation::scenario() const { return impl_->run.engine.scenario; }
SimTime Simulation::now() const { return impl_->world().now; }
std::uint64_t Simulation::cycle() const { return impl_->world().cycle; }
bool Simulation::autonet() const { return impl_->world().autonet; }
std::vector<NodeId> Simulation::Nodes() const { return impl_->world().Present(); }

std::optional<NodeId> Simulation::Find(std::string_view address_or_name) const {
  const auto found = impl_->world().by_name.find(std::string(address_or_name));
  if (found == impl_->world().by_name.end()) return std::nullopt;
  return found->second;
}

std::string Simulation::AddressOf(NodeId node) const {
  return ToString(impl_->world().at(node).address);
}

bool Simulation::IsUp(NodeId node) const { return impl_->world().at(node).up; }

bool Simulation::AreNeighbours(NodeId a, NodeId b) const {
  return impl_->world().at(a).HasNeighbour(b);
}

NodeView Simulation::View(NodeId id) const {
  const World& world = impl_->world();
  const Node& node = world.at(id);
  assert(node.present);
  NodeView view;
  view.node = id;
  view.address = ToString(node.address);
  view.name = node.name;
  view.up = node.up;
  view.train_samples = node.training->size();
  view.held_out_samples = node.held_out->size();
  view.neighbours = node.neighbours;
  for (const NodeGroup& group : world.groups)
    if (std::ranges::find(group.members, id) != group.members.end())
      view.groups.push_back(group.name);
  view.trained = node.trained;
  view.rate = node.rate;
  view.outbox = node.outbox;
  view.in_flight_to = node.in_flight_to;
  view.waiting = node.waiting.size();
  view.inbox = node.inbox.size();
  view.encounters = node.guestbook.records().size();
  view.last_trained = node.last_trained;
  view.last_evaluated = node.last_evaluated;
  view.staleness = Staleness(world, node);
  view.own_options.assign(node.own_options.begin(), node.own_options.end());
  view.changed_labels = ChangedLabels(impl_->run, node);
  return view;
}

std::vector<EncounterView> Simulation::Encounters(NodeId id) const {
  const Node& node = impl_->world().at(id);
  std::vector<EncounterView> views;
  for (const Encounter& record : node.guestbook.records())
    views.push_back({record.peer, AddressOf(record.peer), record.expiry, record.model.samples,
                     record.sent, record.received, Distance(record.model.row, node.model)});
  return views;
}

std::vector<LinkView> Simulation::Links() const {
  const World& world = impl_->world();
  std::vector<LinkView> links;
  for (const Node& node : world.nodes)
    for (const NodeId to : node.neighbours)
      links.push_back(
          {node.id, to, world.Link(node.id, to), world.single_links.contains({node.id, to})});
  return links;
}

std::vector<GroupView> Simulation::Groups() const {
  std::vector<GroupView> views;
  for (const NodeGroup& group : impl_->world().groups) views.push_back({group.name, group.members});
  return views;
}

std::optional<GroupView> Simulation::Group(std::string_view name) const {
  const NodeGroup* group = impl_->world().FindGroup(name);
  if (!group) return std::nullopt;
  return GroupView{group->name, group->members};
}

std::vector<LabelCounts> Simulation::Labels() const { return CountLabels(impl_->run); }

std::vector<std::string> Simulation::ClassNames() const {
  const LoadedData& data = impl_->run.engine.data;
  if (!data.class_names.empty()) return data.class_names;
  std::vector<std::string> names;
  for (std::int32_t i = 0; i < data.dataset.classes; ++i) names.push_back(std::to_string(i));
  return names;
}

const LoadedData& Simulation::data() const { return impl_->run.engine.data; }

Result<ExportReport> Simulation::Export(NodeId id, const std::string& file) const {
  const Engine& engine = impl_->run.engine;
  const Node& node = impl_->world().at(id);
  DELSTEP_ASSIGN(const WriteTensors* write, engine.registry->tensor_writers.FindByEnding(file));
  const ModelLayout& layout = engine.learner->layout();
  const std::vector<TensorSpec> counters = CountersOf(layout);
  const std::vector<NamedArrayView> tensors =
      TensorsOf(layout, counters, node.model.view(), node.state.view());
  DELSTEP_TRY((*write)(file, tensors));
  std::error_code error;
  return ExportReport{tensors.size(), Bytes{std::filesystem::file_size(file, error)}};
}

Graph Simulation::Topology() const {
  const World& world = impl_->world();
  const std::vector<NodeId> present = world.Present();
  std::vector<std::uint32_t> place(world.nodes.size());
  Graph graph;
  graph.nodes = static_cast<std::uint32_t>(present.size());
  for (const NodeId id : present) {
    place[Index(id)] = static_cast<std::uint32_t>(graph.labels.size());
    graph.labels.push_back(AddressOf(id));
  }
  const auto is_up = [&](NodeId from, NodeId to) {
    return world.at(from).HasNeighbour(to) && world.Link(from, to).up;
  };
  const auto add = [&](NodeId a, NodeId b) {
    if (is_up(a, b) || is_up(b, a)) graph.edges.push_back({place[Index(a)], place[Index(b)], 1});
  };
  for (const NodeId a : present)
    for (const NodeId b : world.at(a).neighbours) {
      if (a < b) add(a, b);
      if (a > b && !world.at(b).HasNeighbour(a))
        add(b, a);  // one way, from the higher to the lower
    }
  std::ranges::sort(graph.edges, {}, [](const Graph::Edge& e) { return std::pair(e.a, e.b); });
  return graph;
}

Statistics Simulation::Stats() const { return Measure(impl_->run); }
MemoryUse Simulation::Memory() const { return MeasureMemory(impl_->run); }
std::size_t Simulation::queued() const { return impl_->world().outbox.size(); }
std::size_t Simulation::in_flight() const {
  return impl_->world().in_flight.size() + impl_->world().waiting;
}
std::size_t Simulation::parameters() const {
  return impl_->run.engine.learner->layout().model.payload;
}

Progress Simulation::CurrentProgress() const {
  const ProgressMeter& meter = impl_->run.engine.progress;
  const std::size_t total = meter.total;
  return {std::min<std::size_t>(total, meter.done), total};
}

std::uint64_t Simulation::ModelHash(NodeId node) const {
  return HashRow(impl_->world().at(node).model);
}
std::uint64_t Simulation::WorldHash() const { return HashRun(impl_->run); }

Result<StepReport> Simulation::Train(std::span<const NodeId> nodes, std::stop_token stop) {
  return delstep::Train(impl_->run, nodes, std::move(stop));
}
Result<StepReport> Simulation::Aggregate(std::span<const NodeId> nodes) {
  return delstep::Aggregate(impl_->run, nodes);
}
Result<StepReport> Simulation::Step(std::span<const NodeId> nodes, std::stop_token stop) {
  return delstep::Step(impl_->run, nodes, std::move(stop));
}
Result<std::vector<Evaluated>> Simulation::Evaluate(std::span<const NodeId> nodes,
                                                    const EvaluationScope& scope,
                                                    std::stop_token stop) {
  return delstep::Evaluate(impl_->run, nodes, scope, std::move(stop));
}

void Simulation::SetRate(double rate, std::span<const NodeId> nodes) {
  assert(rate >= 0 && rate <= 1);
  for (const NodeId node : nodes) {
    impl_->run.world.at(node).rate = rate;
    impl_->run.Note(RateChanged{node, rate});
  }
}

Result<std::vector<LabelsChanged>> Simulation::ChangeLabels(const LabelChange& change,
                                                            std::span<const NodeId> nodes) {
  return delstep::ChangeLabels(impl_->run, change, nodes);
}

Result<QueueReport> Simulation::Send(NodeId from, NodeId to) {
  return delstep::Send(impl_->run, from, to);
}
Result<QueueReport> Simulation::Exchange(NodeId a, NodeId b) {
  return delstep::Exchange(impl_->run, a, b);
}
Result<QueueReport> Simulation::Flood(std::span<const NodeId> nodes) {
  return delstep::Flood(impl_->run, nodes);
}
Result<QueueReport> Simulation::Gossip(std::size_t peers, std::span<const NodeId> nodes) {
  return delstep::Gossip(impl_->run, peers, nodes);
}
Result<QueueReport> Simulation::Share(std::string_view group) {
  return delstep::Share(impl_->run, impl_->group(group));
}

Result<NetworkReport> Simulation::NetworkStep(std::optional<Duration> duration) {
  return delstep::NetworkStep(impl_->run, duration);
}
Result<NetworkReport> Simulation::NetworkStep(std::span<const NodeId> nodes,
                                              std::optional<Duration> duration) {
  return delstep::NetworkStep(impl_->run, nodes, duration);
}
void Simulation::SetAutonet(bool on) { impl_->run.world.autonet = on; }
Result<void> Simulation::SetDefaultLoss(double loss) {
  return delstep::SetDefaultLoss(impl_->run, loss);
}
Result<LinkReport> Simulation::ChangeLink(NodeId a, NodeId b, const LinkChange& change) {
  return delstep::ChangeLink(impl_->run, a, b, change);
}
Result<NodeId> Simulation::AddNode(const NewNode& node) {
  return delstep::AddNode(impl_->run, node);
}
Result<RemoveReport> Simulation::RemoveNode(NodeId node) {
  return delstep::RemoveNode(impl_->run, node);
}
Result<std::size_t> Simulation::SetUp(NodeId node, bool up) {
  return delstep::SetUp(impl_->run, node, up);
}

bool Simulation::CreateGroup(std::string_view name) {
  Run& run = impl_->run;
  const bool existed = run.world.FindGroup(name) != nullptr;
  if (existed)
    impl_->group(name).members.clear();
  else
    run.world.groups.push_back({std::string(name), {}});
  run.Note(GroupCreated{std::string(name), existed});
  return existed;
}

GroupReport Simulation::AddToGroup(std::string_view name, std::span<const NodeId> nodes) {
  NodeGroup& group = impl_->group(name);
  GroupReport report;
  for (const NodeId node : nodes) {
    if (std::ranges::find(group.members, node) != group.members.end()) {
      report.unneeded.push_back(node);
      continue;
    }
    group.members.push_back(node);
    report.done.push_back(node);
    impl_->run.Note(GroupJoined{group.name, node});
  }
  return report;
}

GroupReport Simulation::RemoveFromGroup(std::string_view name, std::span<const NodeId> nodes) {
  NodeGroup& group = impl_->group(name);
  GroupReport report;
  for (const NodeId node : nodes) {
    if (std::erase(group.members, node) == 0) {
      report.unneeded.push_back(node);
      continue;
    }
    report.done.push_back(node);
    impl_->run.Note(GroupLeft{group.name, node});
  }
  return report;
}

std::uint64_t Simulation::NextCycle() {
  Run& run = impl_->run;
  run.Note(CycleAdvanced{run.world.cycle + 1});
  return ++run.world.cycle;
}

Result<std::vector<std::string>> Simulation::Reconfigure(const Scenario& changed,
                                                         std::string_view key,
                                                         std::string_view value) {
  return delstep::Reconfigure(impl_->run, changed, key, value);
}
Result<void> Simulation::Reconfigure(const Scenario& changed, std::string_view key,
                                     std::string_view value, std::span<const NodeId> nodes) {
  return delstep::Reconfigure(impl_->run, changed, key, value, nodes);
}
Result<void> Simulation::CanReconfigure(const Scenario& changed) const {
  return CanRenewEngine(impl_->run.engine, changed);
}
std::vector<std::string> Simulation::NodeKeys() { return NodeOptionKeys(); }
Result<void> Simulation::CheckNodeKey(std::string_view key) { return CheckNodeOption(key); }

}  // namespace delstep
