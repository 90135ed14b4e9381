#include "page/group_flows.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <variant>

#include "base/json.h"
#include "page/heat.h"

namespace delstep {
namespace {

/// Per node, by number, the name of its first group; "" of nodes without one.
std::vector<std::string_view> FirstGroups(std::span<const GroupView> groups) {
  std::vector<std::string_view> first;
  for (const GroupView& group : groups)
    for (const NodeId node : group.members) {
      if (first.size() <= Index(node)) first.resize(Index(node) + 1);
      if (first[Index(node)].empty()) first[Index(node)] = group.name;
    }
  return first;
}

std::string NamesJson(std::span<const std::string> names) {
  std::string json = "[";
  for (const std::string& name : names) json += (json.size() > 1 ? "," : "") + JsonString(name);
  return json + ']';
}

}  // namespace

void GroupFlows::Note(const Event& event) {
  if (const auto* sent = std::get_if<Sent>(&event.what))
    ++open_[{sent->message.from, sent->message.to}].sent;
  if (const auto* lost = std::get_if<Lost>(&event.what))
    ++open_[{lost->message.from, lost->message.to}].lost;
  if (std::holds_alternative<Restored>(event.what)) open_.clear();
}

void GroupFlows::EndMoment(MomentNumber moment, std::span<const GroupView> groups) {
  const std::vector<std::string_view> first = FirstGroups(groups);
  const auto group_of = [&](NodeId node) {
    return Index(node) < first.size() ? first[Index(node)] : std::string_view();
  };
  Flows flows;
  for (const auto& [pair, counts] : std::exchange(open_, {})) {
    const std::string_view from = group_of(pair.first), to = group_of(pair.second);
    if (from.empty() || to.empty() || from == to) continue;
    Counts& sum = flows[{std::string(from), std::string(to)}];
    sum.sent += counts.sent;
    sum.lost += counts.lost;
  }
  const std::lock_guard lock(mutex_);
  Flows& known = moments_[moment];
  flows_ = flows_ - known.size() + flows.size();
  known = std::move(flows);
  while (flows_ > most_flows_ && moments_.size() > 1) {
    flows_ -= moments_.begin()->second.size();
    moments_.erase(moments_.begin());
  }
}

std::string GroupFlows::Json(std::span<const MomentNumber> way, const Question& question) const {
  const auto place_of = [&](const std::string& name) {
    return std::ranges::find(question.names, name) - question.names.begin();
  };
  const auto size = static_cast<std::ptrdiff_t>(question.names.size());
  std::string columns, list;
  std::size_t column = 0;
  const std::lock_guard lock(mutex_);
  for (const auto& [first, last] : HeatParts(way.size(), question.columns)) {
    columns += fmt::format("{}[{},{}]", columns.empty() ? "" : ",", way[first], way[last]);
    std::map<std::pair<std::ptrdiff_t, std::ptrdiff_t>, Counts> sums;
    for (std::size_t at = first; at <= last; ++at) {
      const auto moment = moments_.find(way[at]);
      if (moment == moments_.end()) continue;
      for (const auto& [pair, counts] : moment->second) {
        const auto from = place_of(pair.first), to = place_of(pair.second);
        if (from == size || to == size) continue;  // a group that is no more
        sums[{from, to}].sent += counts.sent;
        sums[{from, to}].lost += counts.lost;
      }
    }
    for (const auto& [pair, counts] : sums)
      list += fmt::format("{}[{},{},{},{},{}]", list.empty() ? "" : ",", column, pair.first,
                          pair.second, counts.sent, counts.lost);
    ++column;
  }
  return fmt::format(R"({{"groups":{},"columns":[{}],"flows":[{}]}})", NamesJson(question.names),
                     columns, list);
}

}  // namespace delstep
