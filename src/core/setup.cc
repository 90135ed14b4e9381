#include "core/setup.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include "core/acts/behave.h"
#include "core/acts/deal.h"
#include "core/acts/membership.h"
#include "core/acts/presence.h"
#include "core/engine/compute.h"
#include "core/engine/tables.h"
#include "delstep/graph.h"

namespace delstep {
namespace {

/// One node per part of the deal, in the order of the parts: node i has list i.
Result<void> MakeNodes(Run& run, std::vector<std::vector<std::uint32_t>> parts) {
  const Scenario& scenario = *run.engine.scenario;
  // Before any default address is given: nodes.addresses may hold one of those.
  for (const Address address : scenario.nodes.addresses)
    run.world.used_addresses.Write().insert(address.value);
  std::vector<NodeId> ids;
  for (std::size_t i = 0; i < parts.size(); ++i) ids.push_back(static_cast<NodeId>(i));
  DELSTEP_ASSIGN(auto rows, InitialRows(run.engine, ids));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Node node;
    node.id = static_cast<NodeId>(i);
    node.address = i < scenario.nodes.addresses.size() ? scenario.nodes.addresses[i]
                                                       : NextDefaultAddress(run.world);
    if (i < scenario.nodes.names.size()) node.name = scenario.nodes.names[i];
    // Each node has a rate of its own from the start: `lrate` may change it for some.
    node.rate = scenario.aggregation.rate;
    AssignExamples(scenario, std::move(parts[i]), node);
    // Equal initial models are one row, shared until the first training.
    if (i > 0 && scenario.model.init == "common") {
      const Node& first = run.world.nodes[0];
      node.model = first.model;
      node.state = first.state;
      node.anchor = first.anchor;
      node.known = first.known;
      // Equal or not, each node has initial parameters of its own.
      if (first.origin) node.origin = InitialOrigin(node.id, 0);
    } else {
      GiveInitialModel(run.engine, std::move(rows[i]), node);
    }
    DELSTEP_TRY(EnterNode(run.engine, run.world, std::move(node)));
  }
  return {};
}

void AddNotes(const std::vector<std::string>& notes, Engine& engine) {
  engine.notes.insert(engine.notes.end(), notes.begin(), notes.end());
}

/// The state of nodes that have just come into being: what their plans and behaviours say.
Result<void> BeginLiving(Run& run) {
  for (const NodeId node : run.world.Present()) {
    BeginBehaviour(run, node);
    // Contacts that the run begins with count as met now.
    if (!run.engine.contacts) continue;
    for (const NodeId peer : *run.world.at(node).neighbours)
      if (node < peer) run.world.met.Write(node, peer) = {.count = 1, .now = true};
  }
  for (const NodeId node : run.world.Present()) DELSTEP_TRY(BeginPresence(run, node));
  return {};
}

/// Links with properties of their own, as the graph's file has them.
Result<void> SetLinks(Run& run, const Graph& graph) {
  World& world = run.world;
  for (const Graph::Link& own : graph.links) {
    LinkProperties link = world.default_link;
    if (own.loss) link.loss = *own.loss;
    if (own.latency) link.latency = *own.latency;
    if (own.bandwidth) link.bandwidth = *own.bandwidth;
    const auto from = static_cast<NodeId>(own.from), to = static_cast<NodeId>(own.to);
    DELSTEP_TRY(world.network.Write()->SetLink(from, to, link));
    world.single_links.Write()[{from, to}] = link;
  }
  return {};
}

Result<void> ConnectNodes(Run& run, const Graph& graph) {
  assert(graph.nodes == run.world.nodes.size());
  // Links of a topology go both ways. Pushed first and sorted once: inserting in order would take
  // quadratic time in the neighbours.
  for (const Graph::Edge& edge : graph.edges) {
    const auto a = static_cast<NodeId>(edge.a), b = static_cast<NodeId>(edge.b);
    run.world.Change(a).neighbours.Write().push_back(b);
    run.world.Change(b).neighbours.Write().push_back(a);
  }
  for (const NodeId node : run.world.Present())
    std::ranges::sort(run.world.Change(node).neighbours.Write());
  for (const Graph::Edge& edge : graph.edges)
    if (edge.weight != 1)
      run.engine.edge_weights[{static_cast<NodeId>(edge.a), static_cast<NodeId>(edge.b)}] =
          edge.weight;
  return SetLinks(run, graph);
}

/// Made without nodes: EnterNode() attaches each.
Result<void> BeginNetwork(Run& run) {
  const Scenario& scenario = *run.engine.scenario;
  DELSTEP_ASSIGN(std::unique_ptr<Network> network, MakeNetworkOf(run.engine));
  run.world.network = OwnedNetwork(std::move(network));
  run.world.default_link = scenario.network.link;
  run.world.autonet = scenario.network.autonet;
  return {};
}

}  // namespace

Result<void> MakeMobilityOf(Engine& engine) {
  const Scenario& scenario = *engine.scenario;
  DELSTEP_ASSIGN(const MakeMobility* make_mobility,
                 engine.registry->mobility.Find(scenario.mobility.name));
  DELSTEP_ASSIGN(std::unique_ptr<Mobility> mobility, (*make_mobility)(scenario));
  engine.field = FieldOf(scenario);
  engine.contacts.reset();  // before the mobility that it uses
  engine.mobility = std::make_unique<PlacedMobility>(std::move(mobility));
  return {};
}

Result<Graph> MakeGraph(Engine& engine) {
  const Scenario& scenario = *engine.scenario;
  DELSTEP_ASSIGN(const MakeTopology* make_topology,
                 engine.registry->topologies.Find(scenario.topology.name));
  DELSTEP_ASSIGN(Graph graph, (*make_topology)(scenario, *engine.mobility));
  engine.contacts = graph.contacts;
  return graph;
}

Result<std::unique_ptr<Run>> Begin(const Scenario& scenario, const Registry& registry) {
  // On the heap from the start: the learner keeps a reference to the workers of the engine.
  auto run = std::make_unique<Run>();
  Scenario followed = scenario;
  run->engine.scenario = run->world.scenario = std::make_shared<const Scenario>(scenario);
  run->engine.registry = &registry;
  run->engine.cluster = registry.cluster;
  // What is cheap to refuse comes before the data are read.
  DELSTEP_TRY(BeginNetwork(*run));
  DELSTEP_ASSIGN(const LoadData* load, registry.data.Find(scenario.data.name));
  DELSTEP_TRY(MakeMobilityOf(run->engine));
  if (const std::size_t nodes = run->engine.mobility->nodes();
      nodes > 0 && !scenario.nodes.count_given) {
    // A trace brings its nodes.
    followed.nodes.count = nodes;
    run->engine.scenario = run->world.scenario = std::make_shared<const Scenario>(followed);
  }
  DELSTEP_ASSIGN(Graph graph, MakeGraph(run->engine));
  // A file may bring more or fewer nodes than the default is; all that follows goes by them.
  followed.nodes.count = graph.nodes;
  followed.nodes.count_given = true;
  DELSTEP_TRY(TakeTables(followed));
  run->world.scenario = std::make_shared<const Scenario>(std::move(followed));
  run->engine.notes = std::move(graph.notes);
  AddNotes(run->engine.mobility->notes(), run->engine);
  DELSTEP_ASSIGN(run->engine.data, (*load)(*run->world.scenario));
  DELSTEP_TRY(RenewEngine(run->engine, run->world.scenario));
  DELSTEP_ASSIGN(run->engine.weights,
                 ReadInitialWeights(*run->engine.scenario, registry, run->engine.learner->layout(),
                                    *run->engine.model_rows));
  DELSTEP_ASSIGN(Deal deal, DealExamples(*run->engine.scenario, registry, run->engine.data));
  run->world.undealt = std::move(deal.undealt);
  DELSTEP_TRY(MakeNodes(*run, std::move(deal.parts)));
  DELSTEP_TRY(ConnectNodes(*run, graph));
  DELSTEP_TRY(BeginLiving(*run));
  AddNotes(run->engine.speeds.notes(), run->engine);
  if (run->engine.churn) AddNotes(run->engine.churn->notes(), run->engine);
  return run;
}

}  // namespace delstep
