#include "play.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>

#include "delstep/registry.h"

namespace delstep {
namespace {

template <class T>
T Checked(Result<T> result) {
  if (result) return std::move(result).value();
  fmt::print(stderr, "workloads: {}\n", result.error().message);
  std::exit(1);
}

}  // namespace

std::unique_ptr<Play> Play::Create(const Scenario& scenario, ModelCost cost, std::string& why) {
  const Registry registry = MakeRegistry({.fetched = DELSTEP_DATA_DIR});
  std::unique_ptr<Play> play(new Play(cost));
  std::optional<Result<std::unique_ptr<Simulation>>> made;
  play->Time("create", [&] { made.emplace(Simulation::Create(scenario, registry)); });
  if (!*made && made->error().code == ErrorCode::kUnavailable) {
    why = made->error().message;
    return nullptr;
  }
  play->simulation_ = Checked(std::move(*made));
  play->nodes_ = play->simulation_->Nodes();
  return play;
}

Phase& Play::Time(const std::string& phase, const std::function<void()>& run) {
  const auto begin = std::chrono::steady_clock::now();
  run();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  auto found = std::ranges::find(phases_, phase, &Phase::name);
  if (found == phases_.end()) found = phases_.insert(found, Phase{.name = phase});
  ++found->times;
  found->seconds += taken.count();
  return *found;
}

void Play::Train() {
  StepReport report;
  Phase& phase = Time("train", [&] { report = Checked(simulation_->Train(nodes_)); });
  for (const Trained& trained : report.trained)
    phase.gflop += 1e-9 * cost_.train_flops * static_cast<double>(trained.samples) * trained.epochs;
}

void Play::Flood() {
  QueueReport report;
  Phase& phase = Time("flood", [&] { report = Checked(simulation_->Flood(nodes_)); });
  phase.messages += static_cast<double>(report.queued);
}

void Play::Gossip(std::size_t peers) {
  QueueReport report;
  Phase& phase = Time("gossip", [&] { report = Checked(simulation_->Gossip(peers, nodes_)); });
  phase.messages += static_cast<double>(report.queued);
}

void Play::NetworkStep() {
  NetworkReport report;
  Phase& phase = Time("nstep", [&] { report = Checked(simulation_->NetworkStep()); });
  phase.messages += static_cast<double>(report.sent);
}

void Play::Aggregate(const char* name, std::size_t written) {
  StepReport report;
  Phase& phase = Time(name, [&] { report = Checked(simulation_->Aggregate(nodes_)); });
  double terms = 0;
  for (const Aggregated& node : report.aggregated)
    terms += static_cast<double>(1 + node.peers.size());
  const auto sums = static_cast<double>(written), all = static_cast<double>(nodes_.size());
  phase.gflop += 1e-9 * 2 * cost_.parameters * terms * sums / all;
  phase.gigabytes += 1e-9 * sizeof(float) * cost_.parameters * (all + sums);
}

void Play::Record() {
  std::string folder = (std::filesystem::temp_directory_path() / "delstep-bench-XXXXXX").string();
  if (!mkdtemp(folder.data())) {
    fmt::print(stderr, "workloads: cannot make a folder in {}\n",
               std::filesystem::temp_directory_path().string());
    std::exit(1);
  }
  folder_ = folder;
  record_ = Checked(RunDirectory::Create(std::filesystem::path(folder_) / "run", {}, *simulation_));
  simulation_->Observe([this](const Event& event) { record_->Record(event); });
}

Play::~Play() {
  if (folder_.empty()) return;
  record_.reset();
  std::error_code ignored;  // a folder that stays does no harm
  std::filesystem::remove_all(folder_, ignored);
}

void Play::Round(const char* phase) {
  const auto end_of = [&](const char* command) {
    if (record_) record_->EndCommand({.text = command, .code = 0, .message = {}}, {}, "");
  };
  Time(phase, [&] {
    Checked(simulation_->Train(nodes_));
    end_of("train");
    Checked(simulation_->Flood(nodes_));
    end_of("flood");
    Checked(simulation_->NetworkStep());
    end_of("nstep");
    Checked(simulation_->Aggregate(nodes_));
    end_of("ag");
  });
}

void Play::Test(EvaluationScope::Kind kind) {
  const char* name = kind == EvaluationScope::Kind::kLocal ? "test local" : "test";
  std::vector<Evaluated> results;
  Phase& phase = Time(name, [&] { results = Checked(simulation_->Evaluate(nodes_, {kind, {}})); });
  for (const Evaluated& result : results)
    phase.gflop += 1e-9 * cost_.test_flops * static_cast<double>(result.examples);
}

void Play::SpreadRates() {
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    simulation_->SetRate(0.5 + 0.4 * static_cast<double>(i) / static_cast<double>(nodes_.size()),
                         std::span(&nodes_[i], 1));
}

}  // namespace delstep
