#include "console/commands/network_abilities.h"

namespace delstep {
namespace {

constexpr NetworkAbility kAbilities[] = {
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

}  // namespace

std::span<const NetworkAbility> NetworkAbilities() { return kAbilities; }

}  // namespace delstep
