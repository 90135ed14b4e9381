#pragma once
/// A run of fakes to ask and to look at.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "delstep/simulation.h"
#include "tests/fakes/fake_parts.h"
#include "tests/fakes/thread_cluster.h"

// Messages of the fake model weigh 64 + 4 * 3 = 76 bytes. A node has 20 examples, so a node that
// has trained k times has the numbers (k, 20 k, k / 2).
namespace delstep {

using fakes::FakeRun;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr NodeId kA{0}, kB{1}, kC{2}, kD{3};
const std::vector<NodeId> kAll = {kA, kB, kC, kD};

class SimulationTest : public testing::Test {
 protected:
  SimulationTest() {
    if (const int processes = fakes::WantedProcesses(); processes > 1)
      cluster_.emplace(processes, fake_.registry);
    Start(FakeRun::DefaultScenario());
  }
  void Start(const Scenario& scenario) {
    auto created = Simulation::Create(scenario, fake_.registry);
    ASSERT_TRUE(created) << created.error().message;
    simulation_ = *std::move(created);
    events_.clear();
    simulation_->Observe([this](const Event& event) { events_.push_back(event); });
  }
  Simulation& sim() { return *simulation_; }

  /// How often the node has trained, or an average of that: the loss is the third number of the
  /// fake model, and each training adds lr = 0.5 to it.
  double Number(NodeId node) { return Test(node).loss / 0.5; }
  Evaluated Test(NodeId node, EvaluationScope::Kind kind = EvaluationScope::Kind::kGeneral) {
    const std::vector<NodeId> one = {node};
    auto evaluated = sim().Evaluate(one, {kind, {}});
    EXPECT_TRUE(evaluated);
    return evaluated->front();
  }
  void Train(std::vector<NodeId> nodes) { ASSERT_TRUE(sim().Train(nodes)); }
  StepReport Aggregate(std::vector<NodeId> nodes) {
    auto report = sim().Aggregate(nodes);
    EXPECT_TRUE(report) << report.error().message;
    return *report;
  }
  template <class T>
  std::vector<T> EventsOf() {
    std::vector<T> found;
    for (const Event& event : events_)
      if (const T* what = std::get_if<T>(&event.what)) found.push_back(*what);
    return found;
  }

  FakeRun fake_;
  std::optional<fakes::ThreadCluster> cluster_;
  std::unique_ptr<Simulation> simulation_;
  std::vector<Event> events_;
};

// One example in four is held out, so that there is something to test on: 5 of 20, 15 to train on.
class SimulationWithTests : public SimulationTest {
 protected:
  SimulationWithTests() {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.data.test_fraction = 0.25;
    Start(scenario);
  }
};

}  // namespace delstep
