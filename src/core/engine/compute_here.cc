#include "core/engine/compute_here.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/engine/buffers.h"
#include "core/engine/rule_row.h"
#include "core/engine/sent_rows.h"
#include "math/kernels.h"
#include "math/weighted_sums.h"

namespace delstep {
namespace {

// What the kernels want: where the numbers are, which only who forms the sums needs to know.
std::vector<WeightedTerm> TermsOf(std::span<const RowTerm> terms) {
  std::vector<WeightedTerm> list;
  list.reserve(terms.size());
  for (const RowTerm& term : terms)
    list.push_back({.row = term.row->view().data(), .weight = term.weight});
  return list;
}

// Each kind of rule says what it says in its own way; a result of a node's own is never an error of all.
RuleResult AskRuleHere(Engine& engine, const RulePiece& piece) {
  std::vector<PeerModel> models = piece.models;
  for (std::size_t k = 0; k < models.size(); ++k) models[k].model = piece.rows[k]->view();
  RuleResult result;
  const auto keep = [&](Result<std::vector<double>> weights) {
    if (weights)
      result.weights = *std::move(weights);
    else
      result.error = std::move(weights).error();
  };
  if (const auto* rule = std::get_if<std::unique_ptr<WeightRule>>(&engine.aggregator())) {
    std::vector<double> weights(models.size());
    const Result<void> weighed = (*rule)->Weigh(models, weights);
    keep(weighed ? Result<std::vector<double>>(std::move(weights)) : weighed.error());
    return result;
  }
  result.out = engine.model_rows->New();
  const std::span<float> out = result.out.Write();
  // A rule compares like with like: where peers send changes, the node's own model is one too.
  Row change;
  const RowLayout& layout = engine.learner->layout().model;
  if (piece.anchor) {
    change = engine.model_rows->New();
    const std::span<float> numbers = change.Write();
    WriteChange(layout, models[0].model, piece.anchor->view(), piece.scale, numbers);
    models[0].model = numbers;
  }
  if (const auto* selection = std::get_if<std::unique_ptr<SelectionRule>>(&engine.aggregator()))
    keep(MakeRuleRow(**selection, layout, models, piece.rate, out));
  else
    keep(MakeRuleRow(*std::get<std::unique_ptr<MergeRule>>(engine.aggregator()), layout, models,
                     piece.rate, out));
  if (!piece.anchor || result.error) return result;
  // Its change, and the anchor again, would be the own model but for roundings.
  if (KeepsOwn(piece.rate))
    std::ranges::copy(piece.rows[0]->view(), out.begin());
  else
    ApplyChange(layout, piece.anchor->view(), piece.scale, out);
  return result;
}

}  // namespace

void TrainHere(Engine& engine, std::span<const Training* const> trainings,
               std::span<DoneTraining* const> done, std::stop_token stop) {
  std::vector<TrainJob> jobs;
  // Copies, as rows are shared: nodes, messages and moments may have the same ones.
  for (std::size_t i = 0; i < trainings.size(); ++i) {
    const Training& training = *trainings[i];
    done[i]->model = engine.model_rows->Copy(training.model);
    done[i]->state = engine.state_rows->Copy(training.state);
    const Dataset& data = training.labels ? training.labels->dataset : engine.data.dataset;
    TrainJob& job = jobs.emplace_back();
    job.node = training.node;
    job.model = done[i]->model.Write();
    job.state = done[i]->state.Write();
    job.data = {&data, *training.examples};
    job.key = training.key;
    job.options = training.options;
    if (!training.anchor.empty()) job.anchor = training.anchor.view();
  }
  // One call for all: the learner spreads the jobs over its workers as it likes.
  std::vector<TrainResult> results = engine.learner->Train(jobs, std::move(stop));
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].failure == JobFailure::kNone) ++engine.trained_here;
    done[i]->result = std::move(results[i]);
  }
}

// Tests read rows and write none, so nothing is copied.
void EvaluateHere(Engine& engine, std::span<const Testing* const> tests,
                  std::span<EvaluateResult* const> done, std::stop_token stop) {
  std::vector<EvaluateJob> jobs;
  for (const Testing* test : tests)
    jobs.push_back({.node = test->node,
                    .model = test->model.view(),
                    .data = {&engine.data.dataset, *test->examples},
                    .confusion = test->confusion});
  std::vector<EvaluateResult> results = engine.learner->Evaluate(jobs, std::move(stop));
  for (std::size_t i = 0; i < results.size(); ++i) *done[i] = std::move(results[i]);
}

void SumHere(Engine& engine, std::span<RowSum* const> sums) {
  std::vector<std::vector<WeightedTerm>> terms;
  std::vector<WeightedSum> wanted;
  terms.reserve(sums.size());
  for (RowSum* sum : sums) {
    // Terms are read while the sums are formed: `terms` outlives the call.
    terms.push_back(TermsOf(sum->terms));
    sum->out = engine.model_rows->New();
    wanted.push_back({.terms = terms.back(), .out = sum->out.Write().data()});
  }
  const Kernels& kernels = engine.scenario->portable ? PortableKernels() : BestKernels();
  WeightedSums(kernels, wanted, engine.model_rows->floats(), *engine.workers);
  // Where terms are changes, the sums have treated buffers as changes too, which they are not: they
  // are formed anew.
  constexpr std::size_t kBlock = 8;
  engine.workers->ForEach((sums.size() + kBlock - 1) / kBlock, [&](int, std::size_t block) {
    for (std::size_t i = block * kBlock; i < std::min(sums.size(), (block + 1) * kBlock); ++i) {
      if (sums[i]->buffers.empty()) continue;
      const std::vector<WeightedTerm> buffers = TermsOf(sums[i]->buffers);
      ForEachBuffer(engine.learner->layout().model, [&](std::size_t begin, std::size_t end) {
        kernels.weighted_sum(buffers.size(), buffers.data(), begin, end, wanted[i].out);
      });
    }
  });
}

// Nodes in parallel: a rule has no state, and each node a row of its own.
void AskRulesHere(Engine& engine, std::span<const RulePiece* const> pieces,
                  std::span<RuleResult* const> results) {
  engine.workers->ForEach(
      pieces.size(), [&](int, std::size_t i) { *results[i] = AskRuleHere(engine, *pieces[i]); });
}

Result<std::pair<Row, Row>> InitialiseHere(Engine& engine, NodeId node) {
  const Scenario& scenario = *engine.scenario;
  // Streams: 0 is the one that all nodes share, 1 + id a node's own.
  const std::uint64_t who = scenario.model.init == "common" ? 0 : 1 + Index(node);
  Row model = engine.model_rows->New(), state = engine.state_rows->New();
  DELSTEP_TRY(engine.learner->Initialise(model.Write(), state.Write(),
                                         MakeKey(scenario.seed, Purpose::kInitialise, who)));
  // The learner has filled the state row in either case; of the file it gets the counters only.
  if (!engine.weights.model.empty()) model = engine.weights.model;
  engine.weights.PlaceCounters(state.Write());
  return std::pair(std::move(model), std::move(state));
}

}  // namespace delstep
