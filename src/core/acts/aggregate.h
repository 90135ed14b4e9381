#pragma once
/// Aggregation: each node makes one model of its own and those it has received.
///
///   plan    per node: the models that the rule sees (rule_input.h), then its weights, its
///           selection or its merged row; weighted sums are formed for all nodes at once
///   commit  per node: the messages of the inbox become records of the guestbook, which ticks;
///           the new model replaces the old one
///
/// A plan may be refused and changes nothing; a commit cannot fail. So a command that does more
/// than aggregate can do it in between. All plans are made before the first commit: it does not
/// matter in which order the nodes are named, each averages what the others had before the command.
///
/// Order: results and events in the order of `nodes`, which are present and up, each once.
/// Errors: those of the rule (kRefused), with the address of the first node that has one.
/// Threads: one caller at a time; the workers of the engine are used.
#include <optional>
#include <span>
#include <vector>

#include "core/acts/origins.h"
#include "core/engine/run.h"
#include "delstep/behaviour.h"
#include "delstep/event.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// What one node will have after its aggregation. Valid while the node's own mailbox and rows are
/// as they were.
struct AggregationPlan {
  Aggregated result{};  ///< what will be told
  Row merged{};         ///< the new model; empty: it stays as it is
  OriginPlan origin{};  ///< where it comes from
  /// The messages that leave the inbox; nothing: all of them.
  std::optional<std::vector<MessageId>> taken{};
};

/// One plan per node, sums and merges done.
Result<std::vector<AggregationPlan>> PlanAggregation(Run& run, std::span<const NodeId> nodes);
/// Requires plans that are still valid. Notes an Aggregated per plan and returns the same.
std::vector<Aggregated> CommitAggregation(Run& run, std::vector<AggregationPlan> plans);

/// model <- own * model + sum of weight * message, blended by the node's communal rate as every
/// aggregation. The messages leave the inbox for the guestbook, which ages by one; others stay.
/// Requires messages of the inbox with a model, each once, weights that sum to 1 with `own`, and
/// messages that carry whole models. Notes an Aggregated.
Result<void> MergeInbox(Run& run, NodeId node, double own, std::span<const MergeTerm> terms);

/// Plans and commits; nodes that are training are skipped and named. On an error (too few models for the rule) nothing has changed at any node.
Result<StepReport> Aggregate(Run& run, std::span<const NodeId> nodes);

}  // namespace delstep
