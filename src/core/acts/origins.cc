#include "core/acts/origins.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "core/acts/first_equal.h"
#include "core/acts/outgoing.h"

namespace delstep {
namespace {

/// A gradient was divided by its sender's rate, and is multiplied by the receiver's.
double FactorOfChange(const Run& run, const Node& node, const ModelOrigin& sent) {
  if (run.world.scenario->aggregation.share != "gradients" || sent.since == 0) return 1;
  return -ScaleOfShared(run, node) / sent.rate;
}

/// Of the node's own model, which is the first of the parts, and of one part more.
void AddOwn(const OriginPart& part, Meeting& meeting) {
  // Where changes are averaged, the model of the last aggregation stays whole, and what was trained
  // since does not: two ways for knowledge to stay.
  if (part.base == part.trainings) {
    meeting.inputs.push_back({.from = part.node,
                              .weight = part.base,
                              .meeting = part.origin->meeting,
                              .trained = part.origin->since > 0});
    return;
  }
  meeting.inputs.push_back(
      {.from = part.node, .weight = part.base, .meeting = part.origin->meeting});
  if (part.origin->since > 0 && part.trainings != 0)
    meeting.inputs.push_back({.from = part.node, .weight = part.trainings, .trained = true});
}

void AddPeer(const OriginPart& part, const ShownModel& shown, Meeting& meeting) {
  const bool whole = part.base != 0;
  // A change holds nothing but trainings.
  if (!whole && part.origin->since == 0) return;
  meeting.inputs.push_back({.from = part.node,
                            .weight = part.trainings,
                            .message = shown.message,
                            .sent = shown.sent,
                            .received = shown.received,
                            .meeting = whole ? part.origin->meeting : 0,
                            .trained = part.origin->since > 0});
}

std::uint64_t HashOf(std::span<const OriginPart> parts) {
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15;  // 2^64 / the golden ratio
  std::uint64_t hash = 0;
  for (const OriginPart& part : parts) {
    hash = (hash ^ reinterpret_cast<std::uintptr_t>(part.origin)) * kFactor;
    hash = (hash ^ std::bit_cast<std::uint64_t>(part.trainings)) * kFactor;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace

OriginPlan PlanOrigin(const Run& run, const Node& node, std::span<const PeerModel> models,
                      std::span<const ShownModel> shown, std::span<const double> weights) {
  OriginPlan plan;
  if (!node.origin) return plan;
  const bool whole = SharesParameters(*run.world.scenario);
  auto meeting = std::make_shared<Meeting>(
      Meeting{.number = node.meetings->empty() ? 1 : node.meetings->back()->number + 1,
              .at = run.world.now,
              .cycle = run.world.cycle,
              .inputs = {}});
  // The node's own model may be two inputs.
  meeting->inputs.reserve(models.size() + (whole ? 0 : 1));
  plan.parts.reserve(models.size());
  for (std::size_t k = 0; k < models.size(); ++k) {
    OriginPart part{.node = models[k].node, .origin = shown[k].origin};
    part.base = whole ? weights[k] : (k == 0 ? 1.0 : 0.0);
    part.trainings = weights[k];
    if (!whole && k > 0) part.trainings *= FactorOfChange(run, node, *part.origin);
    if (part.base == 0 && part.trainings == 0) continue;
    if (k == 0)
      AddOwn(part, *meeting);
    else
      AddPeer(part, shown[k], *meeting);
    plan.parts.push_back(part);
  }
  // The node itself goes to its place among the others.
  const auto own = std::ranges::find(plan.parts, node.id, &OriginPart::node);
  if (own != plan.parts.end())
    std::rotate(own, own + 1,
                std::upper_bound(own + 1, plan.parts.end(), node.id,
                                 [](NodeId id, const OriginPart& part) { return id < part.node; }));
  plan.meeting = std::move(meeting);
  return plan;
}

void MixOrigins(Run& run, std::span<OriginPlan* const> plans, bool estimate) {
  const std::vector<std::size_t> first = FirstEqual(
      plans.size(), [&](std::size_t i) { return HashOf(plans[i]->parts); },
      [&](std::size_t i, std::size_t j) { return plans[i]->parts == plans[j]->parts; });
  std::vector<OriginSum> sums;
  std::vector<std::size_t> place(plans.size());  // in `sums`
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (first[i] != i || plans[i]->parts.empty()) continue;
    place[i] = sums.size();
    sums.push_back(
        {.parts = plans[i]->parts, .estimate = estimate && plans[i]->parts.size() > 1, .out = {}});
  }
  SumOrigins(sums, *run.engine.workers);
  for (std::size_t i = 0; i < plans.size(); ++i)
    if (!plans[i]->parts.empty()) plans[i]->base = sums[place[first[i]]].out;
}

void CommitOrigin(OriginPlan plan, Node& node) {
  if (!plan.base) return;
  node.origin = AfterMeeting(*node.origin, std::move(plan.base), plan.meeting->number);
  Append(std::move(plan.meeting), node.meetings.Write());
}

}  // namespace delstep
