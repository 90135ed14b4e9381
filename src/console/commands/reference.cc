#include "console/commands/reference.h"

#include <fmt/format.h>

#include <algorithm>

#include "console/commands/command_table.h"
#include "console/commands/metric_table.h"

namespace delstep {
namespace {

std::string WhatItDoes(const Command& command) {
  if (command.more.empty()) return std::string(command.sentence);
  std::string more(command.more);
  std::ranges::replace(more, '\n', ' ');
  return fmt::format("{}. {}", command.sentence, more);
}

}  // namespace

std::string CommandReference() {
  std::string text =
      "# Commands\n\n"
      "Made from the command table (`src/console`). `;` or a new line ends a command, `#` at the "
      "start of a word begins a\n"
      "comment, `\"...\"` quotes. NODE is an address, a name, a range in the last octet "
      "`10.0.0.[1-20]`, a group `@g1`, or\n"
      "`all`; several may be given, each node counts once; no NODE means all. A, B: single nodes. "
      "G: a group.\n";
  std::string_view scope;
  for (const Command& command : Commands()) {
    if (Name(command.scope) != scope) {
      scope = Name(command.scope);
      text += fmt::format(
          "\n## {}\n\n| command | what it does | example | autonet |\n|---|---|---|---|\n", scope);
    }
    std::string usage(command.usage);
    // In a table of Markdown a bar would begin a new cell.
    for (std::size_t at = 0; (at = usage.find('|', at)) != std::string::npos; at += 2)
      usage.insert(at, 1, '\\');
    text += fmt::format("| `{}` | {} | `{}` | {} |\n", usage, WhatItDoes(command), command.example,
                        command.autonet ? "yes" : "no");
  }
  return text + MetricsReference();
}

}  // namespace delstep
