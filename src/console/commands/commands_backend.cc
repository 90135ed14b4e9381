#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/reply_parts.h"

namespace delstep {
namespace {

/// In place of a version.
const std::string kBuiltIn = "part of this program";

/// What a network can do, as `network show` lists it. The guide's table is made of these words.
struct Ability {
  std::string_view word, about;
  bool (*has)(const NetworkTraits&);
};
constexpr Ability kAbilities[] = {
    {"repeats", "a run repeats exactly: the clock is simulated",
     [](const NetworkTraits& traits) { return traits.simulated_time; }},
    {"goes_back", "one can go back, branch and compare",
     [](const NetworkTraits& traits) { return traits.can_snapshot; }},
    {"saves", "checkpoints can be written",
     [](const NetworkTraits& traits) { return traits.can_save; }},
    {"withdraws", "single messages can be dropped and delivered",
     [](const NetworkTraits& traits) { return traits.can_withdraw; }},
    {"single_links", "links can have properties of their own",
     [](const NetworkTraits& traits) { return traits.single_links; }},
    {"random_latency", "latencies can be drawn: uniform, normal, exponential",
     [](const NetworkTraits& traits) { return traits.random_latency; }},
    {"capacities", "nodes have up- and downlinks that their messages share",
     [](const NetworkTraits& traits) { return traits.has_capacities; }},
    {"packets", "messages travel as packets, each of which may be lost",
     [](const NetworkTraits& traits) { return traits.has_packets; }},
    {"positions", "who hears whom follows from where nodes are",
     [](const NetworkTraits& traits) { return traits.has_positions; }},
};

Table AbilitiesOf(const NetworkTraits& traits) {
  Table table{.key = "abilities",
              .columns = {{"ability", "ability"}, {"has", "here"}, {"meaning", "what it means"}}};
  for (const Ability& ability : kAbilities) {
    const bool has = ability.has(traits);
    table.rows.push_back({std::string(ability.word),
                          JsonValue{has ? "true" : "false", has ? "yes" : "–"},
                          std::string(ability.about)});
  }
  return table;
}

Result<Reply> ShowNetwork(CommandContext& context) {
  const Simulation& simulation = context.simulation;
  const NetworkTraits& traits = simulation.network_traits();
  const Error* failure = simulation.network_failure();
  const TrafficCounts traffic = simulation.Traffic();
  const std::string version = traits.version.empty() ? kBuiltIn : std::string(traits.version);
  Reply reply;
  reply.output.push_back(fmt::format("network {}: {}; its clock is {}", traits.name, version,
                                     traits.simulated_time ? "simulated" : "the wall's"));
  if (failure)
    reply.output.push_back(
        fmt::format("it has gone: {}; `network restart` starts it again", failure->message));
  reply.output.push_back(fmt::format("in the air: {}; {} queued",
                                     Count(traffic.in_flight - traffic.waiting, "message"),
                                     traffic.queued));
  reply.fields = {{"backend", std::string(traits.name)},
                  {"version", version},
                  {"clock", std::string(traits.simulated_time ? "simulated" : "wall")},
                  {"gone", failure ? Cell(failure->message) : Cell()},
                  {"in_flight", traffic.in_flight - traffic.waiting},
                  {"queued", traffic.queued}};
  reply.tables.push_back(AbilitiesOf(traits));
  Table backends{.key = "networks",
                 .columns = {{"network", "network"}, {"version", "version"}, {"sentence", "what"}}};
  for (const auto& part : context.registry.networks.entries()) {
    const std::string own = part.Version();
    backends.rows.push_back(
        {part.name, own.empty() ? kBuiltIn : own, part.make ? part.sentence : part.reason});
  }
  reply.tables.push_back(std::move(backends));
  return reply;
}

Result<Reply> RestartNetwork(CommandContext& context) {
  DELSTEP_ASSIGN(const std::size_t lost, context.simulation.RestartNetwork());
  Reply reply;
  reply.text.push_back(
      fmt::format("the network {} has started again{}", context.simulation.network_traits().name,
                  lost > 0 ? fmt::format("; {} on the way lost", Count(lost, "message")) : ""));
  reply.fields = {{"lost", lost}};
  return reply;
}

constexpr Command kBackend[] = {
    {.scope = CommandScope::kNetwork,
     .usage = "network show",
     .sentence = "show what carries the messages: its version, what it can do, what is in the air",
     .example = "network show",
     .more = "Also lists the other networks that this program has; network.backend chooses one at "
             "the start.",
     .shows = true,
     .run = ShowNetwork},
    {.scope = CommandScope::kNetwork,
     .usage = "network restart",
     .sentence = "start the program behind the network again, after it has gone",
     .example = "network restart",
     .more = "Nodes, links, the clock and all models stay; what is on the way is lost (backend).",
     .autonet = true,
     .changes_world = true,
     .run = RestartNetwork},
};

}  // namespace

std::span<const Command> BackendCommands() { return kBackend; }

}  // namespace delstep
