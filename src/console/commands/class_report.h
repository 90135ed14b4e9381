#pragma once
/// Results class by class: `test ... by class` and `confusion`.
///
/// An accuracy over all classes hides what labels that are dealt unevenly do: a node that has seen
/// only ones and sevens may be right on half of its own digits and on none of the other eight.
#include <span>

#include "console/commands/command_table.h"

namespace delstep {

/// What `local`, `global`, `group G` among the arguments say; none of them: `general`.
EvaluationScope ScopeOf(const CommandArguments& arguments);

/// Adds the accuracy in each class: for people a row per node and a column per class, for programs
/// a row per node and class, as `classes`.
void AddClasses(Reply& reply, const CommandContext& context, std::span<const ClassTest> tests);

/// `confusion NODE`: rows are true classes, columns what the node takes them for. Leaves no result.
Result<Reply> ShowConfusion(CommandContext& context);

}  // namespace delstep
