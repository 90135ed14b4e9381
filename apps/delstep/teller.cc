#include "apps/delstep/teller.h"

#include <fmt/format.h>

#include "apps/delstep/setup.h"

namespace delstep {

void Teller::Say(std::string_view text) {
  if (!arguments_.quiet) outputs_.Err(text);
}

void Teller::Note(std::string_view note) { Say(fmt::format("delstep: note: {}\n", note)); }

void Teller::Print(std::string_view text) { outputs_.Err(text); }

void Teller::Tell(const Error& error, bool fatal, const std::string& command,
                  const std::vector<std::string>& loaded_from) {
  if (arguments_.json && !outputs_.gone())
    json_.Put("", ErrorMembers(error, json_.TimeMembers(), fatal, command, loaded_from));
  else
    outputs_.Err(ErrorText(error));
}

int Teller::Fail(const Error& error) {
  Tell(error, /*fatal=*/true);
  return static_cast<int>(error.code);
}

void Teller::TellSoon(const Error& error) {
  if (!arguments_.json) return Tell(error, /*fatal=*/false);
  const std::lock_guard lock(mutex_);
  late_.push_back(error);
}

void Teller::TellLate() {
  std::vector<Error> late;
  {
    const std::lock_guard lock(mutex_);
    late.swap(late_);
  }
  for (const Error& error : late) Tell(error, /*fatal=*/false);
}

}  // namespace delstep
