#include "console/session/point_keeper.h"

#include <utility>

namespace delstep {

void PointKeeper::Start(std::function<void()> between) {
  between_ = std::move(between);
  Keep();
}

void PointKeeper::Keep() {
  if (!between_ || interrupted_) return;
  auto moment = host_.simulation.TakeSnapshot();
  // A network that cannot be copied may still be saved as it is.
  point_.emplace(RunPoint{host_.session(), host_.config, moment ? *std::move(moment) : Snapshot(),
                          host_.history.moments().point()});
  in_command_ = false;
  between_();
}

Result<WrittenState> PointKeeper::WriteLast(const std::string& file) {
  if (!point_->moment && in_command_)
    return Refused("a command was stopped, and this network cannot go back to before it",
                   "the file that was written last is as it was");
  return WriteCheckpointOf(file, host_.simulation, *point_, host_.log, host_.history, About());
}

Result<WrittenState> PointKeeper::WriteAfter(const std::string& text, const std::string& file) {
  CommandLog log = host_.log;
  log.Add(CommandEntry{.cycle = host_.simulation.cycle(), .ok = true, .text = text});
  RunPoint point{host_.session(), host_.config, Snapshot(), host_.history.moments().point()};
  point.session.logged = log.added();
  ++point.session.commands;
  return WriteCheckpointOf(file, host_.simulation, point, log, host_.history, About());
}

const ProgramFacts& PointKeeper::About() {
  if (!about_) about_ = host_.about ? host_.about() : ProgramFacts();
  return *about_;
}

}  // namespace delstep
