#pragma once
/// What compute.h promises, done by this process alone with rows that are here. A run of one
/// process does all of its work so, the leader of several its own share. The lists hold pieces, and as many
/// places for their results, in the same order; both belong to the caller.
///
/// Threads: one caller at a time; the engine's workers share the pieces.
#include <span>
#include <stop_token>
#include <utility>

#include "core/engine/compute.h"
#include "core/engine/engine.h"
#include "core/world/world.h"
#include "delstep/learner.h"
#include "delstep/result.h"

namespace delstep {

/// Trains on copies, so that a learner that fails half-way leaves the rows as they were.
void TrainHere(Engine& engine, std::span<const Training* const> trainings,
               std::span<DoneTraining* const> done, std::stop_token stop);
void EvaluateHere(Engine& engine, std::span<const Testing* const> tests,
                  std::span<EvaluateResult* const> done, std::stop_token stop);
void SumHere(Engine& engine, std::span<RowSum* const> sums);
/// What the rule says against a node is in its result.
void AskRulesHere(Engine& engine, std::span<const RulePiece* const> pieces,
                  std::span<RuleResult* const> results);
/// A fresh model and state. Errors: those of Learner::Initialise.
Result<std::pair<Row, Row>> InitialiseHere(Engine& engine, NodeId node);

}  // namespace delstep
