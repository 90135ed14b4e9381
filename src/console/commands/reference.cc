#include "console/commands/reference.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "console/commands/command_table.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

constexpr std::size_t kUsageWidth = 30;
constexpr std::size_t kWidth = 80;

/// Breaks between words; later lines begin with `indent` blanks.
std::string Wrap(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t used = indent;
  for (const std::string_view word : Split(text, ' ')) {
    if (used > indent && used + 1 + word.size() > kWidth) {
      out += '\n' + std::string(indent, ' ');
      used = indent;
    } else if (used > indent) {
      out += ' ';
      ++used;
    }
    out += word;
    used += word.size();
  }
  return out;
}

std::string Row(const Command& command) {
  const std::string usage = fmt::format("  {}", command.usage);
  std::string start = usage.size() + 2 <= kUsageWidth
                          ? fmt::format("{:<{}}", usage, kUsageWidth)
                          : usage + '\n' + std::string(kUsageWidth, ' ');
  return start + Wrap(command.sentence, kUsageWidth);
}

std::string Overview() {
  std::string text;
  std::string_view scope;
  for (const Command& command : Commands()) {
    if (Name(command.scope) != scope) {
      text += fmt::format("{}{}\n", text.empty() ? "" : "\n", Name(command.scope));
      scope = Name(command.scope);
    }
    text += Row(command) + '\n';
  }
  text += "\nNODE: an address, a name, a range 10.0.0.[1-20], a group @g1, or all\n";
  return text + "help COMMAND explains one · ';' or a new line ends it, '#' begins a comment";
}

/// "group add" is meant by "group G add NODE...".
bool IsAbout(const Command& command, std::string_view topic) {
  const auto usage = Split(command.usage, ' ');
  auto word = usage.begin();
  for (const std::string_view wanted : Split(topic, ' ')) {
    word = std::find(word, usage.end(), wanted);
    if (word == usage.end()) return false;
    ++word;
  }
  return Split(topic, ' ').front() == usage.front();
}

std::string Details(const Command& command) {
  std::string text = fmt::format("{}\n  {}\n  example: {}", command.usage,
                                 Wrap(command.sentence, 2), command.example);
  if (command.autonet) text += "\n  with autonet on, a network step follows";
  if (command.enter_repeats) text += "\n  an empty line at the prompt repeats it";
  return text;
}

bool TakesKey(const Command& command) {
  return std::ranges::count(Split(command.usage, ' '), std::string_view("KEY")) > 0;
}

std::string SettableKeys() {
  std::string text = "\n\nkeys:";
  for (const Key& key : Keys())
    if (key.settable())
      text += fmt::format("\n  {:<28}{}", key.name, Wrap(key.sentence, kUsageWidth));
  return text;
}

}  // namespace

Result<std::string> HelpText(std::string_view topic) {
  if (topic.empty()) return Overview();
  std::string text;
  bool takes_key = false;
  for (const Command& command : Commands()) {
    if (!IsAbout(command, topic)) continue;
    text += (text.empty() ? "" : "\n\n") + Details(command);
    takes_key |= TakesKey(command);
  }
  if (text.empty())
    return UsageError(fmt::format("no command named '{}'", topic),
                      DidYouMean(Split(topic, ' ').front(), Verbs()));
  if (takes_key) text += SettableKeys();
  return text;
}

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
    text += fmt::format("| `{}` | {} | `{}` | {} |\n", usage, command.sentence, command.example,
                        command.autonet ? "yes" : "no");
  }
  return text;
}

}  // namespace delstep
