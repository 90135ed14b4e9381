#include "core/acts/plans.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "core/acts/pass_time.h"
#include "core/acts/presence.h"

namespace delstep {

Result<std::uint64_t> AddPlan(Run& run, PlannedCommand plan) {
  World& world = run.world;
  if (plan.at < world.now)
    // Who counts from now types a small number late in a run. The hint says so, as the message
    // alone looks like a bug of the clock.
    return Refused(fmt::format("{:.9g} s is past: the clock stands at {:.9g} s", Seconds(plan.at),
                               Seconds(world.now)),
                   "TIME is one of the clock, not counted from now; `status` shows the clock");
  plan.number = world.next_plan++;
  run.Note(
      PlanMade{.plan = plan.number, .at = plan.at, .every = plan.every, .command = plan.command});
  const std::uint64_t number = plan.number;
  world.plans.Write().push_back(std::move(plan));
  return number;
}

bool DeletePlan(Run& run, std::uint64_t number) {
  const auto is_it = [&](const PlannedCommand& plan) { return plan.number == number; };
  if (std::ranges::none_of(*run.world.plans, is_it)) return false;
  std::erase_if(run.world.plans.Write(), is_it);
  run.Note(PlanDeleted{.plan = number});
  return true;
}

// Taken off before it runs: a plan that deletes itself, or fails, must not come again.
std::optional<PlannedCommand> TakeDuePlan(Run& run) {
  World& world = run.world;
  const auto first = std::ranges::min_element(
      *world.plans, {}, [](const PlannedCommand& plan) { return std::pair(plan.at, plan.number); });
  if (first == world.plans->end() || first->at > world.now) return std::nullopt;
  const auto place = first - world.plans->begin();
  PlannedCommand due = *first;
  std::vector<PlannedCommand>& plans = world.plans.Write();
  // The next time is reckoned from the one before, not from now: `every 10s` keeps its beat.
  // At the end of simulated time there is no later.
  if (due.every && *due.every <= SimTime::max() - due.at)
    plans[static_cast<std::size_t>(place)].at = due.at + *due.every;
  else
    plans.erase(plans.begin() + place);
  return due;
}

SimTime NextPlan(const Run& run) {
  SimTime next = SimTime::max();
  if (!run.run_due_plan) return next;
  for (const PlannedCommand& plan : *run.world.plans) next = std::min(next, plan.at);
  return next;
}

void PlaceNodes(Run& run) {
  run.engine.mobility->places.clear();
  for (const Node& node : run.world.nodes)
    if (node.place) run.engine.mobility->places[node.id] = *node.place;
}

Result<void> Move(Run& run, NodeId node, double x, double y) {
  const Scenario& scenario = *run.engine.scenario;
  const std::string& called = run.world.at(node).Called();
  if (scenario.mobility.name != "still")
    return Refused(
        fmt::format("{} moves by itself (mobility.name = {})", called, scenario.mobility.name),
        "only nodes that stand still can be moved by hand");
  const Area field = run.engine.field;
  if (!(x >= 0 && x <= field.width && y >= 0 && y <= field.height))
    return Refused(
        fmt::format("{} m, {} m lies outside of the field of {} x {} m", ShortestReal(x),
                    ShortestReal(y), ShortestReal(field.width), ShortestReal(field.height)),
        "mobility.area is the field");
  // After the checks: who is refused has changed nothing.
  DELSTEP_TRY(FinishArrivals(run));
  run.world.Change(node).place = Position{.x = x, .y = y};
  run.engine.mobility->places[node] = Position{.x = x, .y = y};
  run.Note(NodeMoved{.node = node, .x = x, .y = y});
  if (!run.engine.contacts) return {};
  return FollowContacts(run);
}

}  // namespace delstep
