#include "recording/start_json.h"

#include <fmt/format.h>

#include <cstdint>
#include <vector>

#include "base/json.h"
#include "delstep/network.h"
#include "recording/moment_json.h"

namespace delstep {
namespace {

constexpr int kStartVersion = 1;

std::string HelloOfStart(const Simulation& simulation, const std::string& name,
                         std::span<const std::string> addresses) {
  std::string classes, nodes;
  for (const std::string& label : simulation.ClassNames())
    classes += (classes.empty() ? "" : ",") + JsonString(label);
  for (std::size_t i = 0; i < addresses.size(); ++i)
    nodes += fmt::format(R"({}{{"node":"{}","name":{}}})", i == 0 ? "" : ",", addresses[i],
                         JsonString(simulation.NameOf(static_cast<NodeId>(i))));
  const Scenario& scenario = simulation.scenario();
  const auto drawn = DrawnArea(scenario);
  const std::string area =
      drawn ? fmt::format("[{},{}]", JsonNumber(drawn->width), JsonNumber(drawn->height)) : "null";
  return fmt::format(
      R"({{"v":2,"scenario":{},"data":{},"classes":[{}],"parameters":{},"backend":{},)"
      R"("topology":{},"goes_back":false,"area":{},"nodes":[{}],"commands":[],"metrics":[]}})",
      JsonString(name), JsonString(simulation.data().name), classes, simulation.parameters(),
      JsonString(scenario.network.backend), JsonString(scenario.topology.name), area, nodes);
}

}  // namespace

std::optional<Area> DrawnArea(const Scenario& scenario) {
  constexpr Area kOfRadio{.width = 1000, .height = 1000};
  const std::string& topology = scenario.topology.name;
  if (scenario.mobility.area) return scenario.mobility.area;
  if (topology == "radio") return kOfRadio;
  // Links follow from places, or nodes move: both happen in the unit square then.
  if (topology == "geometric" || scenario.mobility.name != "still") return Area{};
  return std::nullopt;
}

std::string StartJson(const Simulation& simulation, const std::string& scenario,
                      std::uint64_t commands) {
  std::vector<NodeId> nodes;
  std::vector<std::string> addresses;
  for (std::size_t i = 0; i < simulation.nodes_ever(); ++i) {
    nodes.push_back(static_cast<NodeId>(i));
    addresses.push_back(simulation.AddressOf(nodes.back()));
  }
  // A run that was resumed may have numbers of nodes that have left: nobody knows where they were.
  const std::vector<NodeId> present = simulation.Nodes();
  std::vector<Position> places(DrawnArea(simulation.scenario()) ? nodes.size() : 0);
  if (!places.empty()) {
    const std::vector<Position> known = simulation.Positions(present);
    for (std::size_t i = 0; i < present.size(); ++i) places[Index(present[i])] = known[i];
  }
  const LinkFacts links{.nodes = present.size(),
                        .links = simulation.Links(),
                        .usual = simulation.scenario().network.link};
  return fmt::format(
      "{{\"v\":{},\"commands\":{},\"hello\":{},\n\"state\":{},\n\"links\":{},\n\"labels\":{}}}\n",
      kStartVersion, commands, HelloOfStart(simulation, scenario, addresses),
      StateJson(FactsOf(simulation), {.links = 1, .places = places}), LinksJson(links, 1),
      LabelsJson(simulation.Labels(), simulation.ClassNames(), addresses));
}

}  // namespace delstep
