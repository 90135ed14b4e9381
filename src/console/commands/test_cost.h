#pragma once
/// What a test costs, said before it is made. N different models on what N nodes have held out are
/// N x N examples: with a hundred thousand nodes that is an hour or a day, which nobody has asked
/// for who typed `test`.
#include "console/commands/command_table.h"
#include "delstep/event.h"
#include "delstep/result.h"

namespace delstep {

/// A typed command asks. Nothing up to `test.limit` examples through all models together; results
/// that are known cost nothing. Beyond it a person is asked, and goes on with Enter, `y` or `yes`;
/// whatever else is typed means no. What is said to be cheaper is what the limit allows.
/// Errors: kRefused where nobody can be asked, with what is cheaper; kInterrupted where the person
/// says no or stops it. Nothing has been tested then.
Result<void> MindTestCost(const CommandContext& context, const EvaluationScope& scope,
                          bool by_class);

}  // namespace delstep
