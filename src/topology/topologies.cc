#include "topology/topologies.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "base/text.h"
#include "delstep/random.h"
#include "mobility/radio_contacts.h"
#include "topology/assemble.h"
#include "topology/generators.h"
#include "topology/graph_files.h"

namespace delstep {
namespace {

// 4 GiB of edges: the full mesh of 23,000 nodes.
constexpr double kMostEdges = 1 << 28;

/// nodes.count, if a topology with so many nodes and about so many edges can be held.
Result<std::uint32_t> CheckedCount(const Scenario& scenario, double edges) {
  const std::size_t count = scenario.nodes.count;
  if (count == 0 || count > std::numeric_limits<std::uint32_t>::max())
    return UsageError(fmt::format("nodes.count = {}: allowed are 1 to 4294967295", count))
        .About("nodes.count");
  if (edges > kMostEdges) {
    return UsageError(
               fmt::format("topology.name = '{}' with nodes.count = {} has about {:.0f} links; "
                           "at most {:.0f} are allowed",
                           scenario.topology.name, count, edges, kMostEdges),
               "choose fewer nodes or a sparser topology")
        .About("topology.name");
  }
  return static_cast<std::uint32_t>(count);
}

/// In double: the pairs of 2^32 nodes are more than an integer of 32 bits holds.
double Pairs(const Scenario& scenario) {
  const auto count = static_cast<double>(scenario.nodes.count);
  return count * (count - 1) / 2;
}

/// One stream for all edges: the graph is drawn once, by one caller.
Random Stream(const Scenario& scenario) {
  return Random(MakeKey(scenario.seed, Purpose::kTopology));
}

/// For shapes with at most two edges per node.
template <Graph (*kShape)(std::uint32_t)>
Result<Graph> MakeSparse(const Scenario& scenario, const Mobility&) {
  DELSTEP_ASSIGN(const std::uint32_t nodes,
                 CheckedCount(scenario, 2 * static_cast<double>(scenario.nodes.count)));
  return kShape(nodes);
}

Result<Graph> MakeFull(const Scenario& scenario, const Mobility&) {
  DELSTEP_ASSIGN(const std::uint32_t nodes, CheckedCount(scenario, Pairs(scenario)));
  return FullGraph(nodes);
}

Result<Graph> MakeRegular(const Scenario& scenario, const Mobility&) {
  const std::uint32_t degree = scenario.topology.degree;
  const double edges = static_cast<double>(scenario.nodes.count) / 2 * degree;
  DELSTEP_ASSIGN(const std::uint32_t nodes, CheckedCount(scenario, edges));
  if (degree >= nodes) {
    return UsageError(fmt::format("topology.degree = {}: each of {} can have at most {}", degree,
                                  Count(nodes, "node"), Count(nodes - 1, "neighbour")))
        .About("topology.degree");
  }
  if (std::uint64_t{nodes} * degree % 2 != 0) {
    return UsageError(
               fmt::format("topology.degree = {}: no graph has an odd number of nodes ({}) with "
                           "an odd number of neighbours each",
                           degree, nodes),
               "make topology.degree or nodes.count even")
        .About("topology.degree");
  }
  Random random = Stream(scenario);
  return RegularGraph(nodes, degree, random);
}

Result<void> CheckProbability(double p) {
  if (p >= 0 && p <= 1) return {};
  return UsageError(
             fmt::format("topology.p = {}: a probability from 0 to 1 is allowed", ShortestReal(p)))
      .About("topology.p");
}

Result<Graph> MakeSmallWorld(const Scenario& scenario, const Mobility&) {
  const std::uint32_t k = scenario.topology.k;
  const double p = scenario.topology.p;
  const double edges = static_cast<double>(scenario.nodes.count) / 2 * k;
  DELSTEP_ASSIGN(const std::uint32_t nodes, CheckedCount(scenario, edges));
  DELSTEP_TRY(CheckProbability(p));
  if (k % 2 != 0 || k > nodes) {
    return UsageError(
               fmt::format("topology.k = {}: even numbers up to nodes.count = {} are allowed", k,
                           nodes))
        .About("topology.k");
  }
  Random random = Stream(scenario);
  return SmallWorldGraph(nodes, k, p, random);
}

Result<Graph> MakeScaleFree(const Scenario& scenario, const Mobility&) {
  const std::uint32_t m = scenario.topology.m;
  const double edges = static_cast<double>(scenario.nodes.count) * m;
  DELSTEP_ASSIGN(const std::uint32_t nodes, CheckedCount(scenario, edges));
  if (m == 0 || m >= nodes) {
    return UsageError(fmt::format("topology.m = {}: at least 1 and less than nodes.count = {} is "
                                  "allowed",
                                  m, nodes))
        .About("topology.m");
  }
  Random random = Stream(scenario);
  return ScaleFreeGraph(nodes, m, random);
}

Result<Graph> MakeRandom(const Scenario& scenario, const Mobility&) {
  const double p = scenario.topology.p;
  DELSTEP_TRY(CheckProbability(p));
  DELSTEP_ASSIGN(const std::uint32_t nodes, CheckedCount(scenario, p * Pairs(scenario)));
  Random random = Stream(scenario);
  return RandomGraph(nodes, p, random);
}

/// The expected number of pairs of uniform nodes that are so near to each other: of all pairs those
/// that lie in a circle around one of them.
double PairsWithin(double radius, const Scenario& scenario) {
  const Area field = FieldOf(scenario);
  return std::min(1.0, 3.15 * radius * radius / (field.width * field.height)) * Pairs(scenario);
}

std::vector<Position> PositionsAtStart(std::uint32_t nodes, const Mobility& mobility) {
  std::vector<NodeId> ids(nodes);
  for (std::uint32_t node = 0; node < nodes; ++node) ids[node] = NodeId{node};
  std::vector<Position> positions(nodes);
  mobility.PositionsAt(SimTime{}, ids, positions);
  return positions;
}

Result<Graph> MakeGeometric(const Scenario& scenario, const Mobility& mobility) {
  const double radius = scenario.topology.radius;
  if (!std::isfinite(radius) || radius < 0) {
    return UsageError(fmt::format("topology.radius = {}: a number of at least 0 is allowed",
                                  ShortestReal(radius)))
        .About("topology.radius");
  }
  DELSTEP_ASSIGN(const std::uint32_t nodes, CheckedCount(scenario, PairsWithin(radius, scenario)));
  // Moving changes no links here.
  return GeometricGraph(PositionsAtStart(nodes, mobility), radius);
}

Result<Graph> MakeRadio(const Scenario& scenario, const Mobility& mobility) {
  const double range = scenario.radio.range;
  DELSTEP_ASSIGN(const std::uint32_t nodes, CheckedCount(scenario, PairsWithin(range, scenario)));
  std::shared_ptr<const ContactPlan> contacts =
      MakeRadioContacts(mobility, scenario.radio, scenario.seed);
  std::vector<Graph::Edge> edges;
  for (const auto& [a, b] : contacts->At(nodes, SimTime{}))
    edges.push_back({static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b)});
  Graph graph = Assemble(nodes, std::move(edges));
  graph.positions = PositionsAtStart(nodes, mobility);
  graph.contacts = std::move(contacts);
  return graph;
}

Result<Graph> MakeFromFile(const Scenario& scenario, const Mobility&) {
  if (scenario.topology.file.empty()) {
    return UsageError("topology.name = 'file' needs topology.file",
                      "topology.file=graph.edges, or .json (node-link), .graphml, .gml")
        .About("topology.name");
  }
  DELSTEP_TRY(CheckedCount(scenario, 0));
  DELSTEP_ASSIGN(Graph graph, ReadGraphFile(scenario.topology.file, scenario.nodes));
  const auto too_many = [&](std::string_view key, std::size_t count) {
    return UsageError(fmt::format("{} has {} entries, but {} has {}", key, count,
                                  scenario.topology.file, Count(graph.nodes, "node")),
                      fmt::format("set nodes.count = {}, or give fewer", count))
        .About(std::string(key));
  };
  if (scenario.nodes.names.size() > graph.nodes)
    return too_many("nodes.names", scenario.nodes.names.size());
  if (scenario.nodes.addresses.size() > graph.nodes)
    return too_many("nodes.addresses", scenario.nodes.addresses.size());
  return graph;
}

}  // namespace

void AddTopologies(Parts<MakeTopology>& topologies) {
  topologies.Add("full", "every pair of nodes", MakeFull);
  topologies.Add("ring", "each node and the next, closed", MakeSparse<RingGraph>);
  topologies.Add("star", "the first node and each other", MakeSparse<StarGraph>);
  topologies.Add("line", "each node and the next", MakeSparse<LineGraph>);
  topologies.Add("grid", "rows and columns, as square as possible", MakeSparse<GridGraph>);
  topologies.Add("torus", "a grid closed at its borders", MakeSparse<TorusGraph>);
  topologies.Add("regular", "random, topology.degree neighbours each", MakeRegular);
  topologies.Add("small-world",
                 "Watts-Strogatz: ring of topology.k neighbours, rewired with topology.p",
                 MakeSmallWorld);
  topologies.Add("scale-free", "Barabasi-Albert: topology.m edges of each new node", MakeScaleFree);
  topologies.Add("random", "Erdos-Renyi: each pair with probability topology.p", MakeRandom);
  topologies.Add("geometric", "nodes within topology.radius of each other", MakeGeometric);
  topologies.Add("radio", "nodes within radio.range of each other, while they move", MakeRadio);
  topologies.Add("file", "topology.file: edge list, .csv, node-link .json, .graphml or .gml",
                 MakeFromFile);
}

void AddGraphWriters(Parts<WriteGraph>& writers) {
  writers.Add(".edges", "edge list", WriteEdgeList);
  writers.Add(".txt", "edge list", WriteEdgeList);
  writers.Add(".csv", "edge list with a header", WriteEdgeTable);
  writers.Add(".json", "networkx node-link JSON", WriteNodeLink);
  writers.Add(".graphml", "GraphML", WriteGraphml);
  writers.Add(".gml", "GML", WriteGml);
  writers.Add(".dot", "Graphviz", WriteDot);
}

}  // namespace delstep
