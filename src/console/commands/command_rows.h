#pragma once
/// The rows of the command table: each function gives the array of one commands_*.cc. A new command
/// is a row there; a new file is one more line here and in command_table.cc.
#include <span>

#include "console/commands/command_table.h"

namespace delstep {

std::span<const Command> InterfaceCommands();
std::span<const Command> WhyCommands();
std::span<const Command> ConfigCommands();
std::span<const Command> ScenarioCommands();
std::span<const Command> LearningCommands();
std::span<const Command> LabelCommands();
std::span<const Command> AttackCommands();
std::span<const Command> StepCommands();
std::span<const Command> RunCommands();
std::span<const Command> CommunicationCommands();
std::span<const Command> NetworkCommands();
std::span<const Command> BackendCommands();
std::span<const Command> PlaceCommands();
std::span<const Command> MessageCommands();
std::span<const Command> GroupCommands();
std::span<const Command> LoggingCommands();
std::span<const Command> TrafficCommands();
std::span<const Command> MixingCommands();
std::span<const Command> ModelCommands();
std::span<const Command> PlanCommands();
std::span<const Command> TimeCommands();
std::span<const Command> CompareCommands();
std::span<const Command> ScriptingCommands();
std::span<const Command> BreakCommands();
std::span<const Command> CheckpointCommands();
std::span<const Command> PageCommands();

// `train`, `ag`, `test` and `step`: of nodes, and of the members of a group.
Result<Reply> TrainNodes(CommandContext& context);
Result<Reply> AggregateNodes(CommandContext& context);
Result<Reply> TestNodes(CommandContext& context);
Result<Reply> StepNodes(CommandContext& context);

}  // namespace delstep
