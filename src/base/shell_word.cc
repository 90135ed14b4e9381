#include "base/shell_word.h"

#include <algorithm>
#include <string_view>

namespace delstep {

std::string ShellWord(const std::string& name) {
  const bool plain = std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("._-/+,:@%").find(c) != std::string_view::npos;
  });
  if (plain && !name.empty() && !name.starts_with('-')) return name;
  std::string quoted = "'";
  for (const char c : name) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace delstep
