#include "core/engine/compute.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/cluster/cluster.h"
#include "core/engine/buffers.h"
#include "core/engine/rule_row.h"
#include "core/engine/sent_rows.h"
#include "core/engine/spread.h"
#include "math/kernels.h"
#include "math/weighted_sums.h"

namespace delstep {
namespace {

// ---- Here.

/// Trains on copies, so that a learner that fails half-way leaves the rows as they were.
void TrainHere(Engine& engine, std::span<const Training* const> trainings,
               std::span<DoneTraining* const> done, std::stop_token stop) {
  std::vector<TrainJob> jobs;
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

// What the kernels want: where the numbers are, which only who forms the sums needs to know.
std::vector<WeightedTerm> TermsOf(std::span<const RowTerm> terms) {
  std::vector<WeightedTerm> list;
  list.reserve(terms.size());
  for (const RowTerm& term : terms)
    list.push_back({.row = term.row->view().data(), .weight = term.weight});
  return list;
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
  if (const auto* rule = std::get_if<std::unique_ptr<WeightRule>>(&engine.aggregator)) {
    // The mean of one model is that model.
    if (models.size() < 2) return result;
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
  if (const auto* selection = std::get_if<std::unique_ptr<SelectionRule>>(&engine.aggregator))
    keep(MakeRuleRow(**selection, models, piece.rate, out));
  else
    keep(MakeRuleRow(*std::get<std::unique_ptr<MergeRule>>(engine.aggregator), models, piece.rate,
                     out));
  if (piece.anchor && !result.error) ApplyChange(layout, piece.anchor->view(), piece.scale, out);
  return result;
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

// ---- Everywhere: pieces are dealt to the processes, and their results found again.

// The rows of the result have their names before they exist: the process puts them under these.
void AddTraining(Round& round, int process, const Training& training, const DoneTraining& done) {
  round.Need(training.model, process);
  round.Need(training.state, process);
  if (!training.anchor.empty()) round.Need(training.anchor, process);
  ByteWriter& writer = round.Item(process, Work::kTrain);
  writer.Add(std::uint64_t{Index(training.node)});
  writer.Add(training.model.version());
  writer.Add(training.state.version());
  writer.Add(training.anchor.empty() ? std::uint64_t{0} : training.anchor.version());
  writer.Add(done.model.version());
  writer.Add(done.state.version());
  writer.Add(round.NumberOf(training.examples, process));
  writer.Add(round.NumberOf(training.labels, process));
  Add(writer, training.key);
  Add(writer, training.options);
}

// The leader trains its own share while the others train theirs.
std::vector<DoneTraining> TrainEverywhere(Engine& engine, std::span<const Training> trainings,
                                          const std::stop_token& stop) {
  std::vector<DoneTraining> all(trainings.size());
  SpreadWork<Training, DoneTraining> spread(static_cast<std::size_t>(engine.cluster->size()));
  Round round(*engine.cluster, engine.name);
  for (std::size_t i = 0; i < trainings.size(); ++i) {
    const int process = engine.homes.Of(trainings[i].node);
    if (process == 0) {
      // Brought with all others, before the leader trains: one by one would be slow.
      for (const Row* row : {&trainings[i].model, &trainings[i].state, &trainings[i].anchor})
        if (!row->empty()) round.Need(*row, 0);
      spread.Keep(trainings[i], all[i]);
      continue;
    }
    all[i].model = engine.model_rows->NewAt(process);
    all[i].state = engine.state_rows->NewAt(process);
    AddTraining(round, process, trainings[i], all[i]);
    spread.elsewhere[static_cast<std::size_t>(process)].push_back(&all[i]);
  }
  round.Start();
  TrainHere(engine, spread.here, spread.done_here, stop);
  const auto answers = round.Finish(stop);
  spread.Gather(answers, [&](ByteReader& reader, DoneTraining& done) {
    done.result =
        answers ? ReadTrainResult(reader)
                : TrainResult{.failure = JobFailure::kLearner, .error = answers.error().message};
    engine.progress.done.fetch_add(1, std::memory_order_relaxed);
  });
  return all;
}

// A model that several nodes have is asked for once (core/acts/evaluation.cc), at the home of the first:
// it may have to go there, which costs less than a test.
std::vector<EvaluateResult> EvaluateEverywhere(Engine& engine, std::span<const Testing> tests,
                                               const std::stop_token& stop) {
  std::vector<EvaluateResult> all(tests.size());
  SpreadWork<Testing, EvaluateResult> spread(static_cast<std::size_t>(engine.cluster->size()));
  Round round(*engine.cluster, engine.name);
  for (std::size_t i = 0; i < tests.size(); ++i) {
    const int process = engine.homes.Of(tests[i].node);
    round.Need(tests[i].model, process);
    if (process == 0) {
      spread.Keep(tests[i], all[i]);
      continue;
    }
    ByteWriter& writer = round.Item(process, Work::kEvaluate);
    writer.Add(std::uint64_t{Index(tests[i].node)});
    writer.Add(tests[i].model.version());
    writer.Add(round.NumberOf(tests[i].examples, process));
    writer.Add(tests[i].confusion);
    spread.elsewhere[static_cast<std::size_t>(process)].push_back(&all[i]);
  }
  round.Start();
  EvaluateHere(engine, spread.here, spread.done_here, stop);
  const auto answers = round.Finish(stop);
  spread.Gather(answers, [&](ByteReader& reader, EvaluateResult& done) {
    done = answers
               ? ReadEvaluateResult(reader)
               : EvaluateResult{.failure = JobFailure::kLearner, .error = answers.error().message};
  });
  return all;
}

// Weights are float; a double holds each of them exactly.
void AddTerms(Round& round, int process, ByteWriter& writer, std::span<const RowTerm> terms) {
  writer.Add(std::uint64_t{terms.size()});
  for (const RowTerm& term : terms) {
    round.Need(*term.row, process);
    writer.Add(term.row->version());
    writer.Add(double{term.weight});
  }
}

// A sum is formed at the home of the first node that will have it. Nodes elsewhere that share it get the
// row when they first need it: one row, where the terms are many.
Result<void> SumEverywhere(Engine& engine, std::span<RowSum> sums) {
  std::vector<RowSum*> here;
  Round round(*engine.cluster, engine.name);
  for (RowSum& sum : sums) {
    const int process = engine.homes.Of(sum.node);
    if (process == 0) {
      for (const RowTerm& term : sum.terms) round.Need(*term.row, 0);
      for (const RowTerm& term : sum.buffers) round.Need(*term.row, 0);
      here.push_back(&sum);
      continue;
    }
    sum.out = engine.model_rows->NewAt(process);
    ByteWriter& writer = round.Item(process, Work::kSum);
    writer.Add(sum.out.version());
    AddTerms(round, process, writer, sum.terms);
    AddTerms(round, process, writer, sum.buffers);
  }
  round.Start();
  // Rows of other processes that these sums read are here by now.
  SumHere(engine, here);
  DELSTEP_TRY(round.Finish());
  return {};
}

// Of a rule that gives weights only those come back: the sums are formed by SumRows(), which sees which
// of them are equal.
Result<std::vector<RuleResult>> AskRuleEverywhere(Engine& engine,
                                                  std::span<const RulePiece* const> pieces) {
  const bool makes_rows = !std::holds_alternative<std::unique_ptr<WeightRule>>(engine.aggregator);
  std::vector<RuleResult> all(pieces.size());
  SpreadWork<RulePiece, RuleResult> spread(static_cast<std::size_t>(engine.cluster->size()));
  Round round(*engine.cluster, engine.name);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const RulePiece& piece = *pieces[i];
    const int process = engine.homes.Of(piece.node);
    for (const Row* row : piece.rows) round.Need(*row, process);
    if (piece.anchor) round.Need(*piece.anchor, process);
    if (process == 0) {
      spread.Keep(piece, all[i]);
      continue;
    }
    if (makes_rows) all[i].out = engine.model_rows->NewAt(process);
    ByteWriter& writer = round.Item(process, Work::kRule);
    writer.Add(makes_rows ? all[i].out.version() : std::uint64_t{0});
    writer.Add(piece.rate);
    writer.Add(piece.anchor ? piece.anchor->version() : std::uint64_t{0});
    writer.Add(piece.scale);
    writer.Add(std::uint64_t{piece.rows.size()});
    for (std::size_t k = 0; k < piece.rows.size(); ++k) {
      writer.Add(piece.rows[k]->version());
      writer.Add(std::uint64_t{Index(piece.models[k].node)});
      writer.Add(piece.models[k].samples);
      writer.Add(std::uint64_t{piece.models[k].degree});
    }
    spread.elsewhere[static_cast<std::size_t>(process)].push_back(&all[i]);
  }
  round.Start();
  AskRulesHere(engine, spread.here, spread.done_here);
  const auto answers = round.Finish();
  if (!answers) return answers.error();
  // An answer within the answer: the rule may refuse one node and not another.
  spread.Gather(answers, [](ByteReader& reader, RuleResult& result) {
    auto weights = ReadAnswer(reader.Text());
    if (weights)
      result.weights = ListOf<double>(*weights);
    else
      result.error = std::move(weights).error();
  });
  return all;
}

// Only where each node has numbers of its own: what all share is one row, which travels when it is needed.
Result<std::vector<std::pair<Row, Row>>> InitialiseEverywhere(Engine& engine,
                                                              std::span<const NodeId> nodes) {
  std::vector<std::pair<Row, Row>> all(nodes.size());
  Round round(*engine.cluster, engine.name);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const int process = engine.homes.Of(nodes[i]);
    if (process == 0) continue;
    all[i] = {engine.model_rows->NewAt(process), engine.state_rows->NewAt(process)};
    ByteWriter& writer = round.Item(process, Work::kInitialise);
    writer.Add(std::uint64_t{Index(nodes[i])});
    writer.Add(all[i].first.version());
    writer.Add(all[i].second.version());
  }
  round.Start();
  Result<void> here;
  for (std::size_t i = 0; i < nodes.size() && here; ++i) {
    if (engine.homes.Of(nodes[i]) != 0) continue;
    auto rows = InitialiseHere(engine, nodes[i]);
    if (rows)
      all[i] = *std::move(rows);
    else
      here = std::move(rows).error();
  }
  DELSTEP_TRY(round.Finish());
  DELSTEP_TRY(here);
  return all;
}

template <class T>
std::vector<T*> PointersTo(std::span<T> list) {
  std::vector<T*> pointers;
  pointers.reserve(list.size());
  for (T& item : list) pointers.push_back(&item);
  return pointers;
}

}  // namespace

// ---- What the rest of the core calls. A run of one process takes the short way, with lists as they are.

std::vector<DoneTraining> TrainRows(Engine& engine, std::span<const Training> trainings,
                                    std::stop_token stop) {
  if (engine.cluster) return TrainEverywhere(engine, trainings, stop);
  std::vector<DoneTraining> done(trainings.size());
  TrainHere(engine, PointersTo(trainings), PointersTo(std::span(done)), std::move(stop));
  return done;
}

std::vector<EvaluateResult> EvaluateRows(Engine& engine, std::span<const Testing> tests,
                                         std::stop_token stop) {
  if (engine.cluster) return EvaluateEverywhere(engine, tests, stop);
  std::vector<EvaluateResult> done(tests.size());
  EvaluateHere(engine, PointersTo(tests), PointersTo(std::span(done)), std::move(stop));
  return done;
}

Result<void> SumRows(Engine& engine, std::span<RowSum> sums) {
  if (engine.cluster) return SumEverywhere(engine, sums);
  SumHere(engine, PointersTo(sums));
  return {};
}

Result<std::vector<RuleResult>> AskRule(Engine& engine, std::span<const RulePiece* const> pieces) {
  if (engine.cluster) return AskRuleEverywhere(engine, pieces);
  std::vector<RuleResult> results(pieces.size());
  AskRulesHere(engine, pieces, PointersTo(std::span(results)));
  return results;
}

Result<std::vector<std::pair<Row, Row>>> InitialRows(Engine& engine,
                                                     std::span<const NodeId> nodes) {
  // Equal rows are made once, by whoever asks; model.weights is a row of this process.
  const bool common = engine.scenario->model.init == "common";
  if (engine.cluster && !common) return InitialiseEverywhere(engine, nodes);
  std::vector<std::pair<Row, Row>> rows;
  for (const NodeId node : nodes) {
    if (common && !rows.empty()) {
      rows.push_back(rows.front());
      continue;
    }
    DELSTEP_ASSIGN(rows.emplace_back(), InitialiseHere(engine, node));
  }
  return rows;
}

}  // namespace delstep
