#include "python/native/rows.h"

#include <pybind11/stl.h>

#include <cmath>
#include <optional>
#include <string>

#include "scenario/units.h"

namespace delstep {
namespace {

namespace py = pybind11;
using namespace py::literals;

py::object NumberOrNone(std::optional<double> value) {
  return value ? py::object(py::float_(*value)) : py::object(py::none());
}

/// Whether it means something where a node is.
bool HasPlaces(const Scenario& scenario) {
  const std::string& topology = scenario.topology.name;
  return scenario.mobility.name != "still" || topology == "radio" || topology == "geometric";
}

void AddResults(const NodeView& view, py::dict& row) {
  const auto& trained = view.last_trained;
  const auto& test = view.last_evaluated;
  row["train_loss"] = NumberOrNone(trained ? std::optional(trained->loss) : std::nullopt);
  row["test_scope"] = test ? py::object(py::str(Name(test->scope))) : py::object(py::none());
  row["test_loss"] = NumberOrNone(test ? std::optional(test->loss) : std::nullopt);
  row["test_acc"] = NumberOrNone(test ? std::optional(test->accuracy) : std::nullopt);
}

void AddMail(const NodeView& view, py::dict& row) {
  row["outbox"] = view.outbox;
  row["in_flight_from"] = view.in_flight_from;
  row["in_flight"] = view.in_flight_to;
  row["waiting"] = view.waiting;
  row["inbox"] = view.inbox;
  row["encounter_count"] = view.encounters;
}

py::dict NodeRow(const Simulation& simulation, NodeId node) {
  const NodeView view = simulation.View(node);
  py::list neighbours;
  for (const NodeId peer : view.neighbours) neighbours.append(simulation.AddressOf(peer));
  py::dict row("node"_a = view.address, "name"_a = view.name, "up"_a = view.up,
               "examples"_a = view.train_samples + view.held_out_samples,
               "held_out"_a = view.held_out_samples, "trainings"_a = view.trained);
  AddResults(view, row);
  AddMail(view, row);
  row["busy_until"] = view.busy_until
                          ? py::object(py::int_(view.busy_until->time_since_epoch().count()))
                          : py::object(py::none());
  row["behaviour"] = view.behaviour;
  row["attack"] = view.attack;
  row["rate"] = view.rate;
  row["groups"] = view.groups;
  row["neighbours"] = neighbours;
  if (HasPlaces(simulation.scenario())) {
    const Position place = simulation.Positions({&node, 1}).front();
    row["x"] = place.x;
    row["y"] = place.y;
  }
  return row;
}

}  // namespace

py::list NodeRows(const Simulation& simulation) {
  py::list rows;
  for (const NodeId node : simulation.Nodes()) rows.append(NodeRow(simulation, node));
  return rows;
}

py::list LinkRows(const Simulation& simulation) {
  py::list links;
  for (const LinkView& view : simulation.Links()) {
    const double bandwidth = view.link.bandwidth;
    links.append(py::make_tuple(
        simulation.AddressOf(view.from), simulation.AddressOf(view.to),
        py::dict("loss"_a = view.link.loss, "latency"_a = LatencyText(view.link.latency),
                 "bandwidth"_a =
                     NumberOrNone(std::isinf(bandwidth) ? std::nullopt : std::optional(bandwidth)),
                 "up"_a = view.link.up)));
  }
  return links;
}

}  // namespace delstep
