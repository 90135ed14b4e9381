#include "console/commands/start_notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "console/language/selector.h"
#include "scenario/key_readers.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

constexpr std::size_t kNamedAtStart = 10;

/// Neighbours come and go as time passes; who has none now may meet some.
bool NodesMeet(const Simulation& simulation) {
  const std::string& name = simulation.scenario().topology.name;
  return name == "radio" || name == "contacts";
}

/// A random graph may leave nodes alone; they train, but nothing that is sent reaches them.
void AddIsolated(const Simulation& simulation, std::vector<std::string>& notes) {
  if (NodesMeet(simulation)) return;
  const std::vector<NodeId> nodes = simulation.Nodes();
  if (nodes.size() < 2) return;
  std::vector<bool> linked;
  const auto mark = [&](NodeId node) {
    const auto place = Index(node);
    if (linked.size() <= place) linked.resize(place + 1);
    linked[place] = true;
  };
  // A one-way link joins both of its ends.
  for (const NodeId node : nodes)
    for (const NodeId to : simulation.View(node).neighbours) {
      mark(node);
      mark(to);
    }
  std::vector<NodeId> alone;
  for (const NodeId node : nodes) {
    const auto place = Index(node);
    if (place >= linked.size() || !linked[place]) alone.push_back(node);
  }
  if (alone.empty()) return;
  notes.push_back(fmt::format("{} {} no neighbour: {} (`link A B up` makes a link)",
                              Count(alone.size(), "node"), alone.size() == 1 ? "has" : "have",
                              NodeList(alone, SimulationDirectory(simulation), kNamedAtStart)));
}

/// A behaviour that waits for what never comes.
void AddNoEncounters(const Simulation& simulation, std::vector<std::string>& notes) {
  const Scenario& scenario = simulation.scenario();
  if (scenario.behaviour.name != "on-encounter" || NodesMeet(simulation)) return;
  notes.push_back(
      fmt::format("behaviour.name is on-encounter, and nobody meets: the links of topology.name = "
                  "{} stay (radio or contacts let nodes meet)",
                  scenario.topology.name));
}

/// No number of rows and columns, both above 1, makes a rectangle of a prime number of nodes.
bool FillsARectangle(std::size_t nodes) {
  for (std::size_t rows = 2; rows * rows <= nodes; ++rows)
    if (nodes % rows == 0) return true;
  return false;
}

/// A torus of 2 rows joins a node twice to the one above it, which is one neighbour; a prime number
/// of nodes leaves the last row shorter.
void AddOddLattice(const Simulation& simulation, std::vector<std::string>& notes) {
  const std::string& name = simulation.scenario().topology.name;
  if (name != "torus" && name != "grid") return;
  const std::vector<NodeId> nodes = simulation.Nodes();
  if (nodes.size() > 3 && !FillsARectangle(nodes.size()))
    notes.push_back(fmt::format("{} nodes fill no rectangle: {}", nodes.size(),
                                name == "grid" ? "the last row of the grid is shorter"
                                               : "each row of the torus goes on in the next one"));
  if (name != "torus") return;
  std::size_t least = 4;
  for (const NodeId node : nodes) least = std::min(least, simulation.View(node).neighbours.size());
  if (least < 4)
    notes.push_back(fmt::format(
        "in this torus of {} some have only {}; numbers such as 9, 12, 16 or 25 (rows times "
        "columns, both at least 3) give each 4",
        Count(nodes.size(), "node"), Count(least, "neighbour")));
}

/// "a", "a or b", "a, b or c".
std::string OneOf(std::vector<std::string> words) {
  if (words.size() < 2) return Join(words, "");
  const std::string last = words.back();
  words.pop_back();
  return Join(words, ", ") + " or " + last;
}

}  // namespace

std::vector<std::string> UnusedKeyNotes(const Config& config, const Registry& registry) {
  std::vector<std::string> notes;
  const Scenario defaults = Config(registry).scenario();
  for (const Key& key : Keys()) {
    const Origin& origin = config.OriginOf(key.name);
    if (origin.layer == Origin::Layer::kDefault) continue;
    const auto unused = WhyUnused(key, config.scenario(), registry);
    if (!unused || config.OriginOf(unused->chooser->name).layer > origin.layer) continue;
    const bool is_default = key.Get(config.scenario()) == key.Get(defaults);
    if (is_default && origin.layer == Origin::Layer::kFile) continue;
    const auto& [chooser, chosen, readers] = *unused;
    notes.push_back(
        fmt::format("{} is not used: {} is {}{}", key.name, chooser->name, chosen,
                    readers.empty() ? std::string(chosen == "blobs" ? ", which is made and not read"
                                                                    : ", which model.file brings")
                    : readers.size() == 1
                        ? fmt::format(" ({}={} reads it)", chooser->name, readers.front())
                        : fmt::format(" ({} = {} would read it)", chooser->name, OneOf(readers))));
  }
  return notes;
}

std::vector<std::string> StartNotes(const Simulation& simulation) {
  std::vector<std::string> notes;
  AddIsolated(simulation, notes);
  AddNoEncounters(simulation, notes);
  AddOddLattice(simulation, notes);
  return notes;
}

}  // namespace delstep
