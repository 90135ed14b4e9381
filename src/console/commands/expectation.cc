#include "console/commands/expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "console/commands/test_ages.h"
#include "scenario/names.h"
#include "scenario/units.h"
#include "statistics/spread.h"

namespace delstep {
namespace {

using Operator = MetricComparison::Operator;

struct OperatorRow {
  std::string_view text;
  Operator op;
};
// Longer ones first.
constexpr std::array kOperators = {
    OperatorRow{"<=", Operator::kLessEqual}, OperatorRow{">=", Operator::kGreaterEqual},
    OperatorRow{"==", Operator::kEqual},     OperatorRow{"!=", Operator::kNotEqual},
    OperatorRow{"<", Operator::kLess},       OperatorRow{">", Operator::kGreater}};

constexpr std::string_view kExample =
    "for example: expect test_acc(mean) > 0.9; operators are < <= > >= == !=";

/// What people call metrics elsewhere, and no slip of the keyboard leads to.
std::string_view MetricMeantBy(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kOthers = {{
      {"total_bytes", "bytes"},
      {"bytes_sent", "bytes"},
      {"traffic", "bytes"},
      {"messages", "sent"},
      {"drops", "lost"},
      {"dropped", "lost"},
      {"losses", "lost"},
      {"received", "delivered"},
      {"accuracy", "test_acc"},
      {"acc", "test_acc"},
      {"test_accuracy", "test_acc"},
      {"loss", "test_loss"},
      {"time", "clock"},
      {"consensus", "consensus_distance"},
      {"trainings", "trained"},
      {"neighbours", "degree"},
  }};
  const auto found = std::ranges::find(kOthers, word, [](const auto& row) { return row.first; });
  return found == kOthers.end() ? std::string_view() : found->second;
}

Error UnknownWord(std::string_view kind, std::string_view word,
                  const std::vector<std::string>& known) {
  std::string hint = DidYouMean(word, known);
  // What everybody calls them.
  if (word == "acc" || word == "accuracy") hint = "did you mean 'test_acc'?";
  if (word == "loss") hint = "did you mean 'test_loss'?";
  if (hint.empty()) hint = "choose one of: " + Join(known, ", ");
  return UsageError(fmt::format("no {} named '{}'", kind, word), std::move(hint));
}

/// Calls visit(i) for each place outside brackets, until it returns true.
template <class F>
std::size_t FindOutside(std::string_view text, F&& visit) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') depth = std::max(0, depth - 1);
    if (depth == 0 && visit(i)) return i;
  }
  return std::string_view::npos;
}

/// The parts between a word that stands alone outside brackets.
std::vector<std::string_view> SplitAtWord(std::string_view text, std::string_view word) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = FindOutside(text, [&](std::size_t i) {
      const std::size_t end = i + word.size();
      return text.substr(i).starts_with(word) && (i == 0 || text[i - 1] == ' ') &&
             (end == text.size() || text[end] == ' ');
    });
    parts.push_back(Trim(text.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + word.size());
  }
}

Result<EvaluationScope> ParseScope(std::string_view text) {
  using Kind = EvaluationScope::Kind;
  for (const Kind kind : {Kind::kGeneral, Kind::kLocal, Kind::kGlobal})
    if (const EvaluationScope scope{.kind = kind}; text == Name(scope)) return scope;
  constexpr std::string_view kGroup = "group ";
  if (text.starts_with(kGroup)) {
    const std::string_view group = Trim(text.substr(kGroup.size()));
    DELSTEP_TRY(CheckGroupName(group));
    return EvaluationScope{.kind = Kind::kGroup, .group = std::string(group)};
  }
  if (constexpr std::string_view kSample = "sample";
      text == kSample || text.starts_with("sample ")) {
    const auto count = ParseUnsigned(Trim(text.substr(kSample.size())));
    if (count && *count > 0) return EvaluationScope{.kind = Kind::kSample, .sample = *count};
    return UsageError(fmt::format("'{}' does not say of how many examples", text),
                      "for example: test_acc:sample 100(mean)");
  }
  if (text.starts_with('@'))
    return UsageError(fmt::format("'{}' names nodes, not a scope", text),
                      fmt::format("nodes stand in the brackets: test_acc(mean, {0}); tested on the "
                                  "group's data: test_acc:group {1}(mean)",
                                  text, text.substr(1)));
  const std::vector<std::string> known = {"general", "local", "global"};
  std::string hint = DidYouMean(text, known);
  if (hint.empty()) hint = "choose one of: general, local, global";
  return UsageError(fmt::format("no scope named '{}'", text),
                    fmt::format("{}{} that of a group is written 'group {}'", hint,
                                hint.ends_with('?') ? "" : ";", text));
}

/// What stands in the brackets: a statistic, nodes, or both in this order.
Result<void> ParseBrackets(std::string_view text, MetricComparison& comparison) {
  std::vector<std::string_view> items;
  // Blanks separate nodes too, as in commands.
  for (const std::string_view item : Split(text, ','))
    for (const std::string_view word : Split(item, ' '))
      if (!Trim(word).empty()) items.push_back(Trim(word));
  if (items.empty())
    return UsageError("the brackets are empty", "name a statistic or nodes: test_acc(min, @east)");
  comparison.statistic = FindStatistic(items.front());
  for (const std::string_view item : std::span(items).subspan(comparison.statistic ? 1 : 0)) {
    if (FindStatistic(item)) {
      std::vector<std::string> others;
      for (const std::string_view other : items)
        if (other.data() != item.data()) others.emplace_back(other);
      return UsageError(
          fmt::format("'{}' is a statistic, and stands behind nodes", item),
          fmt::format("the statistic comes first: ({}, {})", item, Join(others, ", ")));
    }
    DELSTEP_TRY(ParseSelector(item));
    comparison.nodes.emplace_back(item);
  }
  return {};
}

/// METRIC[:SCOPE][(...)].
Result<void> ParseMeasure(std::string_view text, MetricComparison& comparison) {
  if (text.empty())
    return UsageError("no metric stands before the operator", std::string(kExample));
  if (ParseReal(text))
    return UsageError(fmt::format("'{}' stands where a metric belongs", text),
                      "the metric comes first: test_acc > 0.9");
  std::string_view brackets;
  const std::size_t open = text.find('(');
  const bool has_brackets = open != std::string_view::npos;
  if (has_brackets) {
    const std::size_t behind = text.find("):");
    if (behind != std::string_view::npos)
      return UsageError(fmt::format("the scope of '{}' stands behind the brackets", text),
                        fmt::format("write {}{}{}", Trim(text.substr(0, open)),
                                    text.substr(behind + 1), text.substr(open, behind + 1 - open)));
    if (!text.ends_with(')'))
      return UsageError(fmt::format("'{}' has a bracket that is not closed", text),
                        "for example: test_acc(min)");
    brackets = text.substr(open + 1, text.size() - open - 2);
    text = Trim(text.substr(0, open));
  }
  const std::size_t colon = text.find(':');
  const std::string_view name = Trim(text.substr(0, colon));
  comparison.metric = FindMetric(name);
  if (!comparison.metric) {
    if (name.find_first_of("[{") != std::string_view::npos)
      return UsageError(fmt::format("'{}' has brackets of another kind", name),
                        "round ones hold a statistic or nodes: test_acc(min, @east)");
    Error error = UnknownWord("metric", name, MetricNames());
    if (const std::string_view meant = MetricMeantBy(name); !meant.empty())
      error.hint = fmt::format("did you mean '{}'?", meant);
    error.hint +=
        error.hint.ends_with('?') ? " All of them: help metrics" : "; all of them: help metrics";
    return error;
  }
  const Metric::Kind kind = comparison.metric->kind;
  if (colon != std::string_view::npos) {
    const std::string_view scope = Trim(text.substr(colon + 1));
    if (kind != Metric::Kind::kTest)
      return UsageError(fmt::format("{} has no scope, so it is not of '{}'", name, scope),
                        "test_acc and test_loss have one");
    DELSTEP_ASSIGN(comparison.scope, ParseScope(scope));
  }
  if (!has_brackets) return {};
  if (kind == Metric::Kind::kRun)
    return UsageError(fmt::format("{} is one number and has no {}", name, Trim(brackets)),
                      "leave the brackets out");
  return ParseBrackets(brackets, comparison);
}

Result<double> ParseBound(std::string_view text, const Metric& metric) {
  const std::string example = metric.seconds ? "for example: 1.5, 20ms" : "for example: 0.9, 90%";
  if (text.empty()) return UsageError("a number is missing behind the operator", example);
  const bool percent = text.ends_with('%');
  const std::string_view digits = percent ? Trim(text.substr(0, text.size() - 1)) : text;
  if (const auto number = ParseReal(digits)) return percent ? *number / 100 : *number;
  if (metric.seconds)
    if (const auto duration = ParseDuration(text)) return Seconds(SimTime(*duration));
  std::string point(text);
  std::ranges::replace(point, ',', '.');
  if (ParseReal(point))
    return UsageError(fmt::format("'{}' is not a number", text), "write " + point);
  return UsageError(fmt::format("'{}' is not a number", text), example);
}

Result<MetricComparison> ParseComparison(std::string_view text) {
  const OperatorRow* found = nullptr;
  const std::size_t at = FindOutside(text, [&](std::size_t i) {
    const auto row = std::ranges::find_if(
        kOperators, [&](const OperatorRow& each) { return text.substr(i).starts_with(each.text); });
    if (row != kOperators.end()) found = &*row;
    return found != nullptr || text[i] == '=';
  });
  if (!found && at != std::string_view::npos)
    return UsageError(fmt::format("'{}' has a single =", text), "write == to compare");
  if (!found) return UsageError(fmt::format("'{}' compares nothing", text), std::string(kExample));
  MetricComparison comparison;
  comparison.text = text;
  comparison.op = found->op;
  DELSTEP_TRY(ParseMeasure(Trim(text.substr(0, at)), comparison));
  DELSTEP_ASSIGN(comparison.bound,
                 ParseBound(Trim(text.substr(at + found->text.size())), *comparison.metric));
  return comparison;
}

bool HoldsFor(const MetricComparison& c, double measured) {
  switch (c.op) {
    case Operator::kLess:
      return measured < c.bound;
    case Operator::kLessEqual:
      return measured <= c.bound;
    case Operator::kGreater:
      return measured > c.bound;
    case Operator::kGreaterEqual:
      return measured >= c.bound;
    case Operator::kEqual:
      return measured == c.bound;
    case Operator::kNotEqual:
      break;
  }
  return measured != c.bound;
}

/// The nodes that the brackets name, with those that are named singly.
struct NamedNodes {
  std::vector<NodeId> nodes;
  std::vector<NodeId> singly;
};

Result<NamedNodes> FindNamed(const MetricComparison& c, const Directory& directory) {
  NamedNodes named;
  std::vector<Word> words(c.nodes.size());
  std::vector<Choice> choices;
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i].text = c.nodes[i];
    DELSTEP_ASSIGN(Selector selector, ParseSelector(c.nodes[i]));
    if (selector.kind == Selector::Kind::kNode) {
      const auto node = directory.Find(selector.name);
      if (node) named.singly.push_back(*node);
      // The word may have been meant for a statistic.
      if (!node && i == 0 && !c.statistic) {
        std::string hint = DidYouMean(c.nodes[i], StatisticNames());
        if (c.nodes[i] == "median") hint = "the median is p50";
        if (c.nodes[i] == "avg" || c.nodes[i] == "average") hint = "did you mean 'mean'?";
        if (!hint.empty())
          return Refused(fmt::format("no statistic and no node named '{}'", c.nodes[i]), hint);
      }
    }
    choices.push_back({.selector = std::move(selector), .word = &words[i]});
  }
  DELSTEP_ASSIGN(NodeSet set, Resolve(choices, directory, DownNodes::kAllow));
  named.nodes = std::move(set.nodes);
  return named;
}

Result<void> CheckScope(const std::optional<EvaluationScope>& scope, const Directory& directory) {
  if (!scope || scope->kind != EvaluationScope::Kind::kGroup || directory.Group(scope->group))
    return {};
  const std::string hint = DidYouMean(scope->group, directory.GroupNames());
  return Refused(fmt::format("no group named '{}'", scope->group),
                 hint.empty() ? "list the groups: group list" : hint);
}

std::string ScopeWordsOf(const EvaluationScope& scope) {
  return scope.kind == EvaluationScope::Kind::kGeneral ? "" : " " + Name(scope);
}

/// Measures one comparison's left side.
class Meter {
 public:
  Meter(const MetricComparison& comparison, const Simulation& simulation)
      : c_(comparison), metric_(*comparison.metric), simulation_(simulation) {}

  Result<Measured> Run() {
    Measured measured{.what = std::string(metric_.name), .comparison = c_};
    if (metric_.kind == Metric::Kind::kRun) {
      measured.value = metric_.of_run(simulation_);
    } else {
      DELSTEP_ASSIGN(const std::vector<double> values, Values());
      measured.what = What();
      const Statistic& statistic = c_.statistic ? *c_.statistic : *FindStatistic("mean");
      if (values.empty() && statistic.name != "count") return NoValue();
      measured.value = statistic.of(SpreadOf(values));
      if (scope_) measured.note = NoteOnAges(simulation_, tested_, *scope_);
    }
    measured.holds = HoldsFor(c_, measured.value);
    return measured;
  }

 private:
  Result<std::vector<double>> Values() {
    scope_ = c_.scope ? c_.scope : simulation_.LastScope();
    std::vector<double> values;
    if (c_.nodes.empty()) {
      for (const NodeId node : simulation_.Nodes())
        if (const auto value = ValueOf(node)) Take(node, *value, values);
      return values;
    }
    const SimulationDirectory directory(simulation_);
    DELSTEP_ASSIGN(const NamedNodes named, FindNamed(c_, directory));
    for (const NodeId node : named.nodes) {
      const auto value = ValueOf(node);
      if (value) Take(node, *value, values);
      const bool must = std::ranges::find(named.singly, node) != named.singly.end();
      if (!value && must) return NoValueOf(node);
    }
    return values;
  }

  void Take(NodeId node, double value, std::vector<double>& values) {
    values.push_back(value);
    if (metric_.kind == Metric::Kind::kTest) tested_.push_back(node);
  }

  std::optional<double> ValueOf(NodeId node) const {
    if (metric_.kind == Metric::Kind::kNode) return metric_.of_node(simulation_.View(node));
    if (!scope_) return std::nullopt;
    const auto test = simulation_.LastTest(node, *scope_);
    return test ? std::optional((*test).*metric_.of_test) : std::nullopt;
  }

  /// "test_acc:local"; of a scope that nobody named and that no test has set: "test_acc".
  std::string Named() const {
    if (metric_.kind != Metric::Kind::kTest || !scope_) return std::string(metric_.name);
    return fmt::format("{}:{}", metric_.name, Name(*scope_));
  }

  std::string What() const {
    std::vector<std::string> items;
    if (c_.statistic || c_.nodes.size() != 1 || c_.nodes.front().starts_with('@') ||
        c_.nodes.front() == "all")
      items.emplace_back(c_.statistic ? c_.statistic->name : "mean");
    items.insert(items.end(), c_.nodes.begin(), c_.nodes.end());
    return fmt::format("{}({})", Named(), Join(items, ", "));
  }

  Error NoValue() const {
    const SimulationDirectory directory(simulation_);
    if (const auto there = CheckScope(c_.scope, directory); !there) return there.error();
    if (simulation_.Nodes().empty())
      return Refused(fmt::format("there is no {}: there are no nodes", What()),
                     "add one: node add");
    std::string remedy(metric_.remedy);
    if (metric_.kind == Metric::Kind::kTest && scope_) remedy += ScopeWordsOf(*scope_);
    return Refused(fmt::format("no node has a {} yet", c_.nodes.empty() ? Named() : What()),
                   metric_.kind == Metric::Kind::kTest && scope_
                       ? remedy + " first"
                       : fmt::format("{} first", metric_.remedy));
  }

  Error NoValueOf(NodeId node) const {
    const NodeView view = simulation_.View(node);
    const std::string& shown = view.name.empty() ? view.address : view.name;
    std::string hint = fmt::format("{} {}", metric_.remedy, shown);
    if (metric_.kind == Metric::Kind::kTest && scope_) {
      hint += ScopeWordsOf(*scope_);
      // It may have been tested on something else than what was tested last.
      if (!c_.scope && view.last_evaluated)
        hint += fmt::format("; or name the scope of a test that it has: {}:{}({})", metric_.name,
                            Name(view.last_evaluated->scope), shown);
    }
    std::string message = fmt::format("{} has no {} yet", shown, Named());
    if (metric_.kind == Metric::Kind::kTest && scope_ && !c_.scope)
      message += fmt::format("; the last test was on '{}'", Name(*scope_));
    return Refused(std::move(message), std::move(hint));
  }

  const MetricComparison& c_;
  const Metric& metric_;
  const Simulation& simulation_;
  std::optional<EvaluationScope> scope_;
  std::vector<NodeId> tested_;  // whose results were taken
};

/// Six digits, or as many as it takes to be on the same side of the bound.
std::string FewDigits(const Measured& measured) {
  const double value = measured.value;
  if (!std::isfinite(value)) return fmt::format("{}", value);
  constexpr double kExact = 9007199254740992.0;  // up to here doubles hold all whole numbers
  if (value == std::trunc(value) && std::abs(value) < kExact) return fmt::format("{:.0f}", value);
  for (int digits = 6; digits < 17; ++digits) {
    const std::string text = fmt::format("{:.{}g}", value, digits);
    if (const auto read = ParseReal(text);
        read && HoldsFor(measured.comparison, *read) == measured.holds)
      return text;
  }
  return ShortestReal(value);
}

}  // namespace

Result<Expectation> ParseExpectation(std::string_view text) {
  for (const auto& [symbol, word] : {std::pair{"&&", "and"}, std::pair{"||", "or"}})
    if (text.find(symbol) != std::string_view::npos)
      return UsageError(fmt::format("'{}' joins no conditions", symbol),
                        fmt::format("write '{}' in its place", word));
  Expectation expectation;
  expectation.text = text;
  for (const std::string_view alternative : SplitAtWord(text, "or")) {
    auto& all = expectation.alternatives.emplace_back();
    for (const std::string_view part : SplitAtWord(alternative, "and")) {
      if (part.empty() && !Trim(text).empty())
        return UsageError("'and' and 'or' stand between two conditions, and one is missing",
                          "for example: test_acc > 0.9 and lost == 0");
      DELSTEP_ASSIGN(MetricComparison comparison, ParseComparison(part));
      all.push_back(std::move(comparison));
    }
  }
  return expectation;
}

Result<void> CheckNames(const Expectation& expectation, const Directory& directory) {
  for (const auto& alternative : expectation.alternatives)
    for (const MetricComparison& comparison : alternative) {
      DELSTEP_TRY(CheckScope(comparison.scope, directory));
      if (!comparison.nodes.empty()) DELSTEP_TRY(FindNamed(comparison, directory));
    }
  return {};
}

bool LooksAtTests(const Expectation& expectation) {
  return std::ranges::any_of(expectation.alternatives, [](const auto& all) {
    return std::ranges::any_of(all, [](const MetricComparison& comparison) {
      return comparison.metric->kind == Metric::Kind::kTest;
    });
  });
}

Result<Verdict> Judge(const Expectation& expectation, const Simulation& simulation) {
  Verdict verdict;
  for (const auto& alternative : expectation.alternatives) {
    const std::size_t before = verdict.measured.size();
    verdict.holds = true;
    for (const MetricComparison& comparison : alternative) {
      DELSTEP_ASSIGN(Measured measured, Meter(comparison, simulation).Run());
      verdict.holds = measured.holds;
      verdict.measured.push_back(std::move(measured));
      if (!verdict.holds) break;
    }
    if (!verdict.holds) continue;
    // What failed before has not decided.
    verdict.measured.erase(verdict.measured.begin(),
                           verdict.measured.begin() + static_cast<std::ptrdiff_t>(before));
    return verdict;
  }
  // All alternatives have failed, each by its last comparison.
  std::erase_if(verdict.measured, [](const Measured& measured) { return measured.holds; });
  return verdict;
}

std::string TextOf(const Verdict& verdict) {
  std::vector<std::string> parts;
  for (const Measured& measured : verdict.measured)
    parts.push_back(fmt::format("{} is {}{}", measured.what, FewDigits(measured),
                                measured.note.empty() ? "" : " (" + measured.note + ")"));
  return Join(parts, ", ");
}

}  // namespace delstep
