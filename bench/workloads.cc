// Plays one whole workload through the Simulation and prints how long each phase took, as a JSON
// object: {"workload": ..., "kernels": ..., "threads": ..., "seconds": {"train": ..., ...}}.
//   workloads NAME [THREADS] [--portable]
// bench/run.py calls it again and again, in turn with what it is compared with.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "delstep/registry.h"
#include "delstep/simulation.h"
#include "math/kernels.h"
#include "peak.h"

namespace delstep {
namespace {

template <class T>
T Checked(Result<T> result) {
  if (result) return std::move(result).value();
  fmt::print(stderr, "workloads: {}\n", result.error().message);
  std::exit(1);
}

/// A simulation and a stop-watch.
class Play {
 public:
  explicit Play(const Scenario& scenario) {
    const Registry registry = MakeRegistry(DELSTEP_DATA_DIR);
    Time("create", [&] { simulation_ = Checked(Simulation::Create(scenario, registry)); });
    nodes_ = simulation_->Nodes();
  }

  void Train() {
    Time("train", [&] { Checked(simulation_->Train(nodes_)); });
  }
  void Flood() {
    Time("flood", [&] { Checked(simulation_->Flood(nodes_)); });
  }
  void Gossip(std::size_t peers) {
    Time("gossip", [&] { Checked(simulation_->Gossip(peers, nodes_)); });
  }
  void NetworkStep() {
    Time("nstep", [&] { Checked(simulation_->NetworkStep()); });
  }
  void Aggregate(const char* phase = "ag") {
    Time(phase, [&] { Checked(simulation_->Aggregate(nodes_)); });
  }
  void Test(EvaluationScope::Kind kind) {
    const char* name = kind == EvaluationScope::Kind::kLocal ? "test local" : "test";
    Time(name, [&] { Checked(simulation_->Evaluate(nodes_, {kind, {}})); });
  }
  /// Every node with a rate of its own: then no two sums are equal.
  void SpreadRates() {
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      simulation_->SetRate(0.5 + 0.4 * static_cast<double>(i) / static_cast<double>(nodes_.size()),
                           std::span(&nodes_[i], 1));
  }
  double Accuracy() const { return simulation_->Stats().accuracy.mean; }
  const std::vector<std::pair<std::string, double>>& seconds() const { return seconds_; }

 private:
  template <class Run>
  void Time(const char* phase, Run run) {
    const auto begin = std::chrono::steady_clock::now();
    run();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    for (auto& [name, sum] : seconds_)
      if (name == phase) {
        sum += taken.count();
        return;
      }
    seconds_.emplace_back(phase, taken.count());
  }

  std::unique_ptr<Simulation> simulation_;
  std::vector<NodeId> nodes_;
  std::vector<std::pair<std::string, double>> seconds_;  // in the order in which phases began
};

Scenario Digits(std::size_t nodes, std::size_t samples) {
  Scenario scenario;
  scenario.nodes.count = nodes;
  scenario.partition.samples_per_node = samples;
  return scenario;
}

Scenario Neighbours(Scenario scenario, std::uint32_t degree) {
  scenario.topology.name = "regular";
  scenario.topology.degree = degree;
  return scenario;
}

using Kind = EvaluationScope::Kind;

void PlayCycles(Play& play, int cycles) {
  for (int i = 0; i < cycles; ++i) {
    play.Train();
    play.Flood();
    play.NetworkStep();
    play.Aggregate();
    play.Test(Kind::kGeneral);
  }
}

void PlayGossip(Play& play) {
  for (int i = 0; i < 3; ++i) {
    play.Train();
    play.Gossip(2);
    play.NetworkStep();
    play.Aggregate();
  }
  play.Test(Kind::kLocal);
}

/// The first aggregation touches memory that was never used; the next ones are typical.
void PlayAggregation(Play& play, bool spread) {
  if (spread) play.SpreadRates();
  for (int i = 0; i < 3; ++i) {
    play.Flood();
    play.NetworkStep();
    play.Aggregate(i == 0 ? "ag in fresh memory" : "ag");
  }
}

void PlayEvaluation(Play& play) {
  play.Test(Kind::kGlobal);
  play.Test(Kind::kLocal);
}

void PlayMessages(Play& play) {
  play.Flood();
  play.NetworkStep();
}

struct Workload {
  Scenario scenario;
  std::function<void(Play&)> play;
};

/// Rows of 25,450 parameters, but next to no data.
Scenario Rows(std::size_t nodes) {
  Scenario scenario = Digits(nodes, 20);
  scenario.model.init = "per-node";
  scenario.aggregation.expiry = 1;
  return scenario;
}

std::map<std::string, Workload> Workloads() {
  std::map<std::string, Workload> all;
  const auto cycles = [](int n) { return [n](Play& play) { PlayCycles(play, n); }; };
  all["seed"] = {Digits(12, 5800), cycles(1)};
  all["seed-3-cycles"] = {Digits(12, 5800), cycles(3)};
  all["seed-50"] = {Digits(50, 1392), cycles(1)};
  all["seed-100"] = {Digits(100, 696), cycles(1)};
  Scenario gossip = Neighbours(Digits(1000, 69), 8);
  gossip.training.epochs = 1;
  all["gossip-1000"] = {gossip, PlayGossip};
  for (const std::size_t nodes : {12, 100, 1000}) {
    const std::string count = std::to_string(nodes);
    all["mesh-" + count] = {Rows(nodes), [](Play& play) { PlayAggregation(play, true); }};
    all["mean-" + count] = {Rows(nodes), [](Play& play) { PlayAggregation(play, false); }};
    all["regular-" + count] = {Neighbours(Rows(nodes), 8),
                               [](Play& play) { PlayAggregation(play, true); }};
  }
  Scenario guard = Digits(6, 2000);
  guard.training.epochs = 3;
  all["guard-train"] = {guard, cycles(1)};
  all["guard-aggregate"] = {Rows(80), [](Play& play) { PlayAggregation(play, true); }};
  Scenario test = Digits(12, 5800);
  test.model.init = "per-node";
  all["evaluate"] = {test, PlayEvaluation};
  Scenario blobs;
  blobs.nodes.count = 1000;
  blobs.data.name = "blobs";
  blobs.model.hidden = {};
  all["messages"] = {blobs, PlayMessages};
  return all;
}

int Main(int argc, char** argv) {
  const std::map<std::string, Workload> workloads = Workloads();
  const std::string name = argc > 1 ? argv[1] : "";
  const auto found = workloads.find(name);
  if (found == workloads.end()) {
    fmt::print(stderr, "usage: workloads NAME [THREADS] [--portable]; the names:");
    for (const auto& [known, workload] : workloads) fmt::print(stderr, " {}", known);
    fmt::print(stderr, "\n");
    return 2;
  }
  Scenario scenario = found->second.scenario;
  for (int i = 2; i < argc; ++i) {
    if (std::string(argv[i]) == "--portable")
      scenario.portable = true;
    else
      scenario.training.threads = std::strtoul(argv[i], nullptr, 10);
  }
  Play play(scenario);
  found->second.play(play);
  const Kernels& kernels = scenario.portable ? PortableKernels() : BestKernels();
  fmt::print(R"({{"workload": "{}", "kernels": "{}", "threads": {}, "peak_gflops": {:.1f}, )", name,
             kernels.name, scenario.training.threads, PeakGflops(kernels));
  fmt::print(R"("accuracy": {:.4f}, "seconds": {{)", play.Accuracy());
  const char* comma = "";
  for (const auto& [phase, seconds] : play.seconds()) {
    fmt::print(R"({}"{}": {:.6f})", comma, phase, seconds);
    comma = ", ";
  }
  fmt::print("}}}}\n");
  return 0;
}

}  // namespace
}  // namespace delstep

int main(int argc, char** argv) { return delstep::Main(argc, argv); }
