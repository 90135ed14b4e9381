#include "console/session/end_rules.h"

namespace delstep {

EndRules::Ends EndRules::EndByError(const Error& error) {
  Note(error);
  if (in_request_) return Ends::kAll;
  // What a stop ends, it ends by itself.
  if (options_.keep_going || stop_.code()) return Ends::kCommand;
  return options_.interactive ? Ends::kLine : Ends::kAll;
}

void EndRules::Note(const Error& error) {
  if (exit_code_ == 0) exit_code_ = static_cast<int>(error.code);
}

bool EndRules::EndByStop() {
  exit_code_ = static_cast<int>(*stop_.code());
  return OutlivesStop();
}

bool EndRules::OutlivesStop() const {
  return *stop_.code() == ErrorCode::kInterrupted &&
         (options_.interactive || options_.outlives_interrupt || stop_.cancelled());
}

bool EndRules::IsFatal(bool goes_on) const {
  if (const auto stopped = stop_.code())
    return *stopped == ErrorCode::kTerminated || !(in_request_ || OutlivesStop());
  return !goes_on && !in_request_;
}

}  // namespace delstep
