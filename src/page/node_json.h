#pragma once
/// One node of a moment as JSON: /api/node and /api/why of docs/internals/page-server.md.
///
/// Pure functions of values. `World` is a Simulation or a MomentView.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "delstep/provenance.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "recording/moment_json.h"

namespace delstep {

/// What nodes are called, by number; also those that have left.
struct NodeNamesBook {
  std::vector<std::string> addresses, names;  ///< a name may be empty
};
template <class World>
NodeNamesBook NamesOf(const World& world) {
  NodeNamesBook book;
  for (std::size_t i = 0; i < world.nodes_ever(); ++i) {
    book.addresses.push_back(world.AddressOf(static_cast<NodeId>(i)));
    book.names.push_back(world.NameOf(static_cast<NodeId>(i)));
  }
  return book;
}

struct NodeFacts {
  NodeView view{};
  std::uint64_t model = 0;  ///< its hash
  std::vector<EncounterView> guestbook{};
  std::vector<MessageView> messages{};  ///< from it and to it
  std::vector<bool> old_tests{};        ///< of `view.last_tests`
  std::optional<LabelCounts> labels{};
};
template <class World>
NodeFacts NodeFactsOf(const World& world, NodeId node) {
  NodeFacts facts{.view = world.View(node),
                  .model = world.ModelHash(node),
                  .guestbook = world.Encounters(node),
                  .messages = world.Messages(std::span(&node, 1))};
  for (const Evaluated& test : facts.view.last_tests)
    facts.old_tests.push_back(world.IsTestOlder(node, test.scope));
  return facts;
}
std::string NodeJson(const NodeFacts& facts, const NodeNamesBook& book);

/// The result of `why --json`. `way`: with a source.
struct WhyFacts {
  NodeId node{};
  ModelSources sources{};
  std::optional<KnowledgeWay> way{};
};
template <class World>
Result<WhyFacts> WhyFactsOf(const World& world, NodeId node, std::optional<NodeId> source) {
  WhyFacts facts{.node = node};
  DELSTEP_ASSIGN(facts.sources, world.Why(node));
  if (!source) return facts;
  std::erase_if(facts.sources.sources,
                [&](const SourceShare& share) { return share.node != *source; });
  DELSTEP_ASSIGN(facts.way, world.Way(node, *source));
  return facts;
}
std::string WhyJson(const WhyFacts& facts, const NodeNamesBook& book);

}  // namespace delstep
