#include "console/session/plan_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "console/language/diagnostics.h"
#include "console/language/selector.h"
#include "console/session/render.h"
#include "scenario/units.h"

namespace delstep {

void PlanRunner::Begin(std::size_t depth) {
  depth_ = depth;
  transmits_ = false;
  first_ = host_.answers.count();
  failed_ = 0;
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
    const std::string text = queue.Text();
    const std::uint64_t cycle = host_.simulation.cycle();
    const std::size_t size = queue.size();
    Ran ran = Execute(*statement, queue);
    const std::optional<Error> error = ran.error;
    host_.log.Add(CommandEntry{.cycle = cycle, .ok = !error, .text = text});
    host_.record(text, cycle);
    failed_ += error.has_value();
    const bool goes_on = !error || (host_.options.keep_going && !host_.stop.code());
    if (!goes_on) queue.Clear();
    if (host_.options.json)
      Answer(text, cycle, queue, std::move(ran), size);
    else
      Show(text, ran);
    if (!error) continue;
    Error told = WithTime(*plan, text, *error);
    if (!goes_on) return told;
    host_.note(told);
    if (!host_.options.json) host_.err(FormatError(told, "", {}, host_.options.color));
  }
  return {};
}

PlanRunner::Ran PlanRunner::Execute(const Statement& statement, CommandQueue& queue) {
  Ran ran;
  if (auto done = RunCommand(statement, queue, ran); !done) {
    ran.error = std::move(done).error();
    ran.error->where.clear();  // it stands in no file any more
  }
  return ran;
}

Result<void> PlanRunner::RunCommand(const Statement& statement, CommandQueue& queue, Ran& ran) {
  if (statement.bad) return *statement.bad;
  DELSTEP_ASSIGN(Call call, MatchCommand(statement.words));
  ran.command = call.command;
  DELSTEP_ASSIGN(Targets targets, FindTargets(call, SimulationDirectory(host_.simulation)));
  CommandContext context = host_.context(queue);
  context.planned = true;
  context.arguments = std::move(call.arguments);
  context.targets = std::move(targets);
  auto reply = call.command->run(context);
  if (!reply) ran.measured = std::move(context.measured);
  DELSTEP_ASSIGN(ran.reply, std::move(reply));
  for (ResultEntry& result : context.results) host_.log.Add(std::move(result));
  if (!transmits_) return {};
  return host_.simulation.Transmit();
}

std::string PlanRunner::TimeText() const {
  return DurationText(host_.simulation.now().time_since_epoch());
}

Error PlanRunner::WithTime(const PlannedCommand& plan, const std::string& text, Error error) const {
  error.message = fmt::format("at {}, '{}' (planned command {}): {}", TimeText(), text, plan.number,
                              error.message);
  return error;
}

/// One line follows its time; of several the command stands above them.
void PlanRunner::Show(const std::string& text, const Ran& ran) const {
  const bool always = ran.command && ran.command->always;
  if (ran.error || (host_.options.quiet && !always)) return;
  const bool all = host_.options.verbose || (ran.command && ran.command->shows);
  const std::string said =
      RenderReply(ran.reply, host_.options.width, all ? Detail::kAll : Detail::kLines);
  if (said.empty()) return;
  const bool one_line = std::ranges::count(said, '\n') == 1;
  host_.out(one_line ? fmt::format("{}: {}", TimeText(), said)
                     : fmt::format("{}: {}\n{}", TimeText(), text, said));
}

void PlanRunner::Answer(const std::string& text, std::uint64_t cycle, CommandQueue& queue, Ran ran,
                        std::size_t size) {
  const bool queued = ran.command && ran.command->inlined && !ran.error;
  JsonAnswer answer{.command = text,
                    .time = host_.simulation.now(),
                    .cycle = cycle,
                    .reply = std::move(ran.reply)};
  answer.error = std::move(ran.error);
  answer.measured = std::move(ran.measured);
  host_.answers.Add(std::move(answer), {.before = depth_ + size, .after = depth_ + queue.Prune()},
                    queued);
}

}  // namespace delstep
