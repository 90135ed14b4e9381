#pragma once
/// What a run computes with the rows of many nodes: here, and in a run of many processes
/// (core/cluster/cluster.h) at the process that keeps the rows of each node. Results come in the order of
/// the pieces, with the same bits wherever they were computed.
///
/// Threads: one caller at a time; the engine's workers share the pieces.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

#include "core/engine/engine.h"
#include "core/world/world.h"
#include "delstep/learner.h"
#include "delstep/result.h"

namespace delstep {

/// A training of one node, from these rows; they stay as they are.
struct Training {
  NodeId node{};
  Row model, state;
  Row anchor{};  ///< empty where options.proximal_mu is 0
  Examples examples;
  std::shared_ptr<const OwnLabels> labels;  ///< null: those of the data set
  RandomKey key;
  TrainOptions options;
};
/// What came of it. The rows of a training that failed are of no use.
struct DoneTraining {
  Row model, state;
  TrainResult result;
};
/// All trainings at once: each takes two more rows.
std::vector<DoneTraining> TrainRows(Engine& engine, std::span<const Training> trainings,
                                    std::stop_token stop);

/// A test of one model.
struct Testing {
  NodeId node{};
  Row model;
  Examples examples;
  bool confusion = false;
};
std::vector<EvaluateResult> EvaluateRows(Engine& engine, std::span<const Testing> tests,
                                         std::stop_token stop);

/// weight * row. The row belongs to the caller.
struct RowTerm {
  const Row* row = nullptr;
  float weight = 0;
};
/// A sum that becomes a row: `terms` in their order. Buffers, where that list is not empty, are the sum of
/// `buffers` instead (delstep/learner.h says what a buffer is).
struct RowSum {
  NodeId node{};  ///< whose row it will be
  std::span<const RowTerm> terms, buffers;
  Row out{};  ///< made by SumRows()
};
/// Errors: of a process that cannot begin to compute.
Result<void> SumRows(Engine& engine, std::span<RowSum> sums);

/// A rule of aggregation that looks at the numbers of models, asked for one node.
struct RulePiece {
  NodeId node{};
  double rate = 1;                ///< communal learning rate
  std::vector<PeerModel> models;  ///< as the rule sees them, but for the numbers
  std::vector<const Row*> rows;   ///< which these are; of the caller
  /// Where peers send changes: the node's own model, the first, is shown as a change of this one over
  /// `scale`, and the result is turned into a model again (core/engine/sent_rows.h). Null elsewhere.
  const Row* anchor = nullptr;
  double scale = 1;
};
struct RuleResult {
  std::optional<Error> error{};
  std::vector<double> weights{};  ///< of the models; of a merge none
  Row out{};                      ///< of a selection or a merge, blended by the rate
};
/// Asks the engine's rule for all nodes. Errors: of a process that cannot begin to compute; what the rule
/// itself says against a node is in its result.
Result<std::vector<RuleResult>> AskRule(Engine& engine, std::span<const RulePiece* const> pieces);

/// Fresh model and state rows of nodes, by `model.init`: "common" gives every node the same bits.
/// Errors: those of Learner::Initialise.
Result<std::vector<std::pair<Row, Row>>> InitialRows(Engine& engine, std::span<const NodeId> nodes);

}  // namespace delstep
