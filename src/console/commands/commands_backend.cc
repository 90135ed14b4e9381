#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/network_abilities.h"
#include "console/commands/reply_parts.h"

namespace delstep {
namespace {

/// In place of a version.
const std::string kBuiltIn = "part of this program";

Table AbilitiesOf(const NetworkTraits& traits) {
  Table table{.key = "abilities",
              .columns = {{"ability", "ability"}, {"has", "here"}, {"meaning", "what it means"}}};
  for (const NetworkAbility& ability : NetworkAbilities()) {
    const bool has = ability.has(traits);
    table.rows.push_back({std::string(ability.word),
                          JsonValue{has ? "true" : "false", has ? "yes" : "–"},
                          std::string(ability.meaning)});
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
