#include "core/genesis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <numeric>
#include <system_error>
#include <utility>

#include "base/text.h"

namespace delstep {
namespace {

/// What is dealt: all examples or the training part, in an order drawn by the seed.
std::vector<std::uint32_t> DrawPool(const Scenario& scenario, const LoadedData& data) {
  const std::size_t size =
      scenario.data.pool == "train" ? data.train_examples : data.dataset.size();
  std::vector<std::uint32_t> pool(size);
  std::iota(pool.begin(), pool.end(), 0u);
  Random(MakeKey(scenario.seed, Purpose::kDraw)).Shuffle(std::span(pool));
  return pool;
}

struct Deal {
  Partition parts;
  std::vector<std::uint32_t> undealt;  // the next example to give is the last
};

Result<Deal> DealExamples(const Scenario& scenario, const Registry& registry,
                          const LoadedData& data) {
  const std::size_t nodes = scenario.nodes.count;
  std::vector<std::uint32_t> pool = DrawPool(scenario, data);
  std::size_t drawn = pool.size();
  if (const auto each = scenario.partition.samples_per_node) {
    if (*each > pool.size() / nodes)
      return Misused(
          fmt::format("partition.samples_per_node = {}: {} would need {}, and {} has {}", *each,
                      Count(nodes, "node"), nodes * *each, data.name, pool.size()),
          fmt::format("at most {}", pool.size() / nodes));
    drawn = *each * nodes;
  } else if (pool.size() < nodes) {
    return Misused(fmt::format("nodes.count = {}: {} has only {}", nodes, data.name,
                               Count(pool.size(), "example")));
  }

  DELSTEP_ASSIGN(const DealData* deal_data, registry.partitioners.Find(scenario.partition.name));
  PartitionRequest request;
  request.labels = data.dataset.labels;
  request.classes = data.dataset.classes;
  request.pool = std::span(pool).first(drawn);
  request.nodes = nodes;
  request.sources = data.sources;
  request.source_names = data.source_names;
  request.options = &scenario.partition;
  request.key = MakeKey(scenario.seed, Purpose::kPartition);
  Deal deal;
  DELSTEP_ASSIGN(deal.parts, (*deal_data)(request));
  assert(deal.parts.size() == nodes);

  std::vector<bool> dealt(data.dataset.size());
  for (const auto& part : deal.parts)
    for (const std::uint32_t example : part) dealt[example] = true;
  std::ranges::copy_if(pool, std::back_inserter(deal.undealt),
                       [&](std::uint32_t example) { return !dealt[example]; });
  std::ranges::reverse(deal.undealt);
  return deal;
}

/// Splits a node's examples into training and held-out part.
void GiveExamples(const Scenario& scenario, std::vector<std::uint32_t> examples, Node& node) {
  // The small term keeps 100 * 0.29 at 29 where the product is a hair below.
  const auto held = static_cast<std::size_t>(
      static_cast<double>(examples.size()) * scenario.data.test_fraction + 1e-9);
  std::ranges::sort(examples);
  Random(MakeKey(scenario.seed, Purpose::kHoldOut, Index(node.id))).Shuffle(std::span(examples));
  std::vector<std::uint32_t> held_out(examples.begin(),
                                      examples.begin() + static_cast<std::ptrdiff_t>(held));
  examples.erase(examples.begin(), examples.begin() + static_cast<std::ptrdiff_t>(held));
  std::ranges::sort(held_out);
  std::ranges::sort(examples);
  node.training = std::make_shared<const std::vector<std::uint32_t>>(std::move(examples));
  node.held_out = std::make_shared<const std::vector<std::uint32_t>>(std::move(held_out));
}

/// Enters a node that has an id, address, name and neighbours into the world's tables and the
/// network.
Result<void> Settle(World& world, Node node) {
  assert(Index(node.id) == world.nodes.size());
  DELSTEP_TRY(world.network->Attach(node.id));
  world.by_name.emplace(ToString(node.address), node.id);
  if (!node.name.empty()) world.by_name.emplace(node.name, node.id);
  world.used_addresses.insert(node.address.value);
  world.nodes.push_back(std::move(node));
  return {};
}

Address NextDefaultAddress(World& world) {
  Address address = DefaultAddress(world.next_default_address++);
  while (world.used_addresses.contains(address.value))
    address = DefaultAddress(world.next_default_address++);
  return address;
}

Result<void> MakeNodes(Run& run, std::vector<std::vector<std::uint32_t>> parts) {
  const Scenario& scenario = run.machinery.scenario;
  for (const Address address : scenario.nodes.addresses)
    run.world.used_addresses.insert(address.value);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Node node;
    node.id = static_cast<NodeId>(i);
    node.address = i < scenario.nodes.addresses.size() ? scenario.nodes.addresses[i]
                                                       : NextDefaultAddress(run.world);
    if (i < scenario.nodes.names.size()) node.name = scenario.nodes.names[i];
    node.rate = scenario.aggregation.rate;
    GiveExamples(scenario, std::move(parts[i]), node);
    // Equal initial models are one row, shared until the first training.
    if (i > 0 && scenario.model.init == "common") {
      node.model = run.world.nodes[0].model;
      node.state = run.world.nodes[0].state;
    } else {
      DELSTEP_ASSIGN(std::tie(node.model, node.state), InitialRows(run.machinery, node.id));
    }
    node.anchor = node.model;
    if (run.machinery.compressor && scenario.model.init == "common") node.known = node.model;
    DELSTEP_TRY(Settle(run.world, std::move(node)));
  }
  return {};
}

Result<void> ConnectNodes(Run& run) {
  const Machinery& machinery = run.machinery;
  const Scenario& scenario = machinery.scenario;
  DELSTEP_ASSIGN(const MakeMobility* make_mobility,
                 machinery.registry->mobility.Find(scenario.mobility.name));
  DELSTEP_ASSIGN(const std::unique_ptr<Mobility> mobility, (*make_mobility)(scenario));
  DELSTEP_ASSIGN(const MakeTopology* make_topology,
                 machinery.registry->topologies.Find(scenario.topology.name));
  DELSTEP_ASSIGN(const Graph graph, (*make_topology)(scenario, *mobility));
  assert(graph.nodes == run.world.nodes.size());
  for (const Graph::Edge& edge : graph.edges) {
    run.world.nodes[edge.a].neighbours.push_back(static_cast<NodeId>(edge.b));
    run.world.nodes[edge.b].neighbours.push_back(static_cast<NodeId>(edge.a));
  }
  for (Node& node : run.world.nodes) std::ranges::sort(node.neighbours);
  return {};
}

Result<void> MakeNetworkOf(Run& run) {
  const Scenario& scenario = run.machinery.scenario;
  DELSTEP_ASSIGN(const MakeNetwork* make,
                 run.machinery.registry->networks.Find(scenario.network.backend));
  DELSTEP_ASSIGN(std::unique_ptr<Network> network, (*make)(scenario.network, scenario.seed));
  run.world.network = OwnedNetwork(std::move(network));
  run.world.default_link = scenario.network.link;
  run.world.autonet = scenario.network.autonet;
  return {};
}

/// Fresh data for a node that joins later.
Result<std::vector<std::uint32_t>> TakeUndealt(const Run& run) {
  const auto each = run.machinery.scenario.partition.samples_per_node;
  const std::vector<std::uint32_t>& undealt = run.world.undealt;
  if (!each)
    return Refused(
        "nothing is left to deal: without partition.samples_per_node the nodes got all examples",
        "`node add like NODE` shares a node's data; or start with "
        "partition.samples_per_node=N");
  if (undealt.size() < *each)
    return Refused(fmt::format("nothing is left to deal: {} of the {} that a node gets",
                               undealt.size(), Count(*each, "example")),
                   "`node add like NODE` shares a node's data");
  return std::vector<std::uint32_t>(undealt.end() - static_cast<std::ptrdiff_t>(*each),
                                    undealt.end());
}

}  // namespace

Result<std::pair<Row, Row>> InitialRows(Machinery& machinery, NodeId node) {
  const Scenario& scenario = machinery.scenario;
  const std::uint64_t who = scenario.model.init == "common" ? 0 : 1 + Index(node);
  Row model = machinery.model_rows->New(), state = machinery.state_rows->New();
  DELSTEP_TRY(machinery.learner->Initialise(model.Write(), state.Write(),
                                            MakeKey(scenario.seed, Purpose::kInitialise, who)));
  if (!machinery.weights.model.empty()) model = machinery.weights.model;
  machinery.weights.PlaceCounters(state.Write());
  return std::pair(std::move(model), std::move(state));
}

namespace {

Result<std::unique_ptr<PoolWorkers>> MakeWorkers(std::size_t threads,
                                                 std::atomic<std::size_t>& done) {
  try {
    return std::make_unique<PoolWorkers>(threads, &done);
  } catch (const std::system_error&) {
    return Refused(fmt::format("training.threads = {}: the system gives no more threads", threads),
                   "0 takes one a core");
  }
}

struct Chosen {
  std::unique_ptr<Learner> learner;
  std::unique_ptr<Aggregator> aggregator;
  std::unique_ptr<Compressor> compressor;
};

/// What the scenario asks for, if it can go on with the models that there are.
Result<Chosen> Choose(const Machinery& machinery, const Scenario& scenario, Workers& workers) {
  Chosen chosen;
  DELSTEP_ASSIGN(const MakeAggregator* make_aggregator,
                 machinery.registry->aggregators.Find(scenario.aggregation.name));
  DELSTEP_ASSIGN(chosen.aggregator, (*make_aggregator)(scenario.aggregation));
  DELSTEP_ASSIGN(const MakeCompressor* make_compressor,
                 machinery.registry->compressors.Find(scenario.compression.name));
  DELSTEP_ASSIGN(chosen.compressor, (*make_compressor)(scenario.compression));
  DELSTEP_ASSIGN(const MakeLearner* make_learner,
                 machinery.registry->learners.Find(scenario.model.learner));
  DELSTEP_ASSIGN(chosen.learner, (*make_learner)(scenario, machinery.data.dataset, workers));
  if (machinery.learner && !(machinery.learner->layout().model == chosen.learner->layout().model))
    return Refused("the models of this run have another layout than these values need",
                   "give them when the run starts");
  return chosen;
}

}  // namespace

Result<void> CanRenewMachinery(const Machinery& machinery, const Scenario& scenario) {
  DELSTEP_TRY(Choose(machinery, scenario, *machinery.workers));
  return {};
}

Result<bool> RenewMachinery(Machinery& machinery) {
  const Scenario& scenario = machinery.scenario;
  std::unique_ptr<PoolWorkers> fresh;
  if (!machinery.workers || machinery.threads != scenario.training.threads) {
    DELSTEP_ASSIGN(fresh, MakeWorkers(scenario.training.threads, machinery.progress.done));
  }
  DELSTEP_ASSIGN(Chosen chosen, Choose(machinery, scenario, fresh ? *fresh : *machinery.workers));

  const ModelLayout& layout = chosen.learner->layout();
  const bool first = machinery.learner == nullptr;
  const bool other_state = first || !(machinery.learner->layout().state == layout.state);
  if (first) machinery.model_rows = std::make_unique<RowPool>(layout.model.floats);
  if (other_state) machinery.state_rows = std::make_unique<RowPool>(layout.state.floats);
  machinery.learner = std::move(chosen.learner);
  machinery.evaluations.Clear();
  if (fresh) {
    machinery.workers = std::move(fresh);
    machinery.threads = scenario.training.threads;
  }
  machinery.aggregator = std::move(chosen.aggregator);
  machinery.compressor = std::move(chosen.compressor);
  return other_state;
}

Result<std::unique_ptr<Run>> Begin(const Scenario& scenario, const Registry& registry) {
  auto run = std::make_unique<Run>();
  run->machinery.scenario = scenario;
  run->machinery.registry = &registry;
  // What is cheap to refuse comes before the data are read.
  DELSTEP_TRY(MakeNetworkOf(*run));
  DELSTEP_ASSIGN(const LoadData* load, registry.data.Find(scenario.data.name));
  DELSTEP_ASSIGN(run->machinery.data, (*load)(scenario));
  DELSTEP_TRY(RenewMachinery(run->machinery));
  DELSTEP_ASSIGN(run->machinery.weights,
                 ReadInitialWeights(scenario, registry, run->machinery.learner->layout(),
                                    *run->machinery.model_rows));
  DELSTEP_ASSIGN(Deal deal, DealExamples(scenario, registry, run->machinery.data));
  run->world.undealt = std::move(deal.undealt);
  DELSTEP_TRY(MakeNodes(*run, std::move(deal.parts)));
  DELSTEP_TRY(ConnectNodes(*run));
  return run;
}

Result<NodeId> AddNode(Run& run, const NewNode& wanted) {
  World& world = run.world;
  const Scenario& scenario = run.machinery.scenario;
  if (wanted.address && world.used_addresses.contains(wanted.address->value))
    return Refused(fmt::format("the address {} has been used; addresses are never reused",
                               ToString(*wanted.address)));
  if (!wanted.name.empty() && world.by_name.contains(wanted.name))
    return Refused(fmt::format("there is a node named '{}' already", wanted.name));

  Node node;
  node.id = static_cast<NodeId>(world.nodes.size());
  node.rate = scenario.aggregation.rate;
  node.name = wanted.name;
  DELSTEP_ASSIGN(std::tie(node.model, node.state), InitialRows(run.machinery, node.id));
  node.anchor = node.model;
  if (run.machinery.compressor && scenario.model.init == "common") node.known = node.model;
  if (wanted.like) {
    const Node& model = world.at(*wanted.like);
    node.training = model.training;
    node.held_out = model.held_out;
    node.own_labels = model.own_labels;
    node.neighbours = model.neighbours;
  } else {
    DELSTEP_ASSIGN(std::vector<std::uint32_t> examples, TakeUndealt(run));
    GiveExamples(scenario, std::move(examples), node);
    if (scenario.topology.name == "full") node.neighbours = world.Present();
  }
  node.address = wanted.address ? *wanted.address : NextDefaultAddress(world);

  const NodeId id = node.id;
  const std::vector<NodeId> neighbours = node.neighbours;
  DELSTEP_TRY(Settle(world, std::move(node)));
  if (!wanted.like)
    world.undealt.resize(world.undealt.size() - *scenario.partition.samples_per_node);
  if (wanted.like) {
    for (Node& other : world.nodes)
      if (other.HasNeighbour(*wanted.like)) other.AddNeighbour(id);
  } else {
    for (const NodeId neighbour : neighbours) world.at(neighbour).AddNeighbour(id);
  }
  const Node& added = world.at(id);
  run.Note(NodeAdded{id, ToString(added.address), added.name,
                     added.training->size() + added.held_out->size(), wanted.like});
  return id;
}

}  // namespace delstep
