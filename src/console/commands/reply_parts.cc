#include "console/commands/reply_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "scenario/units.h"

namespace delstep {
namespace {

constexpr std::size_t kShown = 12;   // rows of tables
constexpr std::size_t kListed = 10;  // nodes of lists

void AddTrained(Reply& reply, const CommandContext& context, std::span<const Trained> trained) {
  if (trained.empty()) return;
  reply.fields.emplace_back("trained_nodes", trained.size());
  Table table{.key = "trained",
              .columns = {{"node", "node"},
                          {"examples", "examples"},
                          {"epochs", "epochs"},
                          {"steps", "steps"},
                          {"loss", "loss"}},
              .shown = kShown};
  const double lr = context.simulation.scenario().training.lr;
  // Without a schedule all have training.lr: then a column of it would say nothing.
  const bool differs =
      std::ranges::any_of(trained, [&](const Trained& t) { return t.learning_rate != lr; });
  table.columns.push_back({"lr", differs ? "lr" : "", 6});
  double sum = 0;
  for (const Trained& t : trained) {
    sum += t.loss;
    table.rows.push_back({context.Label(t.node), t.samples, std::int64_t{t.epochs}, t.steps, t.loss,
                          t.learning_rate});
  }
  const double mean = sum / static_cast<double>(trained.size());
  reply.text.push_back(
      fmt::format("trained {}, mean loss {:.4f}", Count(trained.size(), "node"), mean));
  reply.fields.emplace_back("train_loss", mean);
  reply.tables.push_back(std::move(table));
}

/// Models that have learned nothing pull an average towards where they began. Nodes that have nothing
/// to train on do not count there, nor here.
std::string UntrainedNote(const CommandContext& context, std::span<const Aggregated> list) {
  const Simulation& simulation = context.simulation;
  std::vector<bool> averaged(simulation.nodes_ever());
  for (const Aggregated& a : list) {
    if (!a.changed) continue;
    averaged[Index(a.node)] = true;
    for (const NodeId peer : a.peers) averaged[Index(peer)] = true;
  }
  std::size_t all = 0, untrained = 0;
  for (const NodeId node : simulation.Nodes()) {  // a peer may have left
    if (!averaged[Index(node)]) continue;
    const NodeView view = simulation.View(node);
    if (view.train_samples == 0) continue;
    ++all;
    untrained += view.trained == 0;
  }
  if (untrained == 0) return {};
  return fmt::format("{} of {} averaged {} never trained", untrained, Count(all, "model"),
                     untrained == 1 ? "is of a node that was" : "are of nodes that were");
}

/// Whether a node that stays as it is has records all the same, which its rule does not see.
bool HasUnseenRecords(const CommandContext& context, std::span<const Aggregated> list) {
  return std::ranges::any_of(list, [&](const Aggregated& a) {
    return !a.changed && !context.simulation.Encounters(a.node).empty();
  });
}

void AddAggregated(Reply& reply, const CommandContext& context, std::span<const Aggregated> list) {
  if (list.empty()) return;
  Table table{
      .key = "aggregated",
      .columns = {{"node", "node"}, {"peers", "peers"}, {"rate", "rate"}, {"changed", "changed"}},
      .shown = kShown};
  std::size_t changed = 0;
  for (const Aggregated& a : list) {
    changed += a.changed;
    table.rows.push_back({context.Label(a.node), a.peers.size(), a.rate, a.changed});
  }
  reply.fields.emplace_back("aggregated_nodes", changed);
  if (changed > 0) reply.text.push_back(fmt::format("aggregated {}", Count(changed, "node")));
  if (std::string untrained = UntrainedNote(context, list); !untrained.empty())
    reply.text.push_back(std::move(untrained));
  // Said in words, since otherwise nothing shows that the aggregation did nothing.
  if (changed < list.size())
    reply.text.push_back(fmt::format(
        "{} unchanged: nothing in {}", Count(list.size() - changed, "node"),
        HasUnseenRecords(context, list) ? "the inbox to average with, and records do not count here"
                                        : "inbox and guestbook to average with"));
  reply.tables.push_back(std::move(table));
}

}  // namespace

std::vector<NodeLabel> Labels(const CommandContext& context, std::span<const NodeId> nodes) {
  std::vector<NodeLabel> labels;
  for (const NodeId node : nodes) labels.push_back(context.Label(node));
  return labels;
}

void AddWaiting(Reply& reply, const CommandContext& context) {
  const Simulation& simulation = context.simulation;
  if (simulation.autonet()) return;
  const auto add = [&](std::size_t count, std::string_view one, std::string_view many) {
    if (count > 0)
      reply.text.push_back(fmt::format("{} {}", Count(count, "message"), count == 1 ? one : many));
  };
  add(simulation.queued(), "waits in an outbox: nstep carries it",
      "wait in outboxes: nstep carries them");
  add(simulation.in_flight(), "is in flight: nstep lets it arrive",
      "are in flight: nstep lets them arrive");
}

void AddNodes(Reply& reply, const CommandContext& context, std::string_view key,
              std::string_view what, std::span<const NodeId> nodes) {
  if (nodes.empty()) return;
  const auto text = [&](std::size_t shown) {
    return fmt::format("{}: {}", what,
                       NodeList(nodes, SimulationDirectory(context.simulation), shown));
  };
  reply.text.push_back({text(nodes.size()), text(kListed)});
  reply.fields.emplace_back(key, Labels(context, nodes));
}

void AddSkipped(Reply& reply, const CommandContext& context) {
  AddNodes(reply, context, "skipped", "skipped, being down", context.targets.skipped);
}

Waiting WaitingOf(const CommandContext& context) {
  return context.planned ? Waiting::kNo : Waiting::kUntilTrained;
}

Reply ReportOf(const CommandContext& context, const StepReport& report) {
  Reply reply;
  AddAggregated(reply, context, report.aggregated);
  AddTrained(reply, context, report.trained);
  AddNodes(reply, context, "begun", "began to train", report.begun);
  AddNodes(reply, context, "unfinished", "not trained, being offline with no return in sight",
           report.unfinished);
  AddNodes(reply, context, "busy", "skipped, being busy with a training", report.busy);
  AddNodes(reply, context, "without_data", "nothing to train on", report.without_data);
  AddSkipped(reply, context);
  return reply;
}

Reply ReportOf(const CommandContext& context, const QueueReport& report) {
  Reply reply;
  reply.text.push_back(
      fmt::format("queued {} ({})", Count(report.queued, "message"), HumanBytes(report.bytes)));
  reply.fields = {{"queued", report.queued}, {"bytes", report.bytes}};
  AddNodes(reply, context, "alone", "without neighbours", report.alone);
  AddNodes(reply, context, "few", "fewer neighbours than asked for, sent to all of them",
           report.few);
  AddSkipped(reply, context);
  return reply;
}

Reply ReportOf(const NetworkReport& report) {
  Reply reply;
  std::string text = fmt::format("sent {}, delivered {}, lost {}, in flight {}", report.sent,
                                 report.delivered, report.lost, report.in_flight);
  if (report.waiting > 0) text += fmt::format(" (of them {} arrived and waiting)", report.waiting);
  text += " · clock " + FormatDuration(report.after.time_since_epoch());
  const Duration passed = report.after - report.before;
  if (passed > Duration{0}) text += fmt::format(" (+{})", FormatDuration(passed));
  reply.text.push_back(std::move(text));
  reply.fields = {{"sent", report.sent},
                  {"delivered", report.delivered},
                  {"lost", report.lost},
                  {"in_flight", report.in_flight},
                  {"waiting", report.waiting},
                  {"before", report.before.time_since_epoch()},
                  {"after", report.after.time_since_epoch()}};
  return reply;
}

}  // namespace delstep
