#include "tests/properties/command_lines.h"

#include <array>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "console/commands/command_table.h"

namespace delstep {
namespace {

using Words = std::vector<std::string>;

const std::string& Pick(Random& random, std::span<const std::string> items) {
  return items[random.Below(items.size())];
}

std::string Value(Random& random, const std::string& placeholder) {
  static const Words kNodes = {"10.0.0.1", "10.0.0.2", "10.0.0.3",     "10.0.0.4", "10.0.0.9",
                               "alice",    "@g1",      "10.0.0.[1-3]", "all",      "@g2"};
  static const Words kSingle = {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "alice"};
  static const std::map<std::string, Words> kValues = {
      {"NODE", kNodes},
      {"A", kSingle},
      {"B", kSingle},
      {"G", {"g1", "g2", "g3"}},
      {"GROUP", {"g1", "g2", "train"}},
      {"NAME", {"alice", "bob", "all", "10.0.0.7"}},
      {"ADDRESS", {"10.0.0.20", "10.0.0.21", "10.0.0.300"}},
      {"K", {"1", "2", "100", "0"}},
      {"N", {"0", "1", "2", "-1"}},
      {"P", {"0", "0.5", "1", "1.5"}},
      {"V", {"0", "0.5", "1", "nan"}},
      {"S", {"0.5", "0", "-1"}},
      {"FACTOR", {"10", "-1", "1e999"}},
      {"DURATION", {"10ms", "0", "1h", "-5ms", "5x"}},
      {"T", {"20ms", "uniform(10ms,50ms)", "exponential(20ms)", "uniform(5ms,1ms)"}},
      {"R", {"10Mbps", "1kbps", "inf", "0bps"}},
      {"SCRIPT", {"nope.del", "\"a b\"", "."}},
      {"SCENARIO", {"mnist-12", "nope", "no/such.toml"}},
      {"FILE", {"a.csv", "b.jsonl", "c.json", "d.foo", "no/e.csv"}},
      {"CHECKPOINT", {"c.ckpt", "no/c.ckpt"}},
      {"GRAPH", {"a.json", "a.dot", "a.edges", "a.foo"}},
      {"KEY", {"network.loss", "training.lr", "aggregation.name", "aggregation.expiry", "seed"}},
      {"NODEKEY", {"training.lr", "training.momentum", "training.optimizer", "aggregation.name"}},
      {"VALUE", {"0.1", "3", "median", "encounter", "krum", "x", "[1, 2]"}},
      {"TEXT", {"hello", "\"a  b\"", "a{}", "50%"}},
      {"PREFIX", {"training", "network.l", "zzz"}},
      {"COMMAND", {"train", "link", "group", "zzz"}},
      {"CONDITION", {"sent >= 0", "test_acc(mean) > 0.5", "lost<0", "x > 1", "sent"}},
  };
  const auto found = kValues.find(placeholder);
  return found == kValues.end() ? placeholder : Pick(random, found->second);
}

std::string Phrase(Random& random, std::string_view text) {
  const auto alternatives = Split(text, '|');
  std::string phrase;
  for (const std::string_view word : Split(alternatives[random.Below(alternatives.size())], ' ')) {
    const bool repeated = word.ends_with("...");
    const std::string placeholder(word.substr(0, word.size() - (repeated ? 3 : 0)));
    const std::uint64_t times = repeated ? 1 + random.Below(3) : 1;
    for (std::uint64_t i = 0; i < times; ++i) phrase += ' ' + Value(random, placeholder);
  }
  return phrase;
}

std::string FromUsage(Random& random, std::string_view usage) {
  if (usage.starts_with("repeat"))
    return "repeat " + Value(random, "N") + " { cycle; step 10.0.0.1 }";
  std::string line;
  while (!usage.empty()) {
    const bool option = usage.front() == '[';
    const std::size_t end = option ? usage.find(']') : usage.find(' ');
    if (!option || random.Chance(0.5))
      line += Phrase(random, usage.substr(option ? 1 : 0, end - (option ? 1 : 0)));
    usage = end == std::string_view::npos ? "" : Trim(usage.substr(end + 1));
  }
  return std::string(Trim(line));
}

void Mutate(Random& random, std::string& line) {
  using namespace std::string_view_literals;
  static constexpr std::string_view kBytes = "{}\";#[]@-. \t\n\r\\\0\xC3\xFF az09"sv;
  if (line.empty()) return;
  const auto at = static_cast<std::size_t>(random.Below(line.size()));
  switch (random.Below(4)) {
    case 0:
      line.erase(at, 1 + random.Below(5));
      break;
    case 1:
      line.insert(at, 1, kBytes[random.Below(kBytes.size())]);
      break;
    case 2:
      line[at] = kBytes[random.Below(kBytes.size())];
      break;
    default:
      line += ' ' + line.substr(at);
  }
}

/// What its words must fit: placeholders there say more than those that people are shown.
std::string_view FormOf(const Command& command) {
  return command.form.empty() ? command.usage : command.form;
}

}  // namespace

std::string RandomCommandLine(Random& random) {
  const auto commands = Commands();
  std::string line = FromUsage(random, FormOf(commands[random.Below(commands.size())]));
  // Without nodes every line is refused: they leave seldom, and come back.
  if (line.starts_with("node remove") && random.Chance(0.98)) line = "node up all";
  while (random.Chance(0.25)) Mutate(random, line);
  if (random.Chance(0.1)) line = "repeat 2 { " + line + " }";
  if (random.Chance(0.1))
    line += "; " + FromUsage(random, FormOf(commands[random.Below(commands.size())]));
  return line;
}

}  // namespace delstep
