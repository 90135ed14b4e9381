#include "console/commands/metric_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace delstep {
namespace {

using MetricKind = Metric::Kind;

double AsReal(std::uint64_t count) { return static_cast<double>(count); }

double CountUp(const Simulation& simulation) {
  return static_cast<double>(std::ranges::count_if(
      simulation.Nodes(), [&](NodeId node) { return simulation.IsUp(node); }));
}

using MaybeReal = std::optional<double>;

const std::array kMetrics = std::to_array<Metric>({
    {.name = "test_acc",
     .kind = MetricKind::kTest,
     .sentence = "accuracy of a node's last test on the scope, 0 to 1",
     .remedy = "test",
     .of_test = &Evaluated::accuracy},
    {.name = "test_loss",
     .kind = MetricKind::kTest,
     .sentence = "loss of a node's last test on the scope, in nats",
     .remedy = "test",
     .of_test = &Evaluated::loss},
    {.name = "train_loss",
     .kind = MetricKind::kNode,
     .sentence = "loss of a node's last training, in nats",
     .remedy = "train",
     .of_node =
         [](const NodeView& v) {
           return v.last_trained ? MaybeReal(v.last_trained->loss) : MaybeReal();
         }},
    {.name = "trained",
     .kind = MetricKind::kNode,
     .sentence = "how often a node has trained",
     .of_node = [](const NodeView& v) { return MaybeReal(AsReal(v.trained)); }},
    {.name = "examples",
     .kind = MetricKind::kNode,
     .sentence = "examples that a node trains on",
     .of_node = [](const NodeView& v) { return MaybeReal(AsReal(v.train_samples)); }},
    {.name = "degree",
     .kind = MetricKind::kNode,
     .sentence = "neighbours that a node may send to",
     .of_node = [](const NodeView& v) { return MaybeReal(AsReal(v.neighbours.size())); }},
    {.name = "outbox",
     .kind = MetricKind::kNode,
     .sentence = "messages that a node has queued",
     .of_node = [](const NodeView& v) { return MaybeReal(AsReal(v.outbox)); }},
    {.name = "inbox",
     .kind = MetricKind::kNode,
     .sentence = "messages that a node has received and not yet aggregated",
     .of_node = [](const NodeView& v) { return MaybeReal(AsReal(v.inbox)); }},
    {.name = "encounters",
     .kind = MetricKind::kNode,
     .sentence = "records in a node's guestbook",
     .of_node = [](const NodeView& v) { return MaybeReal(AsReal(v.encounters)); }},
    {.name = "staleness",
     .kind = MetricKind::kNode,
     .sentence = "mean age of a node's guestbook records, in seconds",
     .remedy = "ag",
     .seconds = true,
     .of_node = [](const NodeView& v) { return v.staleness; }},
    {.name = "rate",
     .kind = MetricKind::kNode,
     .sentence = "communal learning rate of a node",
     .of_node = [](const NodeView& v) { return MaybeReal(v.rate); }},
    {.name = "consensus_distance",
     .sentence = "mean squared distance of the models to their mean",
     .of_run = [](const Simulation& s) { return s.ConsensusDistance(); }},
    {.name = "queued",
     .sentence = "messages in outboxes now",
     .of_run = [](const Simulation& s) { return AsReal(s.queued()); }},
    {.name = "sent",
     .sentence = "messages put on the wire since the start",
     .of_run = [](const Simulation& s) { return AsReal(s.Traffic().sent); }},
    {.name = "delivered",
     .sentence = "messages delivered to inboxes since the start",
     .of_run = [](const Simulation& s) { return AsReal(s.Traffic().delivered); }},
    {.name = "lost",
     .sentence = "messages lost since the start, for whatever reason",
     .of_run = [](const Simulation& s) { return AsReal(s.Traffic().lost); }},
    {.name = "in_flight",
     .sentence = "messages on the wire now, with those that wait at their receiver",
     .of_run = [](const Simulation& s) { return AsReal(s.in_flight()); }},
    {.name = "waiting",
     .sentence = "messages that have arrived and wait for a step of their receiver",
     .of_run = [](const Simulation& s) { return AsReal(s.Traffic().waiting); }},
    {.name = "bytes",
     .sentence = "bytes put on the wire since the start",
     .of_run = [](const Simulation& s) { return AsReal(s.Traffic().bytes); }},
    {.name = "latency_p50",
     .sentence = "median time from sending to arrival, in seconds",
     .seconds = true,
     .of_run = [](const Simulation& s) { return s.Latency().p50; }},
    {.name = "latency_p90",
     .sentence = "90 % of the messages took no longer, in seconds",
     .seconds = true,
     .of_run = [](const Simulation& s) { return s.Latency().p90; }},
    {.name = "latency_p99",
     .sentence = "99 % of the messages took no longer, in seconds",
     .seconds = true,
     .of_run = [](const Simulation& s) { return s.Latency().p99; }},
    {.name = "latency_max",
     .sentence = "the longest time from sending to arrival, in seconds",
     .seconds = true,
     .of_run = [](const Simulation& s) { return s.Latency().max; }},
    {.name = "clock",
     .sentence = "simulated time, in seconds",
     .seconds = true,
     .of_run = [](const Simulation& s) { return Seconds(s.now()); }},
    {.name = "sim_time",
     .sentence = "the same under its name in metrics.csv",
     .seconds = true,
     .of_run = [](const Simulation& s) { return Seconds(s.now()); }},
    {.name = "cycle",
     .sentence = "number of the cycle",
     .of_run = [](const Simulation& s) { return AsReal(s.cycle()); }},
    {.name = "nodes",
     .sentence = "nodes that are there, down ones too",
     .of_run = [](const Simulation& s) { return AsReal(s.Nodes().size()); }},
    {.name = "up",
     .sentence = "nodes that are up",
     .of_run = [](const Simulation& s) { return CountUp(s); }},
    {.name = "down",
     .sentence = "nodes that are down",
     .of_run = [](const Simulation& s) { return AsReal(s.Nodes().size()) - CountUp(s); }},
});

constexpr std::array kStatistics = std::to_array<Statistic>({
    {"mean", "the mean; taken where no statistic is named", [](const Spread& s) { return s.mean; }},
    {"std", "standard deviation of the population", [](const Spread& s) { return s.std; }},
    {"min", "the smallest", [](const Spread& s) { return s.min; }},
    {"max", "the largest", [](const Spread& s) { return s.max; }},
    {"p10", "10th percentile, interpolated", [](const Spread& s) { return s.p10; }},
    {"p50", "median, interpolated", [](const Spread& s) { return s.p50; }},
    {"p90", "90th percentile, interpolated", [](const Spread& s) { return s.p90; }},
    {"count", "how many nodes have a value", [](const Spread& s) { return AsReal(s.count); }},
});

template <class Row>
const Row* RowOf(std::span<const Row> rows, std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Row::name);
  return found == rows.end() ? nullptr : &*found;
}

template <class Row>
std::vector<std::string> NamesOf(std::span<const Row> rows) {
  std::vector<std::string> names;
  for (const Row& row : rows) names.emplace_back(row.name);
  return names;
}

constexpr std::string_view kKindTitles[] = {
    "of a test, per node and scope:", "of a node:", "of the run, one number:"};

std::vector<std::string> ScopeWords(const Directory& directory) {
  std::vector<std::string> words = {"general", "local", "global"};
  for (const std::string& group : directory.GroupNames()) words.push_back("group " + group);
  words.emplace_back("sample 100");
  return words;
}

}  // namespace

std::span<const Metric> MetricTable() { return kMetrics; }
// `break train(ann) > 3` means the metric, by the word that `break train ann` has for the
// happening.
const Metric* FindMetric(std::string_view name) {
  return RowOf(MetricTable(), name == "train" ? "trained" : name);
}
std::span<const Statistic> StatisticTable() { return kStatistics; }
const Statistic* FindStatistic(std::string_view name) { return RowOf(StatisticTable(), name); }
std::vector<std::string> MetricNames() { return NamesOf(MetricTable()); }
std::vector<std::string> StatisticNames() { return NamesOf(StatisticTable()); }

std::string MetricsHelp() {
  std::string text =
      "METRIC[:SCOPE][(STATISTIC)] OPERATOR NUMBER, or (STATISTIC, NODE...), or (NODE...)\n"
      "  expect test_acc > 0.9                     mean over the nodes tested on the last scope\n"
      "  expect test_acc:global(min) > 90%         of the last tests on the scope `global`\n"
      "  expect test_acc:local(min, @east) > 0.8   over the members of a group\n"
      "  expect test_acc(10.0.0.3) > 0.5 and lost == 0 or clock > 10s\n"
      "SCOPE: general, local, global, group G or sample K, as in `test`; without one that of the\n"
      "last test, over all nodes that were ever tested on it\n"
      "OPERATOR: < <= > >= == !=; `and` binds tighter than `or`; 90% is 0.9\n";
  for (const MetricKind kind : {MetricKind::kTest, MetricKind::kNode, MetricKind::kRun}) {
    text += fmt::format("\n{}\n", kKindTitles[static_cast<std::size_t>(kind)]);
    for (const Metric& metric : kMetrics)
      if (metric.kind == kind) text += fmt::format("  {:<20}{}\n", metric.name, metric.sentence);
  }
  text += "\nstatistics over nodes:\n";
  for (const Statistic& statistic : kStatistics)
    text += fmt::format("  {:<20}{}\n", statistic.name, statistic.sentence);
  text.pop_back();
  return text;
}

std::string MetricsReference() {
  std::string text =
      "\n## Metrics\n\n"
      "What `expect` takes: `METRIC[:SCOPE][(STATISTIC[, NODE...])] OPERATOR NUMBER`, joined by "
      "`and` and `or` (`and` binds\ntighter). Operators are `<` `<=` `>` `>=` `==` `!=`; `90%` is "
      "0.9; times are seconds, or have a unit (`clock > 10s`).\n\n"
      "- SCOPE is `general`, `local`, `global`, `group G` or `sample K`, as in `test`. Without one "
      "it "
      "is that of the last `test` of the run,\n  over all nodes that were ever tested on that "
      "scope. Where "
      "some of these results are of models that have\n  changed since, what is printed says how "
      "many. Results of different scopes are never averaged.\n"
      "- NODE is what all commands take: an address, a name, a range, `@g1`, `all`. A word that is "
      "a statistic's is the statistic:\n  a node of that name goes by its address. A node that is "
      "named singly must have a value.\n"
      "- Values are printed with 6 significant digits (more where rounding would belie the "
      "verdict), in full with `--json`.\n\n"
      "| metric | of | what it is |\n|---|---|---|\n";
  constexpr std::string_view kOf[] = {"node and scope", "node", "run"};
  for (const Metric& metric : kMetrics)
    text += fmt::format("| `{}` | {} | {} |\n", metric.name,
                        kOf[static_cast<std::size_t>(metric.kind)], metric.sentence);
  text += "\n| statistic over nodes | what it is |\n|---|---|\n";
  for (const Statistic& statistic : kStatistics)
    text += fmt::format("| `{}` | {} |\n", statistic.name, statistic.sentence);
  return text;
}

std::vector<std::string> CompleteMetric(std::string_view typed, const Directory& directory) {
  std::vector<std::string> words;
  const std::size_t open = typed.find('(');
  const std::string_view before = typed.substr(0, open);
  const Metric* metric = FindMetric(before.substr(0, before.find(':')));
  const auto add = [&](std::string word) {
    if (word.starts_with(typed)) words.push_back(std::move(word));
  };
  if (open != std::string_view::npos) {
    if (!metric || metric->kind == MetricKind::kRun) return words;
    const std::size_t last = typed.find_last_of("(, ");
    const std::string head(typed.substr(0, last + 1));
    // A statistic comes first; behind it, and behind each other, come nodes.
    if (last == open)
      for (const std::string& name : StatisticNames()) add(head + name + ')');
    for (const std::string& group : directory.GroupNames()) add(head + '@' + group + ')');
    for (const std::string& node : NodeWords(directory)) add(head + node + ')');
    return words;
  }
  if (metric && metric->kind == MetricKind::kTest)
    for (const std::string& scope : ScopeWords(directory))
      add(fmt::format("{}:{}", metric->name, scope));
  for (const std::string& name : MetricNames()) add(name);
  return words;
}

}  // namespace delstep
