// What it costs that nodes move: an hour of 1,000 walkers and of 1,000 vehicles, all contacts
// found, with no learning at all.
#include <benchmark/benchmark.h>

#include <chrono>
#include <memory>
#include <string>

#include "mobility/models.h"
#include "mobility/radio_contacts.h"

namespace delstep {
namespace {

constexpr std::uint32_t kNodes = 1000;
constexpr SimTime kHour{std::chrono::hours(1)};

/// In 1000 x 1000 m, at so many metres per second.
Scenario Walkers(const std::string& name, double slow, double fast) {
  Scenario scenario;
  scenario.mobility.name = name;
  scenario.mobility.area = Area{1000, 1000};
  scenario.mobility.speed.a = slow;
  scenario.mobility.speed.b = fast;
  return scenario;
}

void FindContacts(benchmark::State& state,
                  Result<std::unique_ptr<Mobility>> (*make)(const Scenario&),
                  const Scenario& scenario) {
  // 999 others in range with probability pi r^2 / 10^6: 8 neighbours at 50.5 m where places are
  // uniform. Random waypoint has more in the middle: 8.0 at 43 m.
  const RadioOptions radio{.range = scenario.mobility.name == "random-waypoint" ? 43.0 : 50.5};
  std::size_t changes = 0, links = 0;
  for (auto _ : state) {
    const auto mobility = *make(scenario);
    const auto plan = MakeRadioContacts(*mobility, radio, scenario.seed);
    const Duration window = plan->window();
    changes = 0;
    // As a run asks for them: window by window.
    for (SimTime now{}; now < kHour; now += window)
      changes += plan->Changes(kNodes, now, std::min(now + window, kHour)).size();
    links = plan->At(kNodes, kHour).size();
  }
  state.counters["changes"] = static_cast<double>(changes);
  state.counters["degree"] = 2.0 * static_cast<double>(links) / kNodes;
}
BENCHMARK_CAPTURE(FindContacts, waypoint_walkers, MakeRandomWaypoint,
                  Walkers("random-waypoint", 0.5, 1.5))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(FindContacts, waypoint_vehicles, MakeRandomWaypoint,
                  Walkers("random-waypoint", 10, 20))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(FindContacts, gauss_markov, MakeGaussMarkov, Walkers("gauss-markov", 0.5, 1.5))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(FindContacts, manhattan, MakeManhattan, Walkers("manhattan", 0.5, 1.5))
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace delstep
