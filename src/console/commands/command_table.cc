#include "console/commands/command_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/text.h"
#include "console/commands/break_condition.h"
#include "console/commands/command_rows.h"
#include "console/commands/expectation.h"
#include "console/commands/help.h"
#include "console/commands/run_words.h"
#include "console/commands/slips.h"

namespace delstep {
namespace {

/// The rows of all files, in the order in which help lists them, and what each one matches.
struct CommandTable {
  std::vector<Command> rows;
  std::vector<Pattern> patterns;  // by row
  /// By verb: the words of a command that tells its rows apart by the options that stand in them.
  std::map<std::string_view, std::vector<std::string>> keywords;
};

bool NeedsOption(const Command& command) { return command.form.ends_with(" !"); }

/// The first word: by it a row is found, and nothing else needs to be unique.
std::string_view VerbOf(const Command& command) {
  return command.usage.substr(0, command.usage.find(' '));
}

CommandTable MakeTable() {
  CommandTable table;
  for (const std::span<const Command> part :
       {InterfaceCommands(),     WhyCommands(),        ConfigCommands(),    LearningCommands(),
        LabelCommands(),         AttackCommands(),     StepCommands(),      RunCommands(),
        CommunicationCommands(), NetworkCommands(),    BackendCommands(),   PlaceCommands(),
        MessageCommands(),       GroupCommands(),      LoggingCommands(),   TrafficCommands(),
        MixingCommands(),        ModelCommands(),      PlanCommands(),      TimeCommands(),
        CompareCommands(),       CheckpointCommands(), ScriptingCommands(), BreakCommands(),
        ScenarioCommands(),      PageCommands()})
    table.rows.insert(table.rows.end(), part.begin(), part.end());
  for (const Command& row : table.rows)
    table.patterns.emplace_back(row.form.empty() ? row.usage : row.form);
  for (const Command& row : table.rows)
    if (NeedsOption(row)) table.keywords[VerbOf(row)];
  for (const Command& row : table.rows)
    if (const auto found = table.keywords.find(VerbOf(row)); found != table.keywords.end())
      for (std::string& word : WordsOfForm(row.usage))
        if (std::ranges::find(found->second, word) == found->second.end())
          found->second.push_back(std::move(word));
  return table;
}

/// Made once, when it is first needed: patterns are read from the usage lines.
const CommandTable& TheTable() {
  static const CommandTable table = MakeTable();
  return table;
}

/// None for most verbs.
std::span<const std::string> KeywordsOf(std::string_view verb) {
  const auto found = TheTable().keywords.find(verb);
  return found == TheTable().keywords.end() ? std::span<const std::string>()
                                            : std::span<const std::string>(found->second);
}

/// A word such as `latency` is never a node: `link ann bob latency` shows no links. A row that has
/// taken it for one does not fit, from there on.
void RefuseKeywords(std::span<const Word> words, Fit& fit, std::span<const std::string> keywords) {
  if (keywords.empty()) return;
  for (const Argument& argument : fit.arguments.list()) {
    if (argument.name != "NODE" && argument.name != "A" && argument.name != "B") continue;
    auto error = KeywordAsNode(*argument.word, keywords);
    if (!error) continue;
    fit.error = *std::move(error);
    fit.matched = static_cast<std::size_t>(argument.word - words.data());
    fit.wrong_value = false;
    fit.expected.clear();
    return;
  }
}

/// The words that were expected where the nearest rows went wrong.
std::vector<std::string> ExpectedWords(std::span<const Fitting> nearest) {
  std::vector<std::string> words;
  for (const Fitting& row : nearest)
    for (const Atom& atom : row.fit.expected)
      if (atom.kind == ArgumentKind::kLiteral && std::ranges::find(words, atom.text) == words.end())
        words.push_back(atom.text);
  return words;
}

/// The last resort of a hint: what would have been right.
std::string Usages(std::span<const Fitting> rows) {
  std::vector<std::string> usages;
  for (const Fitting& row : rows) usages.emplace_back(row.command->usage);
  return "usage: " + Join(usages, " | ");
}

/// One error for the rows that got furthest.
Error Explain(std::span<const Word> words, std::span<const Fitting> nearest) {
  Error error = *nearest.front().fit.error;
  const std::size_t matched = nearest.front().fit.matched;
  const std::vector<std::string> expected = ExpectedWords(nearest);
  const auto keywords = KeywordsOf(words.front().text);
  const bool is_keyword =
      matched > 1 && std::ranges::find(keywords, words[matched - 1].text) != keywords.end();
  if (nearest.front().fit.wrong_value && matched > 1 && !is_keyword) {
    // Any word may be a node's name, so a slip such as 'nosie' is noticed at the word after it.
    const Word& before = words[matched - 1];
    std::string slip = DidYouMean(before.text, expected);
    if (const std::string meant = MeantKeyword(before.text, keywords);
        slip.empty() && !meant.empty())
      slip = fmt::format("did you mean '{}'?", meant);
    if (!slip.empty())
      return At(before,
                UsageError(fmt::format("'{}' is not expected here", before.text), std::move(slip)));
  }
  if (nearest.size() > 1 && !expected.empty() && !nearest.front().fit.wrong_value)
    error.message = matched < words.size() ? fmt::format("expected {}, not '{}'",
                                                         Join(expected, ", "), words[matched].text)
                                           : fmt::format("expected {}", Join(expected, ", "));
  if (error.hint.empty() && matched < words.size())
    error.hint = DidYouMean(words[matched].text, expected);
  // `link @east 0.9`: a probability of delivery is for all links.
  if (!keywords.empty() && matched > 1 && matched < words.size())
    if (const auto share = ParseReal(words[matched].text); share && *share >= 0 && *share <= 1)
      error.hint = fmt::format(
          "a probability alone is for all links; of some: {} loss {}",
          CommandText({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(matched)}),
          fmt::format("{:.4g}", 1 - *share));
  if (!error.hint.starts_with("did you mean") && !error.hint.starts_with("a probability"))
    if (std::string other = Rewritten(words); !other.empty())
      error.hint = fmt::format("write it as: {}", other);
  if (error.hint.empty()) {
    error.hint = Usages(nearest);
    if (!keywords.empty() && matched == words.size() && nearest.front().fit.expected.size() == 1 &&
        nearest.front().fit.expected.front().kind == ArgumentKind::kNodes)
      error.hint += "; all means every node";
  }
  return error;
}

/// `branch del x`: where any name may stand, a shortened word of the language is taken for one.
std::string ShortenedWord(std::span<const Word> words, std::span<const Fitting> rows) {
  constexpr std::size_t kShortest = 3;
  if (words.size() < 3 || words[1].text.size() < kShortest) return {};
  for (const Fitting& row : rows)
    if (row.fit.matched == 1)
      for (const Atom& atom : row.fit.expected)
        if (atom.kind == ArgumentKind::kLiteral && atom.text.starts_with(words[1].text))
          return fmt::format("did you mean '{}'?", atom.text);
  return {};
}

/// By their words; two names of one node are found when they are looked up.
Result<void> CheckDifferent(const CommandArguments& arguments, std::string_view one,
                            std::string_view other, std::string_view kind) {
  const Argument* a = arguments.Find(one);
  const Argument* b = arguments.Find(other);
  if (!a || !b || a->word->text != b->word->text) return {};
  return At(*b->word,
            UsageError(fmt::format("'{}' is the same {} twice", b->word->text, kind),
                       kind == "node" ? "name two different nodes" : "name two different classes"));
}

/// `oneway` says where a change counts, and is none itself.
Result<void> CheckOneway(const CommandArguments& arguments) {
  const auto has = [&](std::string_view name) { return arguments.Has(name); };
  if (!has("oneway") || has("P") || has("T") || has("R") || has("up") || has("down")) return {};
  return At(arguments.WordOf("oneway"),
            UsageError("oneway alone changes nothing",
                       "say what changes in that direction: loss P, latency T, bandwidth R, up or "
                       "down; or leave oneway out to see the link"));
}

/// What a pattern cannot say.
Result<Call> CheckForm(Call call) {
  if (const Argument* condition = call.arguments.First("CONDITION"))
    if (auto parsed = ParseExpectation(call.arguments.TextOf("CONDITION")); !parsed)
      return At(*condition->word, std::move(parsed).error());
  if (const Argument* event = call.arguments.First("EVENT"))
    if (auto parsed = ParseBreakCondition(call.arguments.TextOf("EVENT")); !parsed)
      return At(*event->word, std::move(parsed).error());
  if (const Argument* until = call.arguments.First("UNTIL"))
    if (auto parsed = ParseUntil(call.arguments.TextOf("UNTIL")); !parsed)
      return At(*until->word, std::move(parsed).error());
  if (const Argument* topic = call.arguments.First("TOPIC"))
    if (auto known = CheckHelpTopic(call.arguments.TextOf("TOPIC")); !known)
      return At(*topic->word, std::move(known).error());
  DELSTEP_TRY(CheckOneway(call.arguments));
  DELSTEP_TRY(CheckDifferent(call.arguments, "A", "B", "node"));
  DELSTEP_TRY(CheckDifferent(call.arguments, "FROM", "TO", "class"));
  return call;
}

/// A single node that is down is an error where the command acts on it, and none where it only
/// looks.
Result<NodeId> FindEnd(const Word& word, const Call& call, const Directory& directory) {
  DELSTEP_ASSIGN(const NodeId node, FindNode(word, directory));
  if (call.command->who == Who::kGiven && !directory.IsUp(node))
    return At(word, Refused(fmt::format("node {} is down", CalledName(node, directory)),
                            fmt::format("node up {}", CalledName(node, directory))));
  return node;
}

Result<void> FindPair(const Call& call, const Directory& directory, Targets& targets) {
  if (const Argument* a = call.arguments.Find("A")) {
    DELSTEP_ASSIGN(targets.a, FindEnd(*a->word, call, directory));
  }
  const Argument* b = call.arguments.Find("B");
  if (!b) return {};
  const std::string_view word = b->word->text;
  const auto left = call.command->left_b && !directory.Find(word) ? directory.FindLeft(word)
                                                                  : std::optional<NodeId>();
  if (left) {
    targets.b = *left;
  } else {
    DELSTEP_ASSIGN(targets.b, FindEnd(*b->word, call, directory));
  }
  if (targets.a == targets.b)
    return At(*b->word, UsageError(fmt::format("'{}' and '{}' are the same node",
                                               call.arguments.WordOf("A").text, b->word->text),
                                   "name two different nodes"));
  return {};
}

/// Sets single words aside that name no node.
std::vector<Choice> TakeKnown(std::vector<Choice> choices, const Directory& directory,
                              std::vector<const Word*>& unknown) {
  std::erase_if(choices, [&](const Choice& choice) {
    const bool missing =
        choice.selector.kind == Selector::Kind::kNode && !directory.Find(choice.selector.name);
    if (missing) unknown.push_back(choice.word);
    return missing;
  });
  return choices;
}

Result<void> FindNodes(const Call& call, const Directory& directory, Targets& targets) {
  const Who who = call.command->who;
  std::vector<Choice> choices = call.arguments.Choices();
  NodeSet set;
  // `group G train`: nodes come from the group, not from words.
  if (who == Who::kMembers) {
    const Word& group = *call.arguments.First("G")->word;
    DELSTEP_ASSIGN(set, UpMembers(group, group.text, directory));
  } else {
    const bool given = !choices.empty();
    if (who == Who::kKnown) choices = TakeKnown(std::move(choices), directory, targets.unknown);
    if (choices.empty() && (given || who != Who::kAll)) return {};
    const bool any = who == Who::kAny || who == Who::kKnown;
    auto resolved = Resolve(choices, directory, any ? DownNodes::kAllow : DownNodes::kRefuse);
    if (!resolved)
      return MeantAsWord(*call.command, KeywordsOf(VerbOf(*call.command)), choices, directory,
                         std::move(resolved).error());
    set = *std::move(resolved);
  }
  targets.nodes = std::move(set.nodes);
  targets.skipped = std::move(set.skipped);
  return {};
}

/// Every G but a group's to be made.
Result<void> CheckGroups(const Call& call, const Directory& directory) {
  for (const Argument& argument : call.arguments.list())
    if (argument.name == "G") {
      auto found = FindGroup(*argument.word, argument.word->text, directory);
      // Nobody makes a group in order to delete it or to look at it.
      const bool looks = call.command->shows || call.command->usage == "group delete G";
      if (!found && looks && found.error().hint.starts_with("make it"))
        found = At(*argument.word, Refused(found.error().message, "list the groups: group list"));
      DELSTEP_TRY(std::move(found));
    }
  return {};
}

}  // namespace

std::string_view Name(CommandScope scope) {
  constexpr std::array<std::string_view, 9> kNames = {"interface",     "learning", "steps",
                                                      "communication", "network",  "group",
                                                      "logging",       "time",     "scripting"};
  return kNames[static_cast<std::size_t>(scope)];
}

std::span<const Command> Commands() { return TheTable().rows; }

std::span<const std::string> Verbs() {
  static const std::vector<std::string> verbs = [] {
    std::vector<std::string> list;
    for (const Command& command : Commands())
      if (std::ranges::find(list, VerbOf(command)) == list.end())
        list.emplace_back(VerbOf(command));
    return list;
  }();
  return verbs;
}

std::vector<Fitting> FittingCommands(std::span<const Word> words) {
  std::vector<Fitting> fitting;
  const CommandTable& table = TheTable();
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    if (!words.empty() && VerbOf(table.rows[i]) != words.front().text) continue;
    fitting.push_back({&table.rows[i], table.patterns[i].Match(words)});
    if (!words.empty()) RefuseKeywords(words, fitting.back().fit, KeywordsOf(words.front().text));
  }
  return fitting;
}

Result<Call> MatchCommand(std::span<const Word> words) {
  std::vector<Fitting> rows = FittingCommands(words);
  if (rows.empty()) {
    std::string hint = HintAboutBlanks(words.first(1));
    if (hint.empty()) hint = OfAnotherProgram(words);
    if (hint.empty()) hint = DidYouMean(words.front().text, Verbs());
    if (hint.empty()) hint = "list the commands: help";
    return At(words.front(), UsageError(fmt::format("no command named '{}'", words.front().text),
                                        std::move(hint)));
  }
  const auto reach = [](const Fitting& row) { return 2 * row.fit.matched + row.fit.wrong_value; };
  // Of the rows that do not fit those count that got furthest: there the mistake is likely to be. A
  // word of the right kind with a wrong value gets further than one of a wrong kind.
  std::size_t best = 0;
  for (Fitting& row : rows) {
    if (!row.fit.error) return CheckForm({row.command, std::move(row.fit.arguments)});
    best = std::max(best, reach(row));
  }
  const std::string slip = ShortenedWord(words, rows);
  std::erase_if(rows, [&](const Fitting& row) { return reach(row) < best; });
  Error error = Explain(words, rows);
  if (!slip.empty() && error.hint.starts_with("usage: ")) error.hint = slip;
  if (std::string blanks = HintAboutBlanks(words); !blanks.empty()) error.hint = std::move(blanks);
  return error;
}

Result<Targets> FindTargets(const Call& call, const Directory& directory) {
  Targets targets;
  DELSTEP_TRY(CheckGroups(call, directory));
  DELSTEP_TRY(FindPair(call, directory, targets));
  DELSTEP_TRY(FindNodes(call, directory, targets));
  return targets;
}

}  // namespace delstep
