#pragma once
/// A run of fakes in which time passes by itself.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "tests/fakes/fake_plans.h"
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
using namespace std::chrono_literals;

constexpr SimTime At(Duration time) { return SimTime{} + time; }

class TimeTest : public SimulationTest {
 protected:
  TimeTest() {
    // Each call as "1500ms 2 turn"; then what the test wants to be done.
    fakes::AddCalledBehaviour(fake_.registry, [this](const std::string& what, Host& node) {
      calls_.push_back(std::to_string(node.now().time_since_epoch() / 1ms) + "ms " +
                       std::to_string(Index(node.id())) + " " + what);
      if (act_) act_(what, node);
    });
    scenario_ = FakeRun::DefaultScenario();
    scenario_.behaviour.period = 1s;
  }
  void Begin() { Start(scenario_); }
  /// Everything up to and including `end`; how many happenings.
  std::size_t RunUntil(Duration end) {
    EXPECT_TRUE(sim().Transmit());
    std::size_t happenings = 0;
    while (true) {
      const auto more = sim().HandleNext(At(end));
      EXPECT_TRUE(more) << more.error().message;
      if (!more || !*more) break;
      ++happenings;
    }
    return happenings;
  }
  /// The times of all events of one kind, in milliseconds.
  template <class T>
  std::vector<std::int64_t> TimesOf() {
    std::vector<std::int64_t> times;
    for (const Event& event : events_)
      if (std::holds_alternative<T>(event.what)) times.push_back(event.at.time_since_epoch() / 1ms);
    return times;
  }

  Scenario scenario_;
  std::vector<std::string> calls_;
  std::function<void(const std::string&, Host&)> act_;
};

}  // namespace delstep
