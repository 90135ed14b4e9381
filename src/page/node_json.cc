#include "page/node_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/json.h"

namespace delstep {
namespace {

std::int64_t Whole(SimTime time) { return time.time_since_epoch().count(); }

template <class Range, class Print>
std::string JsonArray(const Range& range, Print print) {
  std::string list = "[";
  for (const auto& item : range) {
    if (list.size() > 1) list += ',';
    list += print(item);
  }
  return list + ']';
}

std::string GuestbookJson(const NodeFacts& facts, const NodeNamesBook& book) {
  return JsonArray(facts.guestbook, [&](const EncounterView& record) {
    return fmt::format(
        R"({{"node":"{}","name":{},"expiry":{},"examples":{},"sent":{},"received":{},"distance":{}}})",
        record.address, JsonString(book.names[Index(record.peer)]), record.expiry, record.samples,
        Whole(record.sent), Whole(record.received), RoundedJson(record.distance));
  });
}

std::string NotMetJson(const NodeFacts& facts, const NodeNamesBook& book) {
  std::set<NodeId> met;
  for (const EncounterView& record : facts.guestbook) met.insert(record.peer);
  std::vector<NodeId> others;
  for (const NodeId peer : facts.view.neighbours)
    if (!met.contains(peer)) others.push_back(peer);
  return JsonArray(others, [&](NodeId node) { return JsonString(book.addresses[Index(node)]); });
}

std::string MessagesOfNode(const NodeFacts& facts, const NodeNamesBook& book) {
  return JsonArray(facts.messages, [&](const MessageView& view) {
    return fmt::format(
        R"({{"message":{},"from":"{}","to":"{}","bytes":{},"state":"{}","arrives":{}}})",
        static_cast<std::uint64_t>(view.message.id), book.addresses[Index(view.message.from)],
        book.addresses[Index(view.message.to)], view.message.bytes, Name(view.state),
        view.arrives ? std::to_string(Whole(*view.arrives)) : "null");
  });
}

std::string TestsOfNode(const NodeFacts& facts) {
  std::string json = "[";
  for (std::size_t i = 0; i < facts.view.last_tests.size(); ++i) {
    const Evaluated& test = facts.view.last_tests[i];
    json += fmt::format(R"({}{{"scope":{},"accuracy":{},"loss":{},"old":{}}})", i == 0 ? "" : ",",
                        JsonString(Name(test.scope)), RoundedJson(test.accuracy),
                        RoundedJson(test.loss), static_cast<bool>(facts.old_tests[i]));
  }
  return json + ']';
}

}  // namespace

std::string NodeJson(const NodeFacts& facts, const NodeNamesBook& book) {
  const NodeView& view = facts.view;
  const auto text = [](const std::string& value) { return JsonString(value); };
  const auto number = [](std::uint64_t count) { return std::to_string(count); };
  std::string json = fmt::format(
      R"({{"node":"{}","name":{},"up":{},"examples":{},"held_out":{},"trained":{},"groups":{},)"
      R"("rate":{},"model":"{}","behaviour":{},"attack":{},)",
      view.address, JsonString(view.name), view.up, view.train_samples, view.held_out_samples,
      view.trained, JsonArray(view.groups, text), RoundedJson(view.rate), HexHash(facts.model),
      JsonString(view.behaviour), JsonString(view.attack));
  json +=
      fmt::format(R"("neighbours":{},"last_trained":{},"tests":{},)",
                  JsonArray(view.neighbours,
                            [&](NodeId node) { return JsonString(book.addresses[Index(node)]); }),
                  view.last_trained ? fmt::format(R"({{"loss":{},"examples":{}}})",
                                                  RoundedJson(view.last_trained->loss),
                                                  view.last_trained->samples)
                                    : "null",
                  TestsOfNode(facts));
  json +=
      fmt::format(R"("guestbook":{},"not_met":{},"messages":{},"labels":{}}})",
                  GuestbookJson(facts, book), NotMetJson(facts, book), MessagesOfNode(facts, book),
                  facts.labels ? JsonArray(facts.labels->counts, number) : "null");
  return json;
}

std::string WhyJson(const WhyFacts& facts, const NodeNamesBook& book) {
  const auto called = [&](NodeId node) {
    return fmt::format(R"("node":"{}","name":{})", book.addresses[Index(node)],
                       JsonString(book.names[Index(node)]));
  };
  std::string json = fmt::format(
      R"({{{},"exact":{},"sources":{})", called(facts.node), facts.sources.exact,
      JsonArray(facts.sources.sources, [&](const SourceShare& share) {
        return fmt::format(R"({{{},"initial":{},"trained":{},"trainings":{}}})", called(share.node),
                           JsonNumber(share.initial), JsonNumber(share.trained), share.trainings);
      }));
  if (!facts.way) return json + '}';
  json += fmt::format(
      R"(,"way_weight":{},"forgotten":{},"way":{}}})", JsonNumber(facts.way->weight),
      facts.way->forgotten, JsonArray(facts.way->hops, [&](const Hop& hop) {
        return fmt::format(R"({{"from":"{}","to":"{}","message":{},"sent_at":{},"arrived_at":{},)"
                           R"("aggregated_at":{},"cycle":{},"weight":{}}})",
                           book.addresses[Index(hop.from)], book.addresses[Index(hop.to)],
                           static_cast<std::uint64_t>(hop.message), Whole(hop.sent),
                           Whole(hop.arrived), Whole(hop.aggregated), hop.cycle,
                           JsonNumber(hop.weight));
      }));
  return json;
}

}  // namespace delstep
