#pragma once
/// What compute.h promises, done by all processes of a run: pieces are dealt to the homes of their
/// nodes, and their results found again. Meanwhile the leader does its own share
/// (core/engine/compute_here.h).
///
/// What a process answers for a piece is what it would be here, bit for bit. All of these require a
/// run of many processes (Engine::cluster), and are called by its leader. Errors: an order that a
/// process cannot carry out fails all pieces that are not the leader's own. A process that dies ends
/// the run (cluster/processes.h).
///
/// Threads: one caller at a time.
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

#include "core/engine/compute.h"
#include "core/engine/engine.h"
#include "core/world/world.h"
#include "delstep/learner.h"
#include "delstep/result.h"

namespace delstep {

std::vector<DoneTraining> TrainEverywhere(Engine& engine, std::span<const Training> trainings,
                                          const std::stop_token& stop);
std::vector<EvaluateResult> EvaluateEverywhere(Engine& engine, std::span<const Testing> tests,
                                               const std::stop_token& stop);
Result<void> SumEverywhere(Engine& engine, std::span<RowSum> sums);
Result<std::vector<RuleResult>> AskRuleEverywhere(Engine& engine,
                                                  std::span<const RulePiece* const> pieces);
/// Only where each node has numbers of its own: what all share is one row, which travels when it is
/// needed.
Result<std::vector<std::pair<Row, Row>>> InitialiseEverywhere(Engine& engine,
                                                              std::span<const NodeId> nodes);

}  // namespace delstep
