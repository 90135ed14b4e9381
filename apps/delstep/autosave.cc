#include "apps/delstep/autosave.h"

#include <utility>

namespace delstep {

Autosave::Autosave(Session& session, std::string file, std::optional<CheckpointInterval> every,
                   std::function<void(const Error&)> tell)
    : session_(session),
      file_(std::move(file)),
      every_(every),
      tell_(std::move(tell)),
      commands_(session.commands()) {}

bool Autosave::IsDue() const {
  if (!every_) return false;
  if (every_->commands > 0) return session_.commands() - commands_ >= every_->commands;
  return std::chrono::steady_clock::now() - written_ >= every_->time;
}

void Autosave::Between() {
  if (IsDue()) Write();
}

bool Autosave::Write() {
  // Counted from here also where it fails: a full disk is not tried again at each command.
  written_ = std::chrono::steady_clock::now();
  commands_ = session_.commands();
  const auto bytes = session_.WriteCheckpoint(file_);
  if (bytes) return true;
  Error error = bytes.error();
  if (error.hint.empty()) error.hint = "the run goes on; a file that was there before is as it was";
  if (!std::exchange(failed_, true)) tell_(error);
  return false;
}

}  // namespace delstep
