#pragma once
/// All that a page draws of one moment, as plain values.
///
/// The present is a Simulation, a moment of the past a MomentView. Both have the same functions for
/// looking, so one template gathers the values of either, and what follows (moment_json.h, the
/// curves of a page) knows only values.
///
///   const MomentFacts facts = FactsOf(MomentView(snapshot));
///   const std::string json = StateJson(facts, {.moment = 41, .branch = "main"});
///
/// Costs about what `status` and `messages` do; no model is read. Lists are in order of creation.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "delstep/event.h"
#include "delstep/network.h"
#include "delstep/simulation.h"
#include "delstep/types.h"

namespace delstep {

struct MomentFacts {
  SimTime now{};
  std::uint64_t cycle = 0;
  bool autonet = false;
  std::size_t nodes_ever = 0;
  std::vector<NodeView> nodes{};  ///< the present ones
  /// Of each test in `nodes[i].last_tests`: the model has changed since.
  std::vector<std::vector<bool>> old_tests{};
  std::vector<GroupView> groups{};
  std::vector<MessageView> messages{};
  TrafficCounts traffic{};
  std::optional<EvaluationScope> last_scope{};
};

/// Of a Simulation or a MomentView.
template <class World>
MomentFacts FactsOf(const World& world) {
  MomentFacts facts{.now = world.now(),
                    .cycle = world.cycle(),
                    .autonet = world.autonet(),
                    .nodes_ever = world.nodes_ever(),
                    .groups = world.Groups(),
                    .messages = world.Messages(),
                    .traffic = world.Traffic(),
                    .last_scope = world.LastScope()};
  for (const NodeId node : world.Nodes()) {
    facts.nodes.push_back(world.View(node));
    std::vector<bool> old;
    for (const Evaluated& test : facts.nodes.back().last_tests)
      old.push_back(world.IsTestOlder(node, test.scope));
    facts.old_tests.push_back(std::move(old));
  }
  return facts;
}

struct LinkFacts {
  std::size_t nodes = 0;          ///< present
  std::vector<LinkView> links{};  ///< each direction
  LinkProperties usual{};         ///< of links without properties of their own
};

}  // namespace delstep
