#include "console/commands/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "base/text.h"
#include "base/utf8.h"
#include "console/commands/command_table.h"
#include "console/commands/glossary.h"
#include "console/commands/metric_table.h"
#include "console/language/argument.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kVerbWidth = 16;

struct VerbSentence {
  std::string_view verb, sentence;
};
/// Of verbs with several rows, none of which stands for the others.
constexpr VerbSentence kVerbSentences[] = {
    {"config", "list the values of keys, and where each came from"},
    {"set", "change a key, for all nodes or at some of them"},
    {"labels", "make training labels wrong, and right again"},
    {"attack", "let nodes send something else than what they have learnt"},
    {"next", "handle the next happenings one by one, or tell what comes next"},
    {"link", "list links, or change loss, latency, bandwidth, up and down"},
    {"node", "add and remove nodes, let them fail and come back"},
    {"group", "make groups; train, test, share within them"},
    {"save", "write the results or the topology to a file"},
    {"stats", "messages, bytes, latency, consensus, accuracy, memory"},
    {"log", "print the log: commands and results"},
    {"export", "write models to files"},
    {"branch", "begin a branch of moments, list branches, forget one"},
    {"break", "stop when something happens, or when a condition becomes true"},
};

/// What may stand in place of a placeholder. `test` of help checks that each usage finds its own.
constexpr PlaceholderHelp kPlaceholders[] = {
    {"NODE",
     "an address (10.0.0.3), a name (ann), a range in the last number (10.0.0.[1-20]), a group "
     "(@g1), or all; several may follow each other, and no NODE means all where it stands in [ ]"},
    {"A", "a single node: its address or name"},
    {"B", "another single node: its address or name"},
    {"G", "the name of a group; `group list` shows them"},
    {"GROUP", "a new name: letters, digits, - and _"},
    {"NAME", "a new name: letters, digits, - and _"},
    {"SCENARIO", "the name of a scenario; `scenario list` shows them"},
    {"MARK",
     "a name for the moment: letters, digits, - and _; marks and branches share their names"},
    {"MOMENT",
     "a mark, a branch (its last moment), or the number of a moment; `history` shows them"},
    {"BRANCH", "the name of a branch; `branch` lists them"},
    {"TEXT", "any words; with quotes, blanks and ; are kept as they are"},
    {"ADDRESS", "an address that was never used, such as 10.0.0.9; without it, the next free one"},
    {"K", "a whole number from 1"},
    {"N", "a whole number from 0"},
    {"STEPS", "a whole number from 1"},
    {"ID", "the number of a message; `messages` shows them"},
    {"PORT", "a number up to 65535; 0 is any port that is free"},
    {"P", "a probability: a number from 0 to 1"},
    {"V", "a number from 0 to 1"},
    {"S", "a standard deviation: a number from 0, such as 0.5"},
    {"FACTOR", "a number, such as 10 or -1"},
    {"DURATION", "a number with a unit (ns, us, ms, s, min, h), such as 100ms"},
    {"TIME", "a time of the simulated clock, from 0 at the start: 60s, 1.5min"},
    {"X", "metres from the left side of the field (mobility.area)"},
    {"Y", "metres from its lower side"},
    {"T", "a latency: 20ms, uniform(10ms,50ms), normal(20ms,5ms) or exponential(20ms)"},
    {"R", "a bandwidth in bit/s with a unit (bps, kbps, Mbps, Gbps), such as 10Mbps, or inf"},
    {"SCRIPT",
     "a file of commands; looked up beside the script that loads it, then here, then among the "
     "scenarios"},
    {"FILE",
     "a file to write results to, by ending .csv, .tsv, .jsonl or .json; without it, results.csv"},
    {"GRAPH", "a file to write a topology to; its ending says the format"},
    {"MODEL",
     "a file of a model, by ending .safetensors, .npz, .pt or .pth; {} in its name stands for "
     "the address of the node"},
    {"CHECKPOINT", "a file to write everything to that is needed to go on, such as run.ckpt"},
    {"KEY", "a key of the configuration that may change in a run; `help KEY` explains one"},
    {"NODEKEY", "a key that nodes may have values of their own for"},
    {"VALUE", "what the key may be: `help training.lr` tells it for training.lr"},
    {"FROM", "a class of the data; `data show` lists them"},
    {"TO", "another class of the data"},
    {"PREFIX", "how keys begin, such as training or training.lr"},
    {"TOPIC", "a command, a group of commands, a key, a placeholder, or a word"},
    {"CONDITION",
     "a metric, a comparison (< <= > >= == !=) and a number; `help metrics` lists the "
     "metrics"},
    {"UNTIL",
     "as of `expect`, a metric, a comparison (< <= > >= == !=) and a number; `help metrics` lists "
     "the metrics"},
    {"EVENT",
     "a happening: deliver [NODE], lost [NODE], meet A B, down NODE or train NODE; or, as of "
     "`expect`, a metric, a comparison (< <= > >= == !=) and a number; `help metrics` lists the "
     "metrics"},
    {"COMMAND", "any command, with its words"},
};

std::string_view VerbOfRow(const Command& command) {
  return command.usage.substr(0, command.usage.find(' '));
}

/// Lines of text, put down one after the other.
class Writer {
 public:
  explicit Writer(std::size_t width) : width_(width) {}

  /// Later lines of a broken one begin with `indent` blanks.
  void Put(std::string_view line, std::size_t indent = 0) {
    const std::string wrapped = WrapText(line, width_, indent);
    for (const std::string_view part : Split(wrapped, '\n')) lines_.emplace_back(part);
  }
  /// "  NAME     text", the text broken in its own column, which begins at `column`.
  void Row(std::string_view name, std::string_view text, std::size_t column) {
    std::string start = fmt::format("  {}", name);
    const std::size_t used = DisplayWidth(start);
    if (used + 2 > column) {
      lines_.push_back(std::move(start));
      start.assign(column, ' ');
    } else {
      start += std::string(column - used, ' ');
    }
    Put(start + std::string(text), column);
  }
  /// An empty line between two parts, none at the beginning.
  void Gap() {
    if (!lines_.empty()) lines_.emplace_back();
  }
  bool empty() const { return lines_.empty(); }
  Lines Take() { return std::move(lines_); }

 private:
  std::size_t width_;
  Lines lines_;
};

// ---- The overview.

std::string_view SentenceOf(std::string_view verb) {
  for (const VerbSentence& row : kVerbSentences)
    if (row.verb == verb) return row.sentence;
  for (const Command& command : Commands())
    if (VerbOfRow(command) == verb) return command.sentence;
  return {};
}

void PutOverview(Writer& out) {
  std::string_view scope;
  std::set<std::string_view> seen;
  for (const Command& command : Commands()) {
    if (Name(command.scope) != scope) {
      scope = Name(command.scope);
      out.Put(scope);
    }
    const std::string_view verb = VerbOfRow(command);
    if (seen.insert(verb).second) out.Row(verb, SentenceOf(verb), kVerbWidth);
  }
  out.Gap();
  out.Put(
      "help TOPIC explains a command (train), a group of them (learning), a key (training.lr), a "
      "section of keys (topology), a placeholder (NODE), metrics, or a word (encounter); help keys "
      "and help words list these. ';' or a new line ends a command, '#' begins a comment.");
}

// ---- Commands.

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

/// The rows that a topic is about; none where it is no command.
std::vector<const Command*> RowsAbout(std::string_view topic) {
  std::vector<const Command*> rows;
  for (const Command& command : Commands())
    if (IsAbout(command, topic)) rows.push_back(&command);
  // `help train 10.0.0.1` is about `train`.
  const std::string_view verb = Split(topic, ' ').front();
  if (rows.empty() && verb != topic)
    for (const Command& command : Commands())
      if (VerbOfRow(command) == verb) rows.push_back(&command);
  return rows;
}

/// An empty topic is every scope.
std::vector<const Command*> RowsOfScope(std::string_view topic) {
  std::vector<const Command*> rows;
  for (const Command& command : Commands())
    if (topic.empty() || Name(command.scope) == topic) rows.push_back(&command);
  return rows;
}

/// The placeholders of a usage line, in the order of the table.
void AddPlaceholders(std::string_view usage, std::set<std::string_view>& names) {
  std::size_t at = 0;
  const auto is_letter = [&](std::size_t i) {
    return i < usage.size() && std::isalpha(static_cast<unsigned char>(usage[i])) != 0;
  };
  while (at < usage.size()) {
    std::size_t end = at;
    bool upper = true;
    while (is_letter(end)) upper &= std::isupper(static_cast<unsigned char>(usage[end++])) != 0;
    if (end > at && upper) names.insert(usage.substr(at, end - at));
    at = std::max(end, at + 1);
  }
}

/// Kinds of files and names have names of their own in the table; people see FILE, or NAME, in the
/// usage of all of them.
constexpr std::array kKindPlaceholders =
    std::to_array<std::string_view>({"SCRIPT", "FILE", "GRAPH", "MODEL", "CHECKPOINT", "MARK",
                                     "SCENARIO", "MOMENT", "OTHER", "BRANCH", "STEPS", "EVENT"});

bool IsKindPlaceholder(std::string_view name) {
  return std::ranges::find(kKindPlaceholders, name) != kKindPlaceholders.end();
}

/// What people see for it: "NAME|N" for MOMENT.
std::string_view SeenAs(std::string_view placeholder) {
  return IsKindPlaceholder(placeholder) ? ShownPlaceholder(placeholder) : placeholder;
}

bool IsSeenAs(std::string_view placeholder, std::string_view shown) {
  const auto parts = Split(SeenAs(placeholder), '|');
  return std::ranges::find(parts, shown) != parts.end();
}

/// The placeholders of a row: those that people see, with its own kinds of files and names.
void AddPlaceholdersOf(const Command& command, std::set<std::string_view>& names) {
  std::set<std::string_view> seen, kinds;
  AddPlaceholders(command.usage, seen);
  AddPlaceholders(command.form, kinds);
  std::erase_if(kinds, [](std::string_view name) { return !IsKindPlaceholder(name); });
  for (const std::string_view name : seen)
    if (std::ranges::none_of(kinds, [&](std::string_view kind) { return IsSeenAs(kind, name); }))
      names.insert(name);
  names.insert(kinds.begin(), kinds.end());
}

void PutPlaceholder(const PlaceholderHelp& placeholder, Writer& out) {
  out.Row(SeenAs(placeholder.name), placeholder.text, 13);
}

void PutCommand(const Command& command, Writer& out) {
  out.Put(command.usage, 4);
  out.Put(fmt::format("  {}", command.sentence), 2);
  out.Put(fmt::format("  example: {}", command.example), 4);
}

void PutKeysToSet(const HelpSource& source, Writer& out) {
  out.Gap();
  out.Put("keys, their defaults and what they may be (help KEY tells more)");
  const Scenario defaults;
  for (const Key& key : Keys())
    if (key.settable())
      out.Row(key.name, fmt::format("{} · {}", key.Get(defaults), key.Allowed(source.registry)),
              30);
}

void PutNodeKeys(Writer& out) {
  out.Gap();
  out.Put(fmt::format("keys of single nodes: {}", Join(Simulation::NodeKeys(), ", ")), 2);
}

void PutNotes(std::span<const Command* const> rows, Writer& out) {
  for (const Command* command : rows)
    if (!command->more.empty()) {
      out.Gap();
      for (const std::string_view line : Split(command->more, '\n')) out.Put(line, 2);
    }
  if (std::ranges::all_of(rows, &Command::autonet))
    out.Put("With autonet on, a network step follows.");
  if (std::ranges::all_of(rows, &Command::enter_repeats))
    out.Put("An empty line at the prompt repeats it.");
}

/// Verbs of other scopes that one needs beside a verb.
struct Relation {
  std::string_view verb;
  std::array<std::string_view, 4> others;
};
constexpr Relation kOtherRelations[] = {
    {"run", {"at", "every", "break", "schedule"}},
    {"next", {"at", "every", "break", "schedule"}},
};

void PutRelated(std::span<const Command* const> rows, Writer& out) {
  const std::string_view own = VerbOfRow(*rows.front());
  std::vector<std::string> others;
  for (const Command& command : Commands()) {
    const std::string verb(VerbOfRow(command));
    if (command.scope == rows.front()->scope && verb != own &&
        std::ranges::find(others, verb) == others.end())
      others.push_back(verb);
  }
  for (const Relation& relation : kOtherRelations)
    if (relation.verb == own)
      others.insert(others.end(), relation.others.begin(), relation.others.end());
  if (!others.empty()) out.Put("related: " + Join(others, ", "), 2);
}

void PutCommands(std::span<const Command* const> rows, const HelpSource& source, Writer& out) {
  std::set<std::string_view> names;
  for (const Command* command : rows) {
    out.Gap();
    PutCommand(*command, out);
    AddPlaceholdersOf(*command, names);
  }
  out.Gap();
  for (const PlaceholderHelp& placeholder : kPlaceholders)
    if (names.contains(placeholder.name)) PutPlaceholder(placeholder, out);
  PutNotes(rows, out);
  PutRelated(rows, out);
  if (names.contains("NODEKEY")) PutNodeKeys(out);
  if (names.contains("KEY")) PutKeysToSet(source, out);
}

void PutScope(std::span<const Command* const> rows, Writer& out) {
  for (const Command* command : rows) {
    out.Gap();
    PutCommand(*command, out);
  }
}

// ---- Keys.

std::string_view SectionOf(const Key& key) {
  const auto dot = key.name.find('.');
  return dot == std::string_view::npos ? std::string_view() : key.name.substr(0, dot);
}

std::vector<const Key*> KeysOf(std::string_view section) {
  std::vector<const Key*> keys;
  for (const Key& key : Keys())
    if (!section.empty() && SectionOf(key) == section) keys.push_back(&key);
  return keys;
}

void PutKey(const Key& key, const HelpSource& source, Writer& out) {
  const std::string name(key.name);
  const std::vector<std::string> of_nodes = Simulation::NodeKeys();
  out.Gap();
  out.Put(name);
  out.Put(fmt::format("  {}", key.sentence), 2);
  out.Row("may be", key.Allowed(source.registry), 13);
  out.Row("default", key.Get(Scenario()), 13);
  out.Row("now", key.Get(source.scenario), 13);
  const std::string at_start = fmt::format("delstep {}=VALUE", name);
  if (!key.settable())
    return out.Row("change it", fmt::format("at the start only: `{}`", at_start), 13);
  out.Row("change it",
          fmt::format("at any time with `set {} VALUE`{}, or at the start: `{}`", name,
                      std::ranges::find(of_nodes, name) != of_nodes.end()
                          ? fmt::format(" or, at some nodes, `set {} VALUE NODE...`", name)
                          : "",
                      at_start),
          13);
}

/// `help lr` is about training.lr: the keys whose name ends so.
std::vector<const Key*> KeysCalled(std::string_view name) {
  std::vector<const Key*> keys;
  for (const Key& key : Keys())
    if (!SectionOf(key).empty() && key.name.substr(SectionOf(key).size() + 1) == name)
      keys.push_back(&key);
  return keys;
}

/// A few are explained, many are only named.
void PutKeysCalled(std::span<const Key* const> keys, const HelpSource& source, Writer& out) {
  constexpr std::size_t kFew = 2;
  if (keys.size() <= kFew) {
    for (const Key* key : keys) PutKey(*key, source, out);
    return;
  }
  std::vector<std::string> names;
  for (const Key* key : keys) names.emplace_back(key->name);
  out.Gap();
  out.Put("keys: " + Join(names, ", "), 2);
}

void PutSection(std::string_view section, std::span<const Key* const> keys,
                const HelpSource& source, Writer& out) {
  out.Gap();
  out.Put(fmt::format("[{}] in a scenario file, {}.KEY elsewhere (help KEY tells more)", section,
                      section));
  std::size_t column = 0;
  for (const Key* key : keys) column = std::max(column, key->name.size() + 4);
  for (const Key* key : keys)
    out.Row(key->name, fmt::format("{} · {}", key->Get(source.scenario), key->sentence), column);
}

void PutSections(Writer& out) {
  out.Put(
      "keys of the configuration by section: help SECTION lists them with their present values, "
      "help KEY explains one");
  std::string_view section = "none";
  std::string names;
  const auto flush = [&] {
    if (!names.empty()) out.Row(section.empty() ? "(none)" : section, names, kVerbWidth);
    names.clear();
  };
  for (const Key& key : Keys()) {
    if (SectionOf(key) != section) {
      flush();
      section = SectionOf(key);
    }
    const auto start = section.empty() ? 0 : section.size() + 1;
    names += (names.empty() ? "" : ", ") + std::string(key.name.substr(start));
  }
  flush();
}

// ---- Words.

void PutWord(const GlossaryEntry& entry, Writer& out) {
  out.Gap();
  out.Put(entry.aliases.empty() ? std::string(entry.word)
                                : fmt::format("{} (also: {})", entry.word, entry.aliases));
  out.Put(fmt::format("  {}", entry.text), 2);
  out.Put(fmt::format("  see: {}", entry.see), 4);
}

void PutWords(Writer& out) {
  for (const GlossaryEntry& entry : Glossary()) {
    out.Put(entry.word);
    out.Put(fmt::format("  {}", entry.text), 2);
  }
}

void PutMetrics(Writer& out) {
  const std::string metrics = MetricsHelp();
  for (const std::string_view line : Split(metrics, '\n')) out.Put(line, 22);
}

const PlaceholderHelp* FindPlaceholder(std::string_view name) {
  const auto found = std::ranges::find(kPlaceholders, name, &PlaceholderHelp::name);
  return found == std::end(kPlaceholders) ? nullptr : &*found;
}

Error NoHelp(std::string_view topic) {
  std::string hint = DidYouMean(topic, HelpTopics());
  if (hint.empty()) hint = "list what can be explained: help";
  return UsageError(fmt::format("no help on '{}'", topic), std::move(hint));
}

}  // namespace

std::span<const PlaceholderHelp> Placeholders() { return kPlaceholders; }

std::vector<const Command*> CommandsAbout(std::string_view topic) {
  std::vector<const Command*> rows = topic.empty() ? RowsOfScope("") : RowsAbout(topic);
  if (rows.empty()) rows = RowsOfScope(topic);
  return rows;
}

Result<std::vector<std::string>> HelpLines(std::string_view topic, const HelpSource& source) {
  Writer out(source.width);
  if (topic.empty()) {
    PutOverview(out);
    return out.Take();
  }
  const std::vector<const Command*> rows = RowsAbout(topic);
  if (!rows.empty()) PutCommands(rows, source, out);
  // The commands of the group `group` are the rows of its verb.
  if (const auto of_scope = RowsOfScope(topic); !of_scope.empty() && of_scope != rows)
    PutScope(of_scope, out);
  if (const Key* key = FindKey(topic)) PutKey(*key, source, out);
  if (const auto keys = KeysOf(topic); !keys.empty()) PutSection(topic, keys, source, out);
  PutKeysCalled(KeysCalled(topic), source, out);
  if (const PlaceholderHelp* placeholder = FindPlaceholder(topic)) {
    out.Gap();
    for (const PlaceholderHelp& each : kPlaceholders)
      if (&each == placeholder || IsSeenAs(each.name, topic)) PutPlaceholder(each, out);
  }
  if (topic == "metrics") PutMetrics(out);
  if (topic == "keys") PutSections(out);
  if (topic == "words") PutWords(out);
  if (const GlossaryEntry* entry = FindGlossaryEntry(topic)) PutWord(*entry, out);
  if (out.empty()) return NoHelp(topic);
  return out.Take();
}

Result<void> CheckHelpTopic(std::string_view topic) {
  const bool known = !RowsAbout(topic).empty() || !RowsOfScope(topic).empty() || FindKey(topic) ||
                     !KeysOf(topic).empty() || !KeysCalled(topic).empty() ||
                     FindPlaceholder(topic) || FindGlossaryEntry(topic) || topic == "metrics" ||
                     topic == "keys" || topic == "words";
  if (!known) return NoHelp(topic);
  return {};
}

std::vector<std::string> HelpTopics() {
  std::set<std::string> topics = {"keys", "metrics", "words"};
  for (const Command& command : Commands()) {
    topics.emplace(VerbOfRow(command));
    topics.emplace(Name(command.scope));
  }
  for (const Key& key : Keys()) {
    topics.emplace(key.name);
    if (!SectionOf(key).empty()) topics.emplace(SectionOf(key));
  }
  for (const PlaceholderHelp& placeholder : kPlaceholders) topics.emplace(placeholder.name);
  for (const GlossaryEntry& entry : Glossary()) topics.emplace(entry.word);
  return {topics.begin(), topics.end()};
}

}  // namespace delstep
