#include "recording/moment_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/json.h"
#include "scenario/units.h"

namespace delstep {
namespace {

constexpr std::size_t kListsFullMesh = 60;

std::int64_t NanosecondsOf(SimTime time) { return time.time_since_epoch().count(); }

std::string TimeOrNull(const std::optional<SimTime>& time) {
  return time ? std::to_string(NanosecondsOf(*time)) : "null";
}

/// [print(x),print(y)]
template <class Range, class Print>
std::string ListOf(const Range& range, Print print) {
  std::string list = "[";
  for (const auto& item : range) {
    if (list.size() > 1) list += ',';
    list += print(item);
  }
  return list + ']';
}

/// `,"name":[...]`, one value per node.
template <class Print>
void AddColumn(std::string& json, std::string_view name, std::span<const NodeView> nodes,
               Print print) {
  json += fmt::format(R"(,"{}":{})", name, ListOf(nodes, print));
}

/// The same, unless all have the usual value.
template <class Print>
void AddUnusual(std::string& json, std::string_view name, std::span<const NodeView> nodes,
                std::string_view usual, Print print) {
  if (std::ranges::all_of(nodes, [&](const NodeView& node) { return print(node) == usual; }))
    return;
  AddColumn(json, name, nodes, print);
}

/// The tests of one scope, one place per node.
struct TestColumns {
  std::vector<std::string> accuracy, loss, old;
  explicit TestColumns(std::size_t nodes)
      : accuracy(nodes, "null"), loss(nodes, "null"), old(nodes, "null") {}
};

std::string TestsJson(const MomentFacts& facts) {
  std::map<std::string, TestColumns> by_scope;
  for (std::size_t i = 0; i < facts.nodes.size(); ++i) {
    const auto& tests = facts.nodes[i].last_tests;
    for (std::size_t k = 0; k < tests.size(); ++k) {
      TestColumns& columns =
          by_scope.try_emplace(Name(tests[k].scope), facts.nodes.size()).first->second;
      columns.accuracy[i] = RoundedJson(tests[k].accuracy);
      columns.loss[i] = RoundedJson(tests[k].loss);
      columns.old[i] = facts.old_tests[i][k] ? "1" : "0";
    }
  }
  const auto same = [](const std::string& text) { return text; };
  std::string json = "{";
  for (const auto& [scope, columns] : by_scope)
    json += fmt::format(R"({}{}:{{"accuracy":{},"loss":{},"old":{}}})", json.size() > 1 ? "," : "",
                        JsonString(scope), ListOf(columns.accuracy, same),
                        ListOf(columns.loss, same), ListOf(columns.old, same));
  return json + '}';
}

void AddPlaces(std::string& json, const MomentFacts& facts, std::span<const Position> places) {
  const bool known = !places.empty() && std::ranges::all_of(facts.nodes, [&](const NodeView& node) {
    return Index(node.node) < places.size();
  });
  if (!known) return;
  AddColumn(json, "x", facts.nodes,
            [&](const NodeView& node) { return RoundedJson(places[Index(node.node)].x); });
  AddColumn(json, "y", facts.nodes,
            [&](const NodeView& node) { return RoundedJson(places[Index(node.node)].y); });
}

std::string NodesJson(const MomentFacts& facts, std::span<const Position> places) {
  const std::span<const NodeView> nodes = facts.nodes;
  const auto number = [](auto member) {
    return [member](const NodeView& node) { return std::to_string(node.*member); };
  };
  std::string json = fmt::format(R"("index":{})", ListOf(nodes, [](const NodeView& node) {
                                   return std::to_string(Index(node.node));
                                 }));
  AddColumn(json, "up", nodes, [](const NodeView& node) { return node.up ? "1" : "0"; });
  AddColumn(json, "examples", nodes, number(&NodeView::train_samples));
  AddColumn(json, "held_out", nodes, number(&NodeView::held_out_samples));
  AddColumn(json, "trained", nodes, number(&NodeView::trained));
  AddUnusual(json, "busy_until", nodes, "null",
             [](const NodeView& node) { return TimeOrNull(node.busy_until); });
  AddColumn(json, "outbox", nodes, number(&NodeView::outbox));
  AddColumn(json, "in_flight_to", nodes, number(&NodeView::in_flight_to));
  AddColumn(json, "inbox", nodes, number(&NodeView::inbox));
  AddColumn(json, "guestbook", nodes, number(&NodeView::encounters));
  AddColumn(json, "loss", nodes, [](const NodeView& node) {
    return node.last_trained ? RoundedJson(node.last_trained->loss) : "null";
  });
  json += fmt::format(R"(,"tests":{})", TestsJson(facts));
  AddPlaces(json, facts, places);
  AddUnusual(json, "attack", nodes, R"("off")",
             [](const NodeView& node) { return JsonString(node.attack); });
  AddUnusual(json, "behaviour", nodes, R"("none")",
             [](const NodeView& node) { return JsonString(node.behaviour); });
  AddUnusual(json, "rate", nodes, "1", [](const NodeView& node) { return RoundedJson(node.rate); });
  return json;
}

std::string GroupsJson(std::span<const GroupView> groups) {
  return ListOf(groups, [](const GroupView& group) {
    return fmt::format(
        R"({{"group":{},"nodes":{}}})", JsonString(group.name),
        ListOf(group.members, [](NodeId node) { return std::to_string(Index(node)); }));
  });
}

std::string OneMessage(const MessageView& view, const MomentNotes& notes) {
  const Message& message = view.message;
  const bool was_sent = view.state != MessageState::kOutbox && notes.sent;
  return fmt::format(
      R"({{"message":{},"from":{},"to":{},"bytes":{},"state":"{}","sent":{},"arrives":{}}})",
      static_cast<std::uint64_t>(message.id), Index(message.from), Index(message.to), message.bytes,
      Name(view.state), was_sent ? TimeOrNull(notes.sent(message.id)) : "null",
      TimeOrNull(view.arrives));
}

}  // namespace

std::string RoundedJson(double value) {
  if (!std::isfinite(value)) return "null";
  std::string text = fmt::format("{:.4f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

MessageList MessagesJson(std::span<const MessageView> messages, const MomentNotes& notes) {
  std::vector<const MessageView*> order;
  for (const MessageView& message : messages) order.push_back(&message);
  std::ranges::stable_partition(
      order, [](const MessageView* view) { return view->state == MessageState::kFlight; });
  const std::size_t left_out = order.size() - std::min(order.size(), notes.messages);
  order.resize(order.size() - left_out);
  return {.json = ListOf(order, [&](const MessageView* view) { return OneMessage(*view, notes); }),
          .left_out = left_out};
}

std::string StateJson(const MomentFacts& facts, const MomentNotes& notes) {
  const TrafficCounts& counts = facts.traffic;
  const MessageList messages = MessagesJson(facts.messages, notes);
  std::string json = fmt::format(
      R"({{"moment":{},"branch":{},"t":{},"cycle":{},"autonet":{},"nodes":{{{}}},"groups":{},)",
      notes.moment, JsonString(notes.branch), NanosecondsOf(facts.now), facts.cycle, facts.autonet,
      NodesJson(facts, notes.places), GroupsJson(facts.groups));
  json += fmt::format(
      R"("counts":{{"sent":{},"delivered":{},"lost":{},"in_flight":{},"queued":{},"bytes":{}}},)",
      counts.sent, counts.delivered, counts.lost, counts.in_flight, counts.queued, counts.bytes);
  json += fmt::format(R"("last_scope":{},"consensus":{},"links":{},)",
                      facts.last_scope ? JsonString(Name(*facts.last_scope)) : "null",
                      notes.consensus ? JsonNumber(*notes.consensus) : "null",
                      notes.links ? std::to_string(*notes.links) : "null");
  json +=
      fmt::format(R"("messages":{},"messages_left_out":{}}})", messages.json, messages.left_out);
  return json;
}

std::string LinksJson(const LinkFacts& facts, std::uint64_t version) {
  using Pair = std::pair<std::size_t, std::size_t>;
  std::vector<Pair> directions, down;
  std::string own;
  for (const LinkView& view : facts.links) {
    const Pair pair{Index(view.from), Index(view.to)};
    directions.push_back(pair);
    if (!view.link.up) down.push_back(pair);
    if (!view.single) continue;
    own +=
        fmt::format(R"({}{{"from":{},"to":{},"loss":{},"latency":{},"bandwidth":{},"up":{}}})",
                    own.empty() ? "" : ",", pair.first, pair.second, JsonNumber(view.link.loss),
                    LatencyJson(view.link.latency), JsonNumber(view.link.bandwidth), view.link.up);
  }
  std::ranges::sort(directions);
  std::ranges::sort(down);
  const bool full =
      facts.nodes > kListsFullMesh && directions.size() == facts.nodes * (facts.nodes - 1);
  std::vector<Pair> both, one_way;
  for (const Pair& pair : directions) {
    const bool back = std::ranges::binary_search(directions, Pair{pair.second, pair.first});
    if (!back) one_way.push_back(pair);
    if (back && pair.first < pair.second && !full) both.push_back(pair);
  }
  const auto print = [](const Pair& pair) {
    return fmt::format("[{},{}]", pair.first, pair.second);
  };
  return fmt::format(R"({{"version":{},"full":{},"pairs":{},"one_way":{},"down":{},)"
                     R"("default":{{"loss":{},"latency":{},"bandwidth":{}}},"own":[{}]}})",
                     version, full, ListOf(both, print), ListOf(one_way, print),
                     ListOf(down, print), JsonNumber(facts.usual.loss),
                     LatencyJson(facts.usual.latency), JsonNumber(facts.usual.bandwidth), own);
}

std::string LabelsJson(std::span<const LabelCounts> labels, std::span<const std::string> classes,
                       std::span<const std::string> addresses) {
  const auto text = [](const std::string& name) { return JsonString(name); };
  const auto node = [&](const LabelCounts& of) {
    const auto number = [](std::uint64_t count) { return std::to_string(count); };
    return fmt::format(R"({{"node":{},"counts":{},"entropy":{}}})",
                       JsonString(addresses[Index(of.node)]), ListOf(of.counts, number),
                       RoundedJson(of.entropy));
  };
  return fmt::format(R"({{"classes":{},"nodes":{}}})", ListOf(classes, text), ListOf(labels, node));
}

}  // namespace delstep
