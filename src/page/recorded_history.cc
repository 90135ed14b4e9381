#include "page/recorded_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json.h"

namespace delstep {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kType = "\"type\":\"";

/// Whether the line is of one of the few kinds that matter here; the others are not even parsed.
bool IsOfHistory(std::string_view line) {
  constexpr std::array<std::string_view, 8> kKinds = {
      "moment_made",    "went_to",      "mark_set",   "branch_made",
      "branch_deleted", "command_done", "node_added", "node_removed"};
  const auto at = line.find(kType);
  const std::string_view rest = line.substr(at + kType.size());
  return std::ranges::any_of(kKinds, [&](std::string_view kind) { return rest.starts_with(kind); });
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

/// A number is a number and a name is a name, wherever they stand; what makes a moment has its own.
bool HasKinds(const Json& event) {
  const auto all = [&](std::initializer_list<const char*> names, auto&& is) {
    return std::ranges::all_of(
        names, [&](const char* name) { return !event.contains(name) || is(event[name]); });
  };
  const bool is_made = event["type"] == "moment_made";
  return (!is_made || (event.contains("moment") && event.contains("parent"))) &&
         all({"moment", "parent", "cycle"}, [](const Json& x) { return x.is_number_unsigned(); }) &&
         all({"t"}, [](const Json& x) { return x.is_number_integer(); }) &&
         all({"branch", "mark", "command"}, [](const Json& x) { return x.is_string(); });
}

}  // namespace

RecordedHistory::RecordedHistory() {
  moments_[0] = {.parent = {}, .branch = "main", .command = {}};
  branches_ = {{"main", 0}};
}

bool RecordedHistory::Note(std::string_view line) {
  const std::uint64_t next = ++lines_;
  if (line.find(kType) == std::string_view::npos) return false;
  if (!IsOfHistory(line)) return true;
  const nlohmann::json event = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!event.is_object() || !event.contains("type") || !HasKinds(event)) return false;
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
  return true;
}

void RecordedHistory::Begin(Beginning beginning) {
  moments_[0].event = beginning_ = beginning.lines;
  moments_[0].nodes = beginning.nodes;
}

/// A run that was resumed has moments whose parents it does not tell of: then the start's.
const RecordedHistory::Entry& RecordedHistory::EntryOf(std::uint64_t moment) const {
  const auto found = moments_.find(moment);
  return found == moments_.end() ? moments_.at(0) : found->second;
}

std::size_t RecordedHistory::nodes() const { return EntryOf(present_).nodes; }

void RecordedHistory::NoteMade(std::uint64_t moment, Entry entry) {
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
