// Aggregation in three phases: plan (may refuse, changes nothing), sum (all nodes at once), commit.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/hash.h"
#include "core/aggregate.h"
#include "core/learning.h"
#include "math/kernels.h"
#include "math/weighted_sums.h"

namespace delstep {
namespace {

void Add(const World& world, AggregationPlan& plan, NodeId node, const SharedModel& model) {
  plan.models.push_back({node, model.samples,
                         static_cast<std::uint32_t>(world.at(node).neighbours.size()),
                         model.row.view()});
}

SharedModel OwnModel(const Node& node) { return {node.model, node.training->size()}; }

/// Newest message of each sender, ascending by sender.
std::map<NodeId, const SharedModel*> NewestOf(const std::vector<Parcel>& inbox) {
  std::map<NodeId, const SharedModel*> newest;
  for (const Parcel& parcel : inbox) newest[parcel.message.from] = &parcel.model;
  return newest;
}

AggregationPlan Receive(const Run& run, NodeId id) {
  const Machinery& machinery = run.machinery;
  const Node& node = run.world.at(id);
  AggregationPlan plan;
  plan.node = id;
  plan.guestbook = node.guestbook;
  std::vector<Encounter> met;
  for (const Parcel& parcel : node.inbox)
    met.push_back({parcel.message.from, parcel.model, machinery.scenario.aggregation.expiry,
                   parcel.sent, parcel.arrived});
  plan.guestbook.Write(std::move(met));
  if (plan.guestbook.empty()) return plan;

  Add(run.world, plan, id, OwnModel(node));
  if (machinery.aggregator->sees() == Aggregator::Sees::kEncounters) {
    for (const Encounter& record : plan.guestbook.records())
      Add(run.world, plan, record.peer, record.model);
  } else {
    for (const auto& [peer, model] : NewestOf(node.inbox)) Add(run.world, plan, peer, *model);
  }
  // A rule that is not linear decides for itself whether one model is enough.
  plan.changes = plan.models.size() > 1 || !machinery.aggregator->linear();
  return plan;
}

/// theta <- (1 - rate) * theta + rate * sum of w_k theta_k, as one list of terms. Terms come in the
/// order of node ids, so that nodes that average the same models with the same weights get the same
/// bits.
Result<void> WeighTerms(const Run& run, AggregationPlan& plan) {
  const std::vector<PeerModel>& models = plan.models;
  std::vector<double> weights(models.size());
  DELSTEP_TRY(run.machinery.aggregator->Weigh(models, weights));
  const double rate = run.world.at(plan.node).rate;
  std::vector<std::pair<NodeId, WeightedTerm>> terms;
  for (std::size_t i = 0; i < models.size(); ++i) {
    const double weight = rate * weights[i] + (i == 0 ? 1 - rate : 0);
    if (weight != 0)
      terms.push_back({models[i].node, {models[i].model.data(), static_cast<float>(weight)}});
  }
  std::ranges::stable_sort(terms, {}, &std::pair<NodeId, WeightedTerm>::first);
  for (const auto& [node, term] : terms) plan.terms.push_back(term);
  return {};
}

Result<void> MergeRows(Run& run, std::vector<AggregationPlan>& plans) {
  Machinery& machinery = run.machinery;
  std::vector<Result<void>> results(plans.size());
  for (AggregationPlan& plan : plans)
    if (plan.changes) plan.merged = machinery.model_rows->New();
  machinery.workers->ForEach(plans.size(), [&](int, std::size_t i) {
    AggregationPlan& plan = plans[i];
    if (!plan.changes) return;
    const std::span<float> out = plan.merged.Write();
    results[i] = machinery.aggregator->Merge(plan.models, out);
    const auto rate = static_cast<float>(run.world.at(plan.node).rate);
    if (!results[i] || rate == 1) return;
    const std::span<const float> own = plan.models[0].model;
    for (std::size_t c = 0; c < out.size(); ++c) out[c] = (1 - rate) * own[c] + rate * out[c];
  });
  for (std::size_t i = 0; i < plans.size(); ++i)
    if (!results[i]) {
      Error error = results[i].error();
      error.message =
          fmt::format("{}: {}", ToString(run.world.at(plans[i].node).address), error.message);
      return error;
    }
  return {};
}

std::uint64_t HashTerms(const std::vector<WeightedTerm>& terms) {
  std::uint64_t hash = 0;
  for (const WeightedTerm& term : terms) {
    const std::pair<std::uintptr_t, std::uint64_t> words = {
        reinterpret_cast<std::uintptr_t>(term.row), std::bit_cast<std::uint32_t>(term.weight)};
    hash = HashBytes(std::as_bytes(std::span(&words, 1)), hash);
  }
  return hash;
}

bool SameTerms(const std::vector<WeightedTerm>& a, const std::vector<WeightedTerm>& b) {
  return std::ranges::equal(a, b, [](const WeightedTerm& x, const WeightedTerm& y) {
    return x.row == y.row && x.weight == y.weight;
  });
}

/// All sums of the command at once. Nodes with equal lists of terms (a flood without loss) share
/// one sum, and one row.
void SumRows(Run& run, std::vector<AggregationPlan>& plans) {
  Machinery& machinery = run.machinery;
  std::vector<WeightedSum> sums;
  std::unordered_multimap<std::uint64_t, AggregationPlan*> leaders;  // looked up, never iterated
  for (AggregationPlan& plan : plans) {
    if (!plan.changes) continue;
    const std::uint64_t hash = HashTerms(plan.terms);
    const auto [first, last] = leaders.equal_range(hash);
    const auto same = std::find_if(first, last, [&](const auto& leader) {
      return SameTerms(leader.second->terms, plan.terms);
    });
    if (same != last) {
      plan.merged = same->second->merged;
      continue;
    }
    plan.merged = machinery.model_rows->New();
    sums.push_back({plan.terms, plan.merged.Write().data()});
    leaders.emplace(hash, &plan);
  }
  const Kernels& kernels = machinery.scenario.portable ? PortableKernels() : BestKernels();
  WeightedSums(kernels, sums, machinery.model_rows->floats(), *machinery.workers);
}

Aggregated Commit(Run& run, AggregationPlan& plan) {
  Node& node = run.world.at(plan.node);
  Aggregated aggregated{plan.node, {}, node.rate, plan.models.size() > 1};
  for (std::size_t i = 1; i < plan.models.size(); ++i)
    aggregated.peers.push_back(plan.models[i].node);
  node.guestbook = std::move(plan.guestbook);
  node.guestbook.Tick();
  node.inbox.clear();
  if (plan.changes) node.model = std::move(plan.merged);
  return aggregated;
}

}  // namespace

Result<std::vector<AggregationPlan>> PlanAggregation(Run& run, std::span<const NodeId> nodes) {
  std::vector<AggregationPlan> plans;
  plans.reserve(nodes.size());
  for (const NodeId node : nodes) plans.push_back(Receive(run, node));
  if (run.machinery.aggregator->linear()) {
    for (AggregationPlan& plan : plans)
      if (plan.changes) DELSTEP_TRY(WeighTerms(run, plan));
    SumRows(run, plans);
  } else {
    DELSTEP_TRY(MergeRows(run, plans));
  }
  return plans;
}

std::vector<Aggregated> CommitAggregation(Run& run, std::vector<AggregationPlan> plans) {
  std::vector<Aggregated> done;
  for (AggregationPlan& plan : plans) {
    done.push_back(Commit(run, plan));
    run.Note(done.back());
  }
  return done;
}

Result<StepReport> Aggregate(Run& run, std::span<const NodeId> nodes) {
  DELSTEP_ASSIGN(std::vector<AggregationPlan> plans, PlanAggregation(run, nodes));
  StepReport report;
  report.aggregated = CommitAggregation(run, std::move(plans));
  return report;
}

}  // namespace delstep
