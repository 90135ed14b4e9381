#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"
#include "console/commands/reply_parts.h"
#include "console/commands/test_ages.h"
#include "recording/results.h"
#include "scenario/units.h"

namespace delstep {
namespace {

Result<Reply> NextCycle(CommandContext& context) {
  const std::uint64_t cycle = context.simulation.NextCycle();
  Reply reply;
  reply.text.push_back(fmt::format("cycle {}", cycle));
  reply.fields = {{"cycle", cycle}};
  return reply;
}

std::vector<Cell> LogRow(const CommandEntry& e) {
  return {e.cycle, "COMMAND", e.ok, e.text, {}, {}, {}, {}};
}

std::vector<Cell> LogRow(const ResultEntry& e) {
  return {e.cycle, "RESULT", {}, {}, e.node, e.scope, e.loss, e.accuracy};
}

/// Says first what is missing, if something is.
void AddDropped(Reply& reply, const CommandLog& log, bool results_only) {
  std::vector<std::string> parts;
  if (!results_only && log.dropped_commands() > 0)
    parts.push_back(Count(log.dropped_commands(), "command"));
  if (log.dropped_results() > 0) parts.push_back(Count(log.dropped_results(), "result"));
  if (!results_only) reply.fields.emplace_back("dropped_commands", log.dropped_commands());
  reply.fields.emplace_back("dropped_results", log.dropped_results());
  if (parts.empty()) return;
  reply.output.push_back(
      fmt::format("the oldest {} are not in the log any more; a run with --out DIR keeps all",
                  Join(parts, " and ")));
}

Result<Reply> ShowLog(CommandContext& context) {
  const bool results_only = context.arguments.Has("results");
  Table table{
      .key = "log",
      .columns =
          {{"cycle"}, {"type"}, {"ok"}, {"cmd"}, {"node"}, {"scope"}, {"loss"}, {"accuracy"}},
      .shown = 0};
  Reply reply;
  AddDropped(reply, context.log, results_only);
  for (const LogEntry& entry : context.log.entries()) {
    const auto* command = std::get_if<CommandEntry>(&entry);
    if (results_only && command) continue;
    reply.output.push_back(FormatLogEntry(entry));
    table.rows.push_back(command ? LogRow(*command) : LogRow(std::get<ResultEntry>(entry)));
  }
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> SaveResults(CommandContext& context) {
  const std::string path =
      context.arguments.Has("FILE") ? context.arguments.WordOf("FILE").text : "results.csv";
  DELSTEP_ASSIGN(const ResultsFormat format, ResultsFormatOf(path));
  ResultsWriter writer(format);
  std::size_t count = 0;
  for (const LogEntry& entry : context.log.entries())
    if (const auto* result = std::get_if<ResultEntry>(&entry)) {
      writer.Add(*result);
      ++count;
    }
  DELSTEP_TRY(ReplaceFile(path, writer.Finish()));
  Reply reply;
  AddDropped(reply, context.log, true);
  reply.text.push_back(fmt::format("wrote {} to {}", Count(count, "result"), path));
  reply.fields.insert(reply.fields.begin(), {{"file", path}, {"result_count", count}});
  return reply;
}

Result<void> FollowSaveResults(DryRun& dry_run) {
  if (!dry_run.arguments.Has("FILE")) return {};
  const Word& file = dry_run.arguments.WordOf("FILE");
  if (const auto format = ResultsFormatOf(file.text); !format) return At(file, format.error());
  return CheckFolderOf(file);
}

/// The writer for the ending of the file's name. Errors, at the word: kUsage.
Result<const WriteGraph*> FindGraphWriter(const Registry& registry, const Word& file) {
  auto writer = registry.graph_writers.FindByEnding(file.text);
  if (!writer) return At(file, std::move(writer).error());
  return writer;
}

/// Links that are up while there is none back that is up.
std::size_t OneWayLinks(const Simulation& simulation) {
  std::vector<std::pair<NodeId, NodeId>> up;  // ascending, as links are
  for (const LinkView& link : simulation.Links())
    if (link.link.up) up.emplace_back(link.from, link.to);
  return static_cast<std::size_t>(std::ranges::count_if(up, [&](const auto& ends) {
    return !std::ranges::binary_search(up, std::pair(ends.second, ends.first));
  }));
}

/// Pairs of nodes whose link is down in both directions.
std::size_t DownLinks(const Simulation& simulation) {
  std::vector<std::pair<NodeId, NodeId>> up, down;  // the lower node first
  for (const LinkView& link : simulation.Links())
    (link.link.up ? up : down).push_back(std::minmax({link.from, link.to}));
  std::ranges::sort(up);
  std::ranges::sort(down);
  down.erase(std::unique(down.begin(), down.end()), down.end());
  return static_cast<std::size_t>(std::ranges::count_if(
      down, [&](const auto& ends) { return !std::ranges::binary_search(up, ends); }));
}

/// Whether files of this name say who a node is by its name, where it has one. In lists of edges a
/// word may be anything, so nodes go by their addresses there.
bool HoldsNames(std::string_view file) {
  const std::string lower = Lower(file);
  constexpr std::array<std::string_view, 4> kEndings = {".graphml", ".gml", ".dot", ".json"};
  return std::ranges::any_of(kEndings, [&](std::string_view e) { return lower.ends_with(e); });
}

/// The present topology, with names of nodes in place of addresses.
Graph NamedTopology(const Simulation& simulation) {
  Graph graph = simulation.Topology();
  const std::vector<NodeId> nodes = simulation.Nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (std::string name = simulation.NameOf(nodes[i]); !name.empty())
      graph.labels[i] = std::move(name);
  return graph;
}

Result<Reply> SaveTopology(CommandContext& context) {
  const Word& file = context.arguments.WordOf("GRAPH");
  DELSTEP_ASSIGN(const WriteGraph* write, FindGraphWriter(context.registry, file));
  const Graph graph =
      HoldsNames(file.text) ? NamedTopology(context.simulation) : context.simulation.Topology();
  if (auto written = ReplaceFile(file.text, (*write)(graph)); !written)
    return At(file, std::move(written).error());
  Reply reply;
  reply.text.push_back(fmt::format("wrote {} and {} to {}", Count(graph.nodes, "node"),
                                   Count(graph.edges.size(), "edge"), file.text));
  const std::size_t one_way = OneWayLinks(context.simulation);
  if (one_way > 0) {
    reply.text.push_back(fmt::format(
        "{} up in one direction alone: the file has {} in both, as a topology is undirected",
        one_way == 1 ? "1 link is" : fmt::format("{} links are", one_way),
        one_way == 1 ? "it" : "them"));
    reply.fields.emplace_back("one_way", one_way);
  }
  if (const std::size_t down = DownLinks(context.simulation); down > 0) {
    reply.text.push_back(down == 1 ? "1 link is down and not in the file"
                                   : fmt::format("{} links are down and not in the file", down));
    reply.fields.emplace_back("down_links", down);
  }
  reply.fields.insert(reply.fields.begin(), {{"file", file.text},
                                             {"node_count", std::uint64_t{graph.nodes}},
                                             {"edge_count", graph.edges.size()}});
  return reply;
}

Result<void> FollowSaveTopology(DryRun& dry_run) {
  const Word& file = dry_run.arguments.WordOf("GRAPH");
  DELSTEP_TRY(FindGraphWriter(dry_run.registry, file));
  return CheckFolderOf(file);
}

void AddCounts(Reply& reply, const Statistics& s) {
  std::string lost;
  // Every reason has a member in JSON; on screen only those that occurred.
  for (const auto& [reason, count] : s.lost_by) {
    reply.fields.emplace_back(fmt::format("lost_{}", Name(reason)), count);
    if (count > 0) lost += fmt::format("{}{} {}", lost.empty() ? "" : ", ", Name(reason), count);
  }
  reply.output.push_back(fmt::format(
      "messages   sent {}, delivered {}, lost {}{}, in flight {}, queued {}", s.sent, s.delivered,
      s.lost, lost.empty() ? "" : " (" + lost + ")", s.in_flight, s.queued));
  reply.output.push_back(fmt::format("bytes      {} ({})", s.bytes, HumanBytes(s.bytes)));
}

void AddLatency(Reply& reply, const LatencyFigures& latency) {
  reply.fields.emplace_back("latency_count", latency.count);
  if (latency.count == 0) return;
  const auto ns = [](double seconds) { return Duration{std::llround(seconds * 1e9)}; };
  reply.fields.insert(reply.fields.end(), {{"latency_p50", ns(latency.p50)},
                                           {"latency_p90", ns(latency.p90)},
                                           {"latency_p99", ns(latency.p99)},
                                           {"latency_max", ns(latency.max)}});
  const auto ms = [](double seconds) { return seconds * 1e3; };
  reply.output.push_back(fmt::format(
      "latency/ms p50 {:.3f}, p90 {:.3f}, p99 {:.3f}, max {:.3f} (queueing + transmission + "
      "latency, since the start)",
      ms(latency.p50), ms(latency.p90), ms(latency.p99), ms(latency.max)));
}

std::string AccuracyText(const Spread& a) {
  return fmt::format("mean {:.4f}, std {:.4f}, min {:.4f}, p10 {:.4f}, p90 {:.4f}, max {:.4f} ({})",
                     a.mean, a.std, a.min, a.p10, a.p90, a.max, Count(a.count, "node"));
}

/// The nodes that have a result on the scope.
std::vector<NodeId> TestedOn(const Simulation& simulation, const EvaluationScope& scope) {
  std::vector<NodeId> tested;
  for (const NodeId node : simulation.Nodes())
    if (simulation.LastTest(node, scope)) tested.push_back(node);
  return tested;
}

/// A line per scope; programs get the last test's scope as fields too.
void AddModels(Reply& reply, const Statistics& s, const CommandContext& context) {
  reply.fields.emplace_back("consensus_distance", s.consensus_distance);
  reply.output.push_back(fmt::format("consensus  distance {:.4f}", s.consensus_distance));
  const Spread& last = s.accuracy;
  reply.fields.emplace_back("accuracy_count", last.count);
  if (last.count > 0)
    reply.fields.insert(reply.fields.end(), {{"accuracy_mean", last.mean},
                                             {"accuracy_std", last.std},
                                             {"accuracy_min", last.min},
                                             {"accuracy_max", last.max},
                                             {"accuracy_p10", last.p10},
                                             {"accuracy_p90", last.p90}});
  Table table{.key = "accuracies",
              .columns = {{"scope"},
                          {"last"},
                          {"count"},
                          {"mean"},
                          {"std"},
                          {"min"},
                          {"max"},
                          {"p10"},
                          {"p90"},
                          {"older"}},
              .shown = 0};
  for (const ScopeAccuracy& each : s.accuracies) {
    const Spread& a = each.accuracy;
    if (each.last) reply.fields.emplace_back("accuracy_scope", Name(each.scope));
    const std::vector<NodeId> tested = TestedOn(context.simulation, each.scope);
    const std::string note = NoteOnAges(context.simulation, tested, each.scope);
    reply.output.push_back(fmt::format("accuracy   {}: {}{}", Name(each.scope), AccuracyText(a),
                                       note.empty() ? "" : "; " + note));
    table.rows.push_back({Name(each.scope), each.last, a.count, a.mean, a.std, a.min, a.max, a.p10,
                          a.p90,
                          std::uint64_t{CountOlderTests(context.simulation, tested, each.scope)}});
  }
  reply.tables.push_back(std::move(table));
}

void AddMemory(Reply& reply, const MemoryUse& m) {
  reply.fields.insert(reply.fields.end(), {{"memory_model_rows", m.model_rows},
                                           {"memory_state_rows", m.state_rows},
                                           {"distinct_rows", m.distinct_rows},
                                           {"memory_data", m.data},
                                           {"memory_indices", m.indices},
                                           {"memory_network", m.network},
                                           {"memory_resident", m.resident}});
  reply.output.push_back(
      fmt::format("memory     models {} ({}), optimizers {}, data {}, process {}",
                  HumanBytes(m.model_rows), Count(m.distinct_rows, "distinct row"),
                  HumanBytes(m.state_rows), HumanBytes(m.data), HumanBytes(m.resident)));
}

/// Of a run that several processes share; else nothing.
Result<void> AddProcesses(Reply& reply, const Simulation& simulation) {
  DELSTEP_ASSIGN(const std::vector<ProcessUse> processes, simulation.Processes());
  if (processes.empty()) return {};
  Table table{.key = "processes",
              .columns = {{"process", "process"},
                          {"host", "host"},
                          {"kept_nodes", "nodes"},
                          {"rows", "rows"},
                          {"row_bytes", "row bytes"},
                          {"received_bytes", "received"},
                          {"trainings", "trainings"},
                          {"resident", "resident"}}};
  for (const ProcessUse& process : processes)
    table.rows.push_back({process.number, process.host, process.nodes, process.rows,
                          process.row_bytes, process.received, process.trainings,
                          process.resident});
  reply.tables.push_back(std::move(table));
  return {};
}

Result<Reply> StatsMemory(CommandContext& context) {
  const MemoryUse m = context.simulation.Memory();
  const std::size_t nodes = context.simulation.Nodes().size();
  const auto each = [&](Bytes bytes) {
    return nodes == 0 ? 0.0 : static_cast<double>(bytes) / static_cast<double>(nodes);
  };
  Table table{.key = "memory_parts",
              .columns = {{"part", "part"},
                          {"count", "count"},
                          {"bytes", "bytes"},
                          {"bytes_per_node", "bytes/node", 0}}};
  const auto add = [&](const char* part, Cell count, Bytes bytes) {
    table.rows.push_back({part, std::move(count), bytes, each(bytes)});
  };
  add("models", m.distinct_models, m.model_rows);
  add("optimizer states", m.distinct_states, m.state_rows);
  add("models of the cycle's start", m.old_models, m.old_model_rows);
  add("spare rows", m.spare_rows, m.spare);
  add("data", context.simulation.data().dataset.size(), m.data);
  add("example lists", {}, m.indices);
  add("mailboxes", m.messages, m.mailboxes);
  add("guestbooks", m.encounters, m.guestbooks);
  add("links", m.links, m.network);
  add("results", {}, m.results);
  const Bytes of_moments = context.history.bytes_besides_present();
  const Bytes listed = m.listed() + of_moments;
  add("moments", context.history.Snapshots().size(), of_moments);
  add("all of these", {}, listed);
  Reply reply;
  reply.text = {
      fmt::format("models are shared: {}, referred to {} times",
                  Count(m.distinct_models, "distinct row"), m.model_uses),
      fmt::format("a node takes {} for models and optimizer states",
                  HumanBytes(static_cast<Bytes>(each(m.model_rows + m.state_rows)))),
      fmt::format("process {}: the rest is the program, threads and the learner's scratch",
                  HumanBytes(m.resident))};
  reply.fields = {
      {"node_count", nodes},        {"distinct_models", m.distinct_models},
      {"model_uses", m.model_uses}, {"row_bytes_per_node", each(m.model_rows + m.state_rows)},
      {"listed", listed},           {"memory_resident", m.resident}};
  reply.tables.push_back(std::move(table));
  DELSTEP_TRY(AddProcesses(reply, context.simulation));
  return reply;
}

Result<Reply> Stats(CommandContext& context) {
  const Statistics s = context.simulation.Stats();
  Reply reply;
  reply.fields = {
      {"sent", s.sent},       {"delivered", s.delivered},
      {"lost", s.lost},       {"in_flight", s.in_flight},
      {"bytes", s.bytes},     {"queued", s.queued},
      {"waiting", s.waiting}, {"sim_time", context.simulation.now().time_since_epoch()}};
  AddCounts(reply, s);
  AddLatency(reply, s.latency);
  AddModels(reply, s, context);
  AddMemory(reply, s.memory);
  return reply;
}

constexpr Command kLogging[] = {
    {.scope = CommandScope::kLogging,
     .usage = "cycle",
     .sentence = "go on to the next cycle, which labels what is logged",
     .example = "cycle",
     .changes_world = true,
     .run = NextCycle},
    {.scope = CommandScope::kLogging,
     .usage = "log [results]",
     .sentence = "print the log, or its results only; the newest 100,000 commands and 1,000,000 "
                 "results are kept",
     .example = "log results",
     .shows = true,
     .run = ShowLog},
    {.scope = CommandScope::kLogging,
     .usage = "save results [FILE]",
     .sentence = "write the results, by ending .csv, .tsv, .jsonl or .json",
     .example = "save results run1.csv",
     .run = SaveResults,
     .follow = FollowSaveResults},
    {.scope = CommandScope::kLogging,
     .usage = "save topology FILE",
     .form = "save topology GRAPH",
     .sentence = "write the present topology in the format of the file's ending",
     .example = "save topology net.graphml",
     .more = "In .graphml, .gml, .json and .dot a node goes by its name where it has one, else by "
             "its address; in .edges, .txt and .csv always by its address. All but .dot, which is "
             "for pictures, can be read again (topology.file).",
     .run = SaveTopology,
     .follow = FollowSaveTopology},
    {.scope = CommandScope::kLogging,
     .usage = "stats",
     .sentence = "messages, bytes, latency, consensus, accuracy per scope, memory",
     .example = "stats",
     .more = "Latencies stay, once measured: also that of a message that `drop` took out of its "
             "inbox.",
     .shows = true,
     .run = Stats},
    {.scope = CommandScope::kLogging,
     .usage = "stats memory",
     .sentence = "where memory goes, part by part",
     .example = "stats memory",
     .shows = true,
     .run = StatsMemory},
};

}  // namespace

std::span<const Command> LoggingCommands() { return kLogging; }

}  // namespace delstep
