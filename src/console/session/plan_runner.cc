#include "console/session/plan_runner.h"

#include <fmt/format.h>

#include <utility>

#include "console/language/selector.h"
#include "scenario/units.h"

namespace delstep {

void PlanRunner::Begin(std::size_t depth) {
  depth_ = depth;
  transmits_ = uncertain_ = false;
  parts_ = failed_ = 0;
}

Result<void> PlanRunner::RunDue() {
  const auto plan = host_.simulation.TakeDuePlan();
  if (!plan) return {};
  ReadScript read = ParseScript(plan->command, fmt::format("planned command {}", plan->number));
  if (read.unclosed) return *std::move(read.unclosed);  // nobody but a made-up checkpoint says so
  CommandQueue queue;
  queue.Push(std::move(read.script), false);
  while (const Statement* statement = queue.Next()) {
    // As one happening it runs to its end; but a repeat in it might never come to one.
    if (host_.stop.code() && queue.size() > 1)
      return Interrupted("stopped inside of a planned command");
    const std::size_t size = queue.size();
    const CommandResult ran = Execute(*statement, queue);
    host_.log.Add(CommandEntry{.cycle = ran.cycle, .ok = !ran.error, .text = ran.command});
    ++parts_;
    failed_ += ran.error.has_value();
    const bool goes_on = !ran.error || (host_.options.keep_going && !host_.stop.code());
    if (!goes_on) queue.Clear();
    const bool queued = ran.row && ran.row->inlined && !ran.error;
    host_.voice().Tell(ran);
    host_.voice().Answer(
        ran, {.before = depth_ + size, .after = depth_ + queue.Depth(), .queued = queued});
    host_.record(ran);
    if (!ran.error) continue;
    Error told = WithTime(*plan, ran.command, *ran.error);
    if (!goes_on) return told;
    host_.note(told);
    host_.voice().Warn(told);
  }
  return {};
}

CommandResult PlanRunner::Execute(const Statement& statement, CommandQueue& queue) {
  CommandResult ran{.command = queue.Text(), .cycle = host_.simulation.cycle(), .planned = true};
  if (auto done = RunCommand(statement, queue, ran); !done) {
    ran.error = std::move(done).error();
    ran.error->where.clear();  // it stands in no file any more
  }
  ran.time = host_.simulation.now();
  return ran;
}

Result<void> PlanRunner::RunCommand(const Statement& statement, CommandQueue& queue,
                                    CommandResult& ran) {
  if (statement.bad) return *statement.bad;
  DELSTEP_ASSIGN(Call call, MatchCommand(statement.words));
  ran.row = call.command;
  DELSTEP_ASSIGN(Targets targets, FindTargets(call, SimulationDirectory(host_.simulation)));
  CommandContext context = host_.context(queue);
  context.planned = true;
  context.arguments = std::move(call.arguments);
  context.targets = std::move(targets);
  auto reply = call.command->run(context);
  uncertain_ |= call.command->reads_files || context.uncertain;
  if (!reply) ran.measured = std::move(context.measured);
  DELSTEP_ASSIGN(ran.reply, std::move(reply));
  for (ResultEntry& result : context.results) host_.log.Add(std::move(result));
  if (!transmits_) return {};
  return host_.simulation.Transmit();
}

Error PlanRunner::WithTime(const PlannedCommand& plan, const std::string& text, Error error) const {
  error.message = fmt::format("at {}, '{}' (planned command {}): {}",
                              DurationText(host_.simulation.now().time_since_epoch()), text,
                              plan.number, error.message);
  return error;
}

}  // namespace delstep
