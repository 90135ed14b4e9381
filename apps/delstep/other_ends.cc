#include "apps/delstep/other_ends.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/is_terminal.h"

namespace delstep {
namespace {

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

bool ReadsTerminal(const Arguments& arguments) {
  return IsTerminal(STDIN_FILENO) && (arguments.stay || arguments.sources.empty());
}

bool WillPrompt(const Arguments& arguments) { return ReadsTerminal(arguments) && !arguments.json; }

bool ReadsInput(const Arguments& arguments) {
  if (!arguments.checks.empty()) return false;
  return arguments.stay || arguments.sources.empty() ||
         std::ranges::any_of(arguments.sources, [](const CommandSource& source) {
           return source.kind == CommandSource::Kind::kInput;
         });
}

bool InputIsFolder() {
  struct stat status {};
  return fstat(STDIN_FILENO, &status) == 0 && S_ISDIR(status.st_mode);
}

bool InputWaits() {
  struct stat status {};
  if (fstat(STDIN_FILENO, &status) != 0 || IsTerminal(STDIN_FILENO)) return false;
  if (S_ISREG(status.st_mode)) return lseek(STDIN_FILENO, 0, SEEK_CUR) < status.st_size;
  int bytes = 0;
  return ioctl(STDIN_FILENO, FIONREAD, &bytes) == 0 && bytes > 0;
}

bool OutlivesInterrupt(const Arguments& arguments) {
  return arguments.json && (arguments.stay || arguments.keep_going);
}

bool WantsColor(Arguments::Color color) {
  if (color != Arguments::Color::kAuto) return color == Arguments::Color::kAlways;
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal == nullptr || std::strcmp(terminal, "dumb") == 0;
  return IsTerminal(STDOUT_FILENO) && !dumb && !IsSet("NO_COLOR");
}

}  // namespace delstep
