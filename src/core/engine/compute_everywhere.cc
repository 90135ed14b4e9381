#include "core/engine/compute_everywhere.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>

#include "core/cluster/cluster.h"
#include "core/engine/compute_here.h"
#include "core/engine/spread.h"

namespace delstep {
namespace {

// What an item consists of is read again by the process that it goes to (core/member_compute.cc), in the
// same order.

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

// Weights are float; a double holds each of them exactly.
void AddTerms(Round& round, int process, ByteWriter& writer, std::span<const RowTerm> terms) {
  writer.Add(std::uint64_t{terms.size()});
  for (const RowTerm& term : terms) {
    round.Need(*term.row, process);
    writer.Add(term.row->version());
    writer.Add(double{term.weight});
  }
}

}  // namespace

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
  const bool makes_rows = !std::holds_alternative<std::unique_ptr<WeightRule>>(engine.aggregator());
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
  // The leader makes its own rows while the others make theirs. What fails here is told once they are
  // done: a round that has been started is always finished.
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

}  // namespace delstep
