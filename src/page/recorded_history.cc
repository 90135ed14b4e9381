#include "page/recorded_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json.h"
#include "page/recorded_events.h"

namespace delstep {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kType = "\"type\":\"";

/// One of the few kinds of events that matter here, and what it must have.
struct Kind {
  std::string_view type;
  std::array<std::string_view, 2> numbers{}, names{};
};
constexpr std::array<Kind, 9> kKinds = {{
    {.type = "moment_made", .numbers = {"moment", "parent"}, .names = {"branch"}},
    {.type = "restored"},
    {.type = "went_to", .numbers = {"moment"}, .names = {"branch"}},
    {.type = "mark_set", .numbers = {"moment"}, .names = {"mark"}},
    {.type = "branch_made", .numbers = {"moment"}, .names = {"branch"}},
    {.type = "branch_deleted", .names = {"branch"}},
    {.type = "command_done", .names = {"command"}},
    {.type = "node_added"},
    {.type = "node_removed"},
}};

/// Null: the line is of another kind, which is not even parsed.
const Kind* KindOf(std::string_view line) {
  const std::string_view rest = line.substr(line.find(kType) + kType.size());
  const auto found = std::ranges::find_if(kKinds, [&](const Kind& kind) {
    return rest.starts_with(kind.type) && rest.substr(kind.type.size()).starts_with('"');
  });
  return found == kKinds.end() ? nullptr : &*found;
}

bool HasAll(const Json& event, const Kind& kind) {
  if (!event.is_object()) return false;
  const auto has = [&](std::string_view name, auto is) {
    const auto found = event.find(name);
    return name.empty() || (found != event.end() && is(*found));
  };
  const auto is_number = [](const Json& value) { return value.is_number_unsigned(); };
  const auto is_name = [](const Json& value) { return value.is_string(); };
  return std::ranges::all_of(kind.numbers, [&](auto name) { return has(name, is_number); }) &&
         std::ranges::all_of(kind.names, [&](auto name) { return has(name, is_name); });
}

template <class T>
T MemberOr(const Json& object, const char* name, T usual) {
  const auto found = object.find(name);
  if (found == object.end()) return usual;
  if constexpr (std::is_same_v<T, std::string>)
    return found->is_string() ? found->get<std::string>() : usual;
  else
    return found->is_number_integer() ? found->get<T>() : usual;
}

}  // namespace

RecordedHistory::RecordedHistory() {
  moments_[0] = {.parent = {}, .branch = "main", .command = {}};
  branches_ = {{"main", 0}};
}

Result<void> RecordedHistory::Note(std::string_view line) {
  if (!line.starts_with('{') || !line.ends_with('}') || line.find(kType) == std::string_view::npos)
    return NoEvent(line);
  const Kind* kind = KindOf(line);
  const Json event =
      kind == nullptr ? Json() : Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (kind != nullptr && !HasAll(event, *kind)) return NoEvent(line);
  const std::uint64_t next = ++lines_;
  if (kind == nullptr) return {};
  const auto type = MemberOr<std::string>(event, "type", "");
  const auto moment = MemberOr<std::uint64_t>(event, "moment", 0);
  const auto branch = MemberOr<std::string>(event, "branch", "main");
  time_ = MemberOr<std::int64_t>(event, "t", 0);
  if (type == "moment_made") {
    NoteMade(moment, {.parent = MemberOr<std::uint64_t>(event, "parent", 0),
                      .branch = branch,
                      .command = {},
                      .time = time_,
                      .cycle = MemberOr<std::uint64_t>(event, "cycle", 0),
                      .event = next});
  } else if (type == "node_added" || type == "node_removed") {
    if (next > beginning_) came_ += type == "node_added" ? 1 : -1;
  } else if (type == "went_to") {
    present_ = moment;
    branch_ = branch;
  } else if (type == "restored") {
    // Before `went_to`; and by itself where a command that failed was taken back.
    came_ = 0;
  } else if (type == "mark_set") {
    marks_[MemberOr<std::string>(event, "mark", "")] = moment;
  } else if (type == "branch_made") {
    branches_.emplace_back(branch, moment);
    branch_ = branch;
  } else if (type == "branch_deleted") {
    std::erase_if(branches_, [&](const auto& known) { return known.first == branch; });
  } else {
    NoteDone(MemberOr<std::string>(event, "command", ""), next);
  }
  cycle_ = MemberOr<std::uint64_t>(event, "cycle", 0);
  return {};
}

void RecordedHistory::Begin(Beginning beginning) {
  moments_[0].event = beginning_ = beginning.lines;
  moments_[0].nodes = beginning.nodes;
}

/// A run that was resumed may go to a moment that it does not tell of: then the start's.
const RecordedHistory::Entry& RecordedHistory::EntryOf(std::uint64_t moment) const {
  const auto found = moments_.find(moment);
  return found == moments_.end() ? moments_.at(0) : found->second;
}

std::size_t RecordedHistory::nodes() const { return EntryOf(present_).nodes; }

void RecordedHistory::NoteMade(std::uint64_t moment, Entry entry) {
  // Of the moments before a run was resumed nothing tells: it goes on from the start.
  if (!moments_.contains(*entry.parent)) entry.parent = 0;
  entry.nodes = EntryOf(*entry.parent).nodes + static_cast<std::size_t>(std::exchange(came_, 0));
  const auto found =
      std::ranges::find(branches_, entry.branch, &decltype(branches_)::value_type::first);
  if (found == branches_.end())
    branches_.emplace_back(entry.branch, moment);
  else
    found->second = std::max(found->second, moment);
  made_ = present_ = moment;
  branch_ = entry.branch;
  moments_[moment] = std::move(entry);
}

std::vector<std::uint64_t> RecordedHistory::WayBack(std::uint64_t moment) const {
  std::vector<std::uint64_t> way;
  for (auto at = moments_.find(moment); at != moments_.end();) {
    way.push_back(at->first);
    // Numbers fall on the way back, whatever stands in the file: so it has an end.
    const auto& parent = at->second.parent;
    at = parent && *parent < at->first ? moments_.find(*parent) : moments_.end();
  }
  return way;
}

void RecordedHistory::NoteDone(const std::string& command, std::uint64_t next) {
  // Commands that changed nothing have no moment.
  if (!made_) return;
  moments_[*made_].command = command;
  moments_[*made_].event = next;
  made_.reset();
}

std::string RecordedHistory::ToJson() const {
  std::string branches, marks, list;
  for (const auto& [name, last] : branches_)
    branches += fmt::format(R"({}{{"branch":{},"last":{}}})", branches.empty() ? "" : ",",
                            JsonString(name), last);
  for (const auto& [mark, moment] : marks_)
    marks += fmt::format(R"({}{{"mark":{},"moment":{}}})", marks.empty() ? "" : ",",
                         JsonString(mark), moment);
  for (const auto& [number, entry] : moments_)
    list += fmt::format(
        R"({}{{"moment":{},"parent":{},"branch":{},"t":{},"cycle":{},"cmd":{},"kept":{},"event":{}}})",
        list.empty() ? "" : ",", number, entry.parent ? std::to_string(*entry.parent) : "null",
        JsonString(entry.branch), entry.time, entry.cycle, JsonString(entry.command), number == 0,
        entry.event);
  return fmt::format(
      R"({{"version":1,"present":{},"branch":{},"oldest":0,"goes_back":false,)"
      R"("why_not":"a record is only looked at","branches":[{}],"marks":[{}],"moments":[{}]}})",
      present_, JsonString(branch_), branches, marks, list);
}

}  // namespace delstep
