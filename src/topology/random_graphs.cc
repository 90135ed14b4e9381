#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "math/elementary.h"
#include "topology/assemble.h"
#include "topology/generators.h"

namespace delstep {
namespace {

using Edge = Graph::Edge;

/// Edges where `graph` has none. Both lists ascend, so one walk does.
Graph Complement(const Graph& graph) {
  Graph other{graph.nodes, {}, {}, {}};
  auto next = graph.edges.begin();
  for (std::uint32_t a = 0; a < graph.nodes; ++a) {
    for (std::uint32_t b = a + 1; b < graph.nodes; ++b) {
      if (next != graph.edges.end() && next->a == a && next->b == b)
        ++next;
      else
        other.edges.push_back({a, b});
    }
  }
  return other;
}

/// A random pairing of half-edges, turned into a simple graph.
class Pairing {
 public:
  Pairing(std::uint32_t nodes, std::uint32_t degree, Random& random) : random_(random) {
    std::vector<std::uint32_t> halves;
    halves.reserve(std::size_t{nodes} * degree);
    for (std::uint32_t node = 0; node < nodes; ++node) halves.insert(halves.end(), degree, node);
    // The configuration model: neighbours in a shuffled list of half-edges are joined.
    random.Shuffle(std::span(halves));
    for (std::size_t i = 0; i < halves.size(); i += 2) edges_.push_back({halves[i], halves[i + 1]});
  }

  /// The edges without loops and doubles, or nothing if a switching is too hard to find.
  std::optional<std::vector<Edge>> Simplify() {
    for (std::size_t i = 0; i < edges_.size(); ++i)
      good_.push_back(IsNew(edges_[i]) && present_.insert(Key(edges_[i])).second);
    for (std::size_t i = 0; i < edges_.size(); ++i)
      if (!good_[i] && !Switch(i)) return std::nullopt;
    return std::move(edges_);
  }

 private:
  static std::uint64_t Key(Edge edge) {
    const auto [low, high] = std::minmax(edge.a, edge.b);
    return std::uint64_t{low} << 32 | high;
  }
  bool IsNew(Edge edge) const { return edge.a != edge.b && !present_.contains(Key(edge)); }

  /// Replaces the edge u-v and a random x-y by u-x and v-y, where that makes both simple.
  bool Switch(std::size_t bad) {
    // So many are needed only for tiny or very dense graphs: then a new pairing is drawn.
    constexpr int kTries = 1000;
    for (int left = kTries; left > 0; --left) {
      const std::size_t other = random_.Below(edges_.size());
      Edge partner = edges_[other];
      if (random_.Below(2) == 1) std::swap(partner.a, partner.b);
      const Edge first = {edges_[bad].a, partner.a}, second = {edges_[bad].b, partner.b};
      if (!IsNew(first) || !IsNew(second) || Key(first) == Key(second)) continue;
      if (good_[other]) present_.erase(Key(partner));
      present_.insert({Key(first), Key(second)});
      edges_[bad] = first;
      edges_[other] = second;
      good_[bad] = good_[other] = true;
      return true;
    }
    return false;
  }

  Random& random_;
  std::vector<Edge> edges_;
  std::vector<bool> good_;                       // the edge is in present_
  std::unordered_set<std::uint64_t> present_{};  // never iterated over
};

}  // namespace

Graph RegularGraph(std::uint32_t nodes, std::uint32_t degree, Random& random) {
  assert(degree < nodes && std::uint64_t{nodes} * degree % 2 == 0);
  // Dense graphs by their sparse complement: switchings are easy to find there.
  if (degree > (nodes - 1) / 2) return Complement(RegularGraph(nodes, nodes - 1 - degree, random));
  for (;;) {
    if (auto edges = Pairing(nodes, degree, random).Simplify())
      return Assemble(nodes, *std::move(edges));
  }
}

Graph SmallWorldGraph(std::uint32_t nodes, std::uint32_t k, double p, Random& random) {
  assert(k % 2 == 0 && k <= nodes && p >= 0 && p <= 1);
  if (k == nodes) return FullGraph(nodes);
  std::vector<std::vector<std::uint32_t>> neighbours(nodes);
  const auto at_distance = [&](std::uint32_t node, std::uint32_t distance) {
    return static_cast<std::uint32_t>((std::uint64_t{node} + distance) % nodes);
  };
  const auto join = [&](std::uint32_t a, std::uint32_t b) {
    neighbours[a].push_back(b);
    neighbours[b].push_back(a);
  };
  for (std::uint32_t distance = 1; distance <= k / 2; ++distance)
    for (std::uint32_t node = 0; node < nodes; ++node) join(node, at_distance(node, distance));

  // Watts and Strogatz 1998: ring by ring, each edge is moved with probability p to a random node.
  for (std::uint32_t distance = 1; distance <= k / 2; ++distance) {
    for (std::uint32_t node = 0; node < nodes; ++node) {
      if (!random.Chance(p) || neighbours[node].size() == nodes - 1) continue;
      const auto known = [&](std::uint32_t other) {
        return other == node || std::ranges::count(neighbours[node], other) > 0;
      };
      std::uint32_t target;
      // Drawn until it fits. There is such a node: whoever is linked to all is passed over.
      do target = static_cast<std::uint32_t>(random.Below(nodes));
      while (known(target));
      const std::uint32_t old = at_distance(node, distance);
      std::erase(neighbours[node], old);
      std::erase(neighbours[old], node);
      join(node, target);
    }
  }

  std::vector<Edge> edges;
  // Each edge stands with both of its ends.
  for (std::uint32_t node = 0; node < nodes; ++node)
    for (const std::uint32_t other : neighbours[node])
      if (node < other) edges.push_back({node, other});
  return Assemble(nodes, std::move(edges));
}

Graph ScaleFreeGraph(std::uint32_t nodes, std::uint32_t m, Random& random) {
  // Barabasi and Albert 1999, from a star of m + 1 nodes as networkx has it.
  assert(m > 0 && m < nodes);
  std::vector<Edge> edges = StarGraph(m + 1).edges;
  // Each node as often as it has edges, so that a uniform draw favours the well-connected.
  std::vector<std::uint32_t> ends;
  for (const Edge& edge : edges) ends.insert(ends.end(), {edge.a, edge.b});
  std::vector<std::uint32_t> targets;
  for (std::uint32_t node = m + 1; node < nodes; ++node) {
    targets.clear();
    while (targets.size() < m) {
      const std::uint32_t target = ends[random.Below(ends.size())];
      if (std::ranges::count(targets, target) == 0) targets.push_back(target);
    }
    // Only after all m are drawn: a new node must not draw itself.
    for (const std::uint32_t target : targets) {
      edges.push_back({target, node});
      ends.insert(ends.end(), {target, node});
    }
  }
  return Assemble(nodes, std::move(edges));
}

Graph RandomGraph(std::uint32_t nodes, double p, Random& random) {
  assert(p >= 0 && p <= 1);
  Graph graph{nodes, {}, {}, {}};
  if (p == 0) return graph;
  if (p == 1) return FullGraph(nodes);
  // log(1 - p) without loss for small p (Goldberg 1991, theorem 4).
  const double rest = 1 - p;
  const double log_rest = rest == 1 ? -p : Log(rest) * (p / (1 - rest));
  // `b` walks over the pairs (a, a+1) ... (a, nodes-1), then those of the next a, in geometric
  // strides.
  std::uint64_t b = 0;
  for (std::uint64_t a = 0; a + 1 < nodes;) {
    const double stride = std::floor(Log(1 - random.Uniform()) / log_rest);
    const double pairs = static_cast<double>(nodes) * static_cast<double>(nodes);
    if (!(stride < pairs)) break;
    b += 1 + static_cast<std::uint64_t>(stride);
    while (b >= nodes && a + 1 < nodes) {
      ++a;
      b = b - nodes + a + 1;
    }
    if (a + 1 < nodes)
      graph.edges.push_back({static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b)});
  }
  return graph;
}

}  // namespace delstep
