// Plays one whole workload through the Simulation and prints how long each command took, and what
// work it was, as a JSON object: {"workload": ..., "seconds": {"train": ..., ...}, "work": ...}.
//   workloads NAME [THREADS] [--portable]
// bench/run.py calls it again and again, in turn with what it is compared with. Where this build
// lacks a part, {"workload": ..., "skipped": "why"}.
#include <fmt/format.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/json.h"
#include "math/chosen_kernels.h"
#include "math/kernels.h"
#include "play.h"

namespace delstep {
namespace {

/// Of the LibTorch learner: 5 x 5 convolutions to 32 and 64 channels, pooled, then 512 and 10
/// neurons. Training costs about three times a forward pass.
constexpr double kConvolutionFlops =
    2.0 * (28 * 28 * 25 * 32 + 14 * 14 * 25 * 32 * 64 + 7 * 7 * 64 * 512 + 512 * 10);
constexpr ModelCost kConvolutions{1'663'370, 3 * kConvolutionFlops, kConvolutionFlops};

/// 784-32-10: two products of the first layer and three of the second to train, one each to test.
constexpr ModelCost kPerceptron{25'450, 2.0 * (2 * 784 * 32 + 3 * 32 * 10),
                                2.0 * (784 * 32 + 32 * 10)};

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
    play.Aggregate("ag", 1);
    play.Test(Kind::kGeneral);
  }
}

void PlayGossip(Play& play) {
  for (int i = 0; i < 3; ++i) {
    play.Train();
    play.Gossip(2);
    play.NetworkStep();
    play.Aggregate("ag", play.nodes());
  }
  play.Test(Kind::kLocal);
}

/// The first aggregation touches memory that was never used; the next ones are typical.
void PlayAggregation(Play& play, bool spread) {
  if (spread) play.SpreadRates();
  for (int i = 0; i < 3; ++i) {
    play.Flood();
    play.NetworkStep();
    play.Aggregate(i == 0 ? "ag in fresh memory" : "ag", spread ? play.nodes() : 1);
  }
}

/// After ten rounds all models are parts of all others, and lists of where they come from are full.
void PlayMixedAggregation(Play& play) {
  play.SpreadRates();
  for (int i = 0; i < 15; ++i) {
    play.Flood();
    play.NetworkStep();
    play.Aggregate(i < 10 ? "ag while models mix" : "ag", play.nodes());
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

/// What others hold of a node is its row of before, so each node keeps two.
void PlayMemory(Play& play) {
  play.Train();
  play.Flood();
  play.NetworkStep();
  play.Train();
}

/// A round must cost the same late in a run as early, and next to the same with a record.
void PlayRounds(Play& play, bool recorded) {
  if (recorded) play.Record();
  for (int i = 0; i < 4000; ++i)
    play.Round(i < 500 ? "rounds 1 to 500" : i >= 3500 ? "rounds 3501 to 4000" : "rounds between");
}

struct Workload {
  Scenario scenario;
  std::function<void(Play&)> play;
  ModelCost cost = kPerceptron;
};

/// Rows of 25,450 parameters, but next to no data.
Scenario Rows(std::size_t nodes) {
  Scenario scenario = Digits(nodes, 20);
  scenario.model.init = "per-node";
  scenario.aggregation.expiry = 1;
  return scenario;
}

void AddAggregations(std::map<std::string, Workload>& all) {
  for (const std::size_t nodes : {12, 100, 1000}) {
    const std::string count = std::to_string(nodes);
    all["mesh-" + count] = {Rows(nodes), [](Play& play) { PlayAggregation(play, true); }};
    all["mean-" + count] = {Rows(nodes), [](Play& play) { PlayAggregation(play, false); }};
    Scenario unfollowed = Rows(nodes);
    unfollowed.history.why = "false";
    all["mesh-" + count + "-unfollowed"] = {unfollowed,
                                            [](Play& play) { PlayAggregation(play, true); }};
    all["regular-" + count] = {Neighbours(Rows(nodes), 8),
                               [](Play& play) { PlayAggregation(play, true); }};
    all["mixed-" + count] = {Neighbours(Rows(nodes), 8), PlayMixedAggregation};
    all["mixed-" + count + "-unfollowed"] = {Neighbours(unfollowed, 8), PlayMixedAggregation};
  }
}

std::map<std::string, Workload> Workloads() {
  std::map<std::string, Workload> all;
  const auto cycles = [](int n) { return [n](Play& play) { PlayCycles(play, n); }; };
  all["seed"] = {Digits(12, 5800), cycles(1)};
  all["seed-3-cycles"] = {Digits(12, 5800), cycles(3)};
  Scenario unfollowed = Digits(12, 5800);
  unfollowed.history.why = "false";
  all["seed-3-cycles-unfollowed"] = {unfollowed, cycles(3)};
  all["seed-50"] = {Digits(50, 1392), cycles(1)};
  all["seed-100"] = {Digits(100, 696), cycles(1)};
  Scenario gossip = Neighbours(Digits(1000, 69), 8);
  gossip.training.epochs = 1;
  all["gossip-1000"] = {gossip, PlayGossip};
  AddAggregations(all);
  Scenario cnn = Digits(12, 200);
  cnn.model.name = "cnn";
  cnn.model.learner = "torch";
  cnn.training.epochs = 1;
  all["cnn-12"] = {cnn, cycles(1), kConvolutions};
  all["memory-100"] = {Rows(100), PlayMemory};
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
  blobs.nodes.count = 12;
  all["rounds-12"] = {blobs, [](Play& play) { PlayRounds(play, false); }};
  all["recorded-12"] = {blobs, [](Play& play) { PlayRounds(play, true); }};
  return all;
}

void Print(const std::string& name, const Scenario& scenario, const Play& play) {
  const Kernels& kernels = scenario.portable ? PortableKernels() : BestKernels();
  const Statistics stats = play.Stats();
  const Bytes rows = stats.memory.model_rows + stats.memory.state_rows;
  fmt::print(R"({{"workload": "{}", "kernels": "{}", "threads": {}, "accuracy": {:.4f}, )", name,
             kernels.name, scenario.training.threads, stats.accuracy.mean);
  fmt::print(R"("bytes a node": {:.0f}, "resident": {}, "seconds": {{)",
             static_cast<double>(rows) / static_cast<double>(play.nodes()), stats.memory.resident);
  const char* comma = "";
  for (const Phase& phase : play.phases()) {
    fmt::print(R"({}"{}": {:.6f})", comma, phase.name, phase.seconds);
    comma = ", ";
  }
  fmt::print(R"(}}, "work": {{)");
  comma = "";
  for (const Phase& phase : play.phases()) {
    fmt::print(R"({}"{}": {{"times": {}, "gflop": {:.6g}, "gigabytes": {:.6g}, "messages": {}}})",
               comma, phase.name, phase.times, phase.gflop, phase.gigabytes, phase.messages);
    comma = ", ";
  }
  fmt::print("}}}}\n");
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
  if (const Result<void> chosen = CheckChosenKernels(); !chosen) {
    fmt::print(stderr, "workloads: {}; {}\n", chosen.error().message, chosen.error().hint);
    return 2;
  }
  Scenario scenario = found->second.scenario;
  for (int i = 2; i < argc; ++i) {
    if (std::string(argv[i]) == "--portable")
      scenario.portable = true;
    else
      scenario.training.threads = std::strtoul(argv[i], nullptr, 10);
  }
  std::string why;
  const std::unique_ptr<Play> play = Play::Create(scenario, found->second.cost, why);
  if (!play) {
    fmt::print(R"({{"workload": "{}", "skipped": {}}})", name, JsonString(why));
    return 0;
  }
  found->second.play(*play);
  Print(name, scenario, *play);
  return 0;
}

}  // namespace
}  // namespace delstep

int main(int argc, char** argv) { return delstep::Main(argc, argv); }
