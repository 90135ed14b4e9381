#include "core/engine/compute.h"

#include <utility>

#include "core/engine/compute_everywhere.h"
#include "core/engine/compute_here.h"

namespace delstep {
namespace {

// What is done here takes pointers, as with several processes its pieces are some of a list.
template <class T>
std::vector<T*> PointersTo(std::span<T> list) {
  std::vector<T*> pointers;
  pointers.reserve(list.size());
  for (T& item : list) pointers.push_back(&item);
  return pointers;
}

}  // namespace

// A run of one process takes the short way, with lists as they are.

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
