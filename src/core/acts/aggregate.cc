// Aggregation in three phases: plan (may refuse, changes nothing), sum (all nodes at once), commit.
#include "core/acts/aggregate.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/acts/first_equal.h"
#include "core/acts/outgoing.h"
#include "core/acts/rule_input.h"
#include "core/acts/training_time.h"
#include "core/engine/compute.h"
#include "core/engine/rule_row.h"
#include "core/world/guestbook.h"
#include "delstep/aggregator.h"

namespace delstep {
namespace {

/// Calls f(worker, i) for each i below count; few of them are not worth waking the workers.
template <class F>
void ForEachNode(Workers& workers, std::size_t count, F f) {
  constexpr std::size_t kBlock = 8;
  workers.ForEach((count + kBlock - 1) / kBlock, [&](int worker, std::size_t block) {
    const std::size_t end = std::min(count, (block + 1) * kBlock);
    for (std::size_t i = block * kBlock; i < end; ++i) f(worker, i);
  });
}

/// Calls plan(input, i) for each node i; of several errors the first node's counts, whichever
/// thread was faster.
template <class Plan>
Result<void> PlanEach(Run& run, std::size_t count, Plan plan) {
  Workers& workers = *run.engine.workers;
  std::vector<RuleInput> inputs(static_cast<std::size_t>(workers.size()), RuleInput(run));
  std::vector<Result<void>> results(count);
  ForEachNode(workers, count, [&](int worker, std::size_t i) {
    results[i] = plan(inputs[static_cast<std::size_t>(worker)], i);
  });
  for (Result<void>& result : results) DELSTEP_TRY(result);
  return {};
}

/// A rule knows no addresses: the node is named here.
Error AtNode(const Node& node, Error error) {
  error.message = fmt::format("{}: {}", node.Called(), error.message);
  return error;
}

/// Writes down which models were used, how they came, and what they count. `weights`: of each in
/// the result of the rule; empty: the rule gives none.
void NoteUsed(const Run& run, const Node& node, std::span<const PeerModel> models,
              std::span<const ShownModel> shown, std::vector<double> weights,
              AggregationPlan& plan) {
  const bool known = !weights.empty();
  if (!known) weights.assign(models.size(), 1 / static_cast<double>(models.size()));
  // The communal rate: (1 - rate) * own + rate * result.
  for (double& weight : weights) weight *= node.rate;
  weights[0] += 1 - node.rate;
  plan.origin = PlanOrigin(run, node, models, shown, weights);

  Aggregated& result = plan.result;
  result.changed = true;
  result.peers.reserve(models.size() - 1);
  result.messages.reserve(models.size() - 1);
  for (const PeerModel& model : models.subspan(1)) result.peers.push_back(model.node);
  for (const ShownModel& model : shown.subspan(1)) result.messages.push_back(model.message);
  if (!known) return;
  result.own_weight = weights[0];
  weights.erase(weights.begin());
  result.weights = std::move(weights);
}

// ---- Rules that give a row: selections and merges.

template <class Rule>
Result<void> PlanRow(Run& run, const Rule& rule, RuleInput& input, AggregationPlan& plan) {
  const Node& node = run.world.at(plan.result.node);
  const std::span<PeerModel> models = input.Of(node);
  if (models.empty()) return {};
  // A rule compares like with like: where peers send changes, the node's own model is one too.
  std::optional<OwnChange> change;
  if (!SharesParameters(*run.engine.scenario)) models[0].model = change.emplace(run, node).view();
  plan.merged = run.engine.model_rows->New();
  const std::span<float> out = plan.merged.Write();
  auto made = MakeRuleRow(rule, run.engine.learner->layout().model, models, node.rate, out);
  if (!made) return AtNode(node, std::move(made).error());
  NoteUsed(run, node, models, input.shown(), *std::move(made), plan);
  if (!change) return {};
  // Its change, and the anchor again, would be the own model but for roundings.
  if (KeepsOwn(node.rate))
    std::ranges::copy(node.model.view(), out.begin());
  else
    change->Apply(out);
  return {};
}

/// What a rule is shown of one node, kept for while it is asked elsewhere.
struct Shown {
  std::size_t plan = 0;
  RulePiece piece;
  std::vector<ShownModel> models;
};

/// The same where rows lie in many processes: each node's rule is asked where the node is at home. Calls
/// take(node, shown, result) for each node that has models to aggregate.
template <class Take>
Result<void> PlanEverywhere(Run& run, std::vector<AggregationPlan>& plans, Take take) {
  RuleInput input(run, /*reads_models=*/false);
  const bool makes_rows =
      !std::holds_alternative<std::unique_ptr<WeightRule>>(run.engine.aggregator());
  std::vector<Shown> all;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const Node& node = run.world.at(plans[i].result.node);
    const std::span<PeerModel> models = input.Of(node);
    if (models.empty()) continue;
    Shown& shown = all.emplace_back();
    shown.plan = i;
    shown.piece = {
        .node = node.id, .rate = node.rate, .models = {models.begin(), models.end()}, .rows = {}};
    if (!SharesParameters(*run.engine.scenario) && makes_rows) {
      shown.piece.anchor = &node.anchor;
      shown.piece.scale = ScaleOfShared(run, node);
    }
    shown.models.assign(input.shown().begin(), input.shown().end());
    for (const ShownModel& model : shown.models) shown.piece.rows.push_back(model.row);
  }
  std::vector<const RulePiece*> pieces;
  for (const Shown& shown : all) pieces.push_back(&shown.piece);
  DELSTEP_ASSIGN(std::vector<RuleResult> results, AskRule(run.engine, pieces));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Node& node = run.world.at(all[i].piece.node);
    if (results[i].error) return AtNode(node, *std::move(results[i].error));
    take(node, all[i], results[i]);
  }
  return {};
}

/// Whether the rule has to look at models that lie in other processes.
bool AsksElsewhere(const Run& run) {
  return run.engine.cluster && ReadsModels(run.engine.aggregator());
}

template <class Rule>
Result<void> PlanWith(const Rule& rule, Run& run, std::vector<AggregationPlan>& plans) {
  if (AsksElsewhere(run))
    return PlanEverywhere(
        run, plans, [&](const Node& node, const Shown& shown, RuleResult& result) {
          AggregationPlan& plan = plans[shown.plan];
          plan.merged = std::move(result.out);
          NoteUsed(run, node, shown.piece.models, shown.models, std::move(result.weights), plan);
        });
  return PlanEach(run, plans.size(), [&](RuleInput& input, std::size_t i) {
    return PlanRow(run, rule, input, plans[i]);
  });
}

// ---- Rules that give weights.

/// The terms of one node's sum, and a hash by which equal lists find each other.
struct Sum {
  std::vector<RowTerm> terms;
  std::vector<RowTerm> buffers;  // of the buffers, where the terms are changes
  std::uint64_t hash = 0;

  void Add(const Row& row, double weight) {
    if (!AddTo(terms, row, weight)) return;
    constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15;  // 2^64 / the golden ratio
    hash = (hash ^ row.version()) * kFactor;
    hash = (hash ^ std::bit_cast<std::uint32_t>(terms.back().weight)) * kFactor;
    hash ^= hash >> 32;
  }
  /// A model that does not count is not read: 0 times an infinite number would be none. False: so it is.
  static bool AddTo(std::vector<RowTerm>& terms, const Row& row, double weight) {
    const auto number = static_cast<float>(weight);
    if (number != 0) terms.push_back({.row = &row, .weight = number});
    return number != 0;
  }
  bool operator==(const Sum& other) const {
    return hash == other.hash &&
           std::ranges::equal(terms, other.terms, [](const auto& x, const auto& y) {
             return *x.row == *y.row && x.weight == y.weight;
           });
  }
};

/// theta <- (1 - rate) * theta + rate * sum of w_k theta_k, as one list of terms. Terms come in the
/// order of node ids, so that nodes that average the same models with the same weights get the same
/// bits. Where peers send changes, theta_k is the anchor and the scaled change of peer k.
void AddTerms(const Run& run, const Node& node, std::span<const PeerModel> models,
              std::span<const ShownModel> shown, std::span<const double> weights, Sum& sum) {
  sum.terms.reserve(models.size() + 1);
  const bool whole = SharesParameters(*run.engine.scenario);
  const double factor = whole ? node.rate : node.rate * ScaleOfShared(run, node);
  const double own = node.rate * weights[0] + (1 - node.rate);
  std::size_t k = 1;
  const auto add_peers = [&](std::size_t end) {
    for (; k < end; ++k) sum.Add(*shown[k].row, factor * weights[k]);
  };
  // models[0] is the node itself: its term goes to its place among the peers.
  const auto after =
      std::ranges::upper_bound(models.subspan(1), models[0].node, {}, &PeerModel::node);
  add_peers(static_cast<std::size_t>(after - models.subspan(1).begin()) + 1);
  sum.Add(*shown[0].row, own);
  if (!whole) sum.Add(node.anchor, 1 - own);
  add_peers(models.size());
  if (whole) return;
  // Buffers are values in every message, and are averaged as values.
  Sum::AddTo(sum.buffers, *shown[0].row, own);
  for (k = 1; k < models.size(); ++k)
    Sum::AddTo(sum.buffers, *shown[k].row, node.rate * weights[k]);
}

/// All sums of the command at once. Nodes with equal lists of terms (a flood without loss) share
/// one sum, and one row.
Result<void> FormSums(Run& run, std::vector<AggregationPlan>& plans, const std::vector<Sum>& sums) {
  std::vector<RowSum> wanted;
  std::vector<std::size_t> place(plans.size());  // in `wanted`
  // The first node with a list of terms leads, and those with an equal list share its row.
  const std::vector<std::size_t> first = FirstEqual(
      sums.size(), [&](std::size_t i) { return sums[i].hash; },
      [&](std::size_t i, std::size_t j) { return sums[i] == sums[j]; });
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (!plans[i].result.changed || first[i] != i) continue;
    place[i] = wanted.size();
    wanted.push_back(
        {.node = plans[i].result.node, .terms = sums[i].terms, .buffers = sums[i].buffers});
  }
  DELSTEP_TRY(SumRows(run.engine, wanted));
  for (std::size_t i = 0; i < plans.size(); ++i)
    if (plans[i].result.changed) plans[i].merged = wanted[place[first[i]]].out;
  return {};
}

/// Rules that give weights: each node's list of terms first, on all workers, then all sums at once.
Result<void> PlanWith(const WeightRule& rule, Run& run, std::vector<AggregationPlan>& plans) {
  std::vector<Sum> sums(plans.size());
  const auto take = [&](const Node& node, const Shown& shown, RuleResult& result) {
    AddTerms(run, node, shown.piece.models, shown.models, result.weights, sums[shown.plan]);
    NoteUsed(run, node, shown.piece.models, shown.models, std::move(result.weights),
             plans[shown.plan]);
  };
  if (AsksElsewhere(run)) {
    DELSTEP_TRY(PlanEverywhere(run, plans, take));
    return FormSums(run, plans, sums);
  }
  DELSTEP_TRY(PlanEach(run, plans.size(), [&](RuleInput& input, std::size_t i) -> Result<void> {
    const Node& node = run.world.at(plans[i].result.node);
    const std::span<const PeerModel> models = input.Of(node);
    if (models.empty()) return {};
    std::vector<double> weights(models.size());
    if (auto weighed = rule.Weigh(models, weights); !weighed)
      return AtNode(node, std::move(weighed).error());
    AddTerms(run, node, models, input.shown(), weights, sums[i]);
    NoteUsed(run, node, models, input.shown(), std::move(weights), plans[i]);
    return {};
  }));
  return FormSums(run, plans, sums);
}

/// What the plan has prepared becomes the node's state. Nothing here can fail, so that a command
/// aggregates all nodes or none.
void Commit(Node& node, AggregationPlan& plan, std::uint32_t expiry) {
  std::vector<Encounter> met;
  met.reserve(node.inbox->size());
  std::vector<ModelMessage> staying;
  for (const ModelMessage& message : *node.inbox) {
    if (plan.taken && std::ranges::find(*plan.taken, message.header.id) == plan.taken->end()) {
      staying.push_back(message);
      continue;
    }
    if (message.model.row.empty()) continue;  // a header alone is no encounter
    met.push_back({.peer = message.header.from,
                   .model = message.model,
                   .expiry = expiry,
                   .sent = message.sent,
                   .received = message.arrived,
                   .message = message.header.id,
                   .bytes = message.header.bytes});
  }
  node.inbox = {};
  if (!staying.empty()) node.inbox = std::move(staying);
  // Written before the tick: a record with expiry 1 serves this aggregation and no other.
  node.guestbook.Write(std::move(met));
  node.guestbook.Tick();
  if (!plan.merged.empty()) node.anchor = node.model = std::move(plan.merged);
  CommitOrigin(std::move(plan.origin), node);
}

}  // namespace

Result<std::vector<AggregationPlan>> PlanAggregation(Run& run, std::span<const NodeId> nodes) {
  std::vector<AggregationPlan> plans(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    plans[i].result.node = nodes[i];
    plans[i].result.rate = run.world.at(nodes[i]).rate;
  }
  DELSTEP_TRY(std::visit([&](const auto& rule) { return PlanWith(*rule, run, plans); },
                         run.engine.aggregator()));
  std::vector<OriginPlan*> origins;
  for (AggregationPlan& plan : plans) origins.push_back(&plan.origin);
  MixOrigins(run, origins,
             std::holds_alternative<std::unique_ptr<MergeRule>>(run.engine.aggregator()));
  return plans;
}

std::vector<Aggregated> CommitAggregation(Run& run, std::vector<AggregationPlan> plans) {
  const std::uint32_t expiry = run.engine.scenario->aggregation.expiry;
  // Dropping many old rows and records takes longer than the events: threads share it.
  ForEachNode(*run.engine.workers, plans.size(), [&](int, std::size_t i) {
    const NodeId id = plans[i].result.node;
    // Nothing to take in and nothing to forget: the node stays as it is.
    const bool idle = run.world.at(id).inbox->empty() && run.world.at(id).guestbook.empty();
    if (idle && plans[i].result.peers.empty()) return;
    Node& node = run.world.Change(id);
    if (!plans[i].result.peers.empty()) node.NoteNewModel();
    Commit(node, plans[i], expiry);
  });
  // Events in the order asked, after the threads: observers see one thread and one order.
  std::vector<Aggregated> done;
  done.reserve(plans.size());
  for (AggregationPlan& plan : plans) {
    done.push_back(std::move(plan.result));
    run.Note(done.back());
  }
  return done;
}

// The way of a WeightRule with one node, except that the weights are given and that messages may
// stay in the inbox. Two messages of one peer count as two.
Result<void> MergeInbox(Run& run, NodeId id, double own, std::span<const MergeTerm> terms) {
  const Node& node = run.world.at(id);
  // By sender, as a rule sees them: the sum has the same bits whatever the order of arrival.
  std::vector<std::pair<const ModelMessage*, double>> taken;
  for (const ModelMessage& message : *node.inbox)
    for (const MergeTerm& term : terms)
      if (term.message == message.header.id) taken.push_back({&message, term.weight});
  std::ranges::stable_sort(taken, {}, [](const auto& pair) { return pair.first->header.from; });
  std::vector<PeerModel> models{
      {.node = id, .samples = node.training->size(), .degree = 0, .model = {}}};
  std::vector<ShownModel> shown{{.row = &node.model, .origin = node.origin.get()}};
  std::vector<double> weights{own};
  std::vector<AggregationPlan> plans(1);
  plans[0].result.node = id;
  plans[0].result.rate = node.rate;
  plans[0].taken.emplace();
  for (const auto& [message, weight] : taken) {
    models.push_back({.node = message->header.from,
                      .samples = message->model.samples,
                      .degree = 0,
                      .model = {}});
    shown.push_back({.row = &message->model.row,
                     .origin = message->model.origin.get(),
                     .message = message->header.id,
                     .sent = message->sent,
                     .received = message->arrived});
    weights.push_back(weight);
    plans[0].taken->push_back(message->header.id);
  }
  if (models.size() > 1) {
    std::vector<Sum> sums(1);
    AddTerms(run, node, models, shown, weights, sums[0]);
    NoteUsed(run, node, models, shown, std::move(weights), plans[0]);
    DELSTEP_TRY(FormSums(run, plans, sums));
    OriginPlan* origin = &plans[0].origin;
    MixOrigins(run, {&origin, 1}, false);
  }
  CommitAggregation(run, std::move(plans));
  return {};
}

Result<StepReport> Aggregate(Run& run, std::span<const NodeId> asked) {
  StepReport report;
  DELSTEP_ASSIGN(const std::vector<NodeId> nodes, SkipBusy(run.world, asked, report));
  DELSTEP_ASSIGN(std::vector<AggregationPlan> plans, PlanAggregation(run, nodes));
  report.aggregated = CommitAggregation(run, std::move(plans));
  return report;
}

}  // namespace delstep
