#include "page/run_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/json.h"
#include "base/text.h"

namespace delstep {
namespace {

constexpr std::size_t kRecordedInText = 200;
constexpr std::string_view kNodeAdded = R"("type":"node_added")";

/// The nodes of a run before anything happened: a page learns of others by events. Nothing: the
/// list is none that DEL-Step writes.
std::optional<std::vector<std::pair<std::string, std::string>>> NodesOfStart(
    const nlohmann::json& start) {
  const auto place = nlohmann::json::json_pointer("/hello/nodes");
  if (!start.is_object() || !start.contains(place) || !start[place].is_array()) return {};
  // A page cannot do without.
  for (const char* part : {"state", "links"})
    if (!start.contains(part) || !start[part].is_object()) return {};
  std::vector<std::pair<std::string, std::string>> nodes;
  for (const auto& node : start[place]) {
    const auto is_text = [&](const char* member) {
      return node.is_object() && node.contains(member) && node[member].is_string();
    };
    if (!is_text("node") || !is_text("name")) return {};
    if (nodes.size() < kRecordedInText)
      nodes.emplace_back(node["node"].get<std::string>(), node["name"].get<std::string>());
  }
  return nodes;
}

/// A run that is not resumed begins with a line for each node, each group and each of its members.
std::uint64_t LinesOfStart(const nlohmann::json& start) {
  const auto size = [](const nlohmann::json& object, const char* list) -> std::uint64_t {
    return object.is_object() && object.contains(list) ? object[list].size() : 0;
  };
  std::uint64_t lines = size(start["hello"], "nodes");
  if (size(start.value("state", nlohmann::json()), "groups") > 0)
    for (const auto& group : start["state"]["groups"]) lines += 1 + size(group, "nodes");
  return lines;
}

std::size_t NodesPresent(const nlohmann::json& start) {
  const auto index = nlohmann::json::json_pointer("/state/nodes/index");
  return start.contains(index) ? start[index].size() : 0;
}

}  // namespace

/// The first line of a run that is not resumed adds the first of its nodes; of one that is, it may
/// add another.
bool RunPage::TellsOfStart(std::string_view line, const Start& start) {
  return !start.nodes.empty() && line.find(kNodeAdded) != std::string_view::npos &&
         line.find(fmt::format(R"("node":"{}")", start.nodes.front().first)) !=
             std::string_view::npos;
}

RunPage::RunPage(Record record, Start start)
    : events_(std::move(record.events)),
      history_(std::move(record.history)),
      places_(std::move(record.places)),
      start_(std::move(start)),
      nodes_(start_.nodes),
      none_(EventLog::kMostBytes, events_.count()) {
  hub_.PutPresent(fmt::format(
      R"({{"moment":{},"branch":{},"t":{},"cycle":{},"queued":0,"nodes":{},"links":null,"history":1,)"
      R"("prompt":"","next":"","busy":null}})",
      history_.present(), JsonString(history_.branch()), history_.time(), history_.cycle(),
      history_.nodes()));
}

Result<RunPage::Start> RunPage::ReadStart(const std::filesystem::path& folder) {
  const auto path = folder / "start.json";
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto start = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  auto nodes = NodesOfStart(start);
  if (!nodes)
    return BadFile(fmt::format("'{}' is missing or damaged", path.string()),
                   "runs recorded with --out have it since version 0.1; play script.del again");
  const auto part = [&](const char* name) {
    return start.contains(name) ? start[name].dump() : std::string("null");
  };
  Start read{.hello = part("hello"),
             .state = part("state"),
             .links = part("links"),
             .labels = part("labels"),
             .nodes = *std::move(nodes),
             .present = NodesPresent(start),
             .lines = LinesOfStart(start)};
  read.hello.pop_back();
  return read;
}

Result<std::unique_ptr<RunPage>> RunPage::Open(const std::filesystem::path& folder) {
  auto start = ReadStart(folder);
  RecordedHistory history;
  if (start) history.Begin({.nodes = start->present, .lines = 0});
  bool is_first = true;
  DELSTEP_ASSIGN(RecordedEvents events,
                 RecordedEvents::Open(folder / "events.jsonl", [&](std::string_view line) {
                   // A run that goes on where another one was does not tell of its nodes again.
                   if (std::exchange(is_first, false) && start && TellsOfStart(line, *start))
                     history.Begin({.nodes = start->present, .lines = start->lines});
                   return history.Note(line);
                 }));
  // A folder that holds no run at all has been told of by now.
  if (!start) return std::move(start).error();
  Record record{.events = std::move(events),
                .history = std::move(history),
                .places = RecordedPlaces::Open(folder / "positions.csv")};
  return std::unique_ptr<RunPage>(new RunPage(std::move(record), *std::move(start)));
}

PageAnswer RunPage::Places(const PageQuestion& question) const {
  const std::string* text = question.Find("moment");
  const auto moment = text == nullptr ? history_.present() : ParseUnsigned(*text);
  const auto back = moment ? history_.WayBack(*moment) : std::vector<std::uint64_t>();
  if (!places_ || back.empty())
    return PageRefusal(404, places_ ? "there is no such moment" : "the record has no places");
  return {.body = places_->ToJson(back)};
}

PageAnswer RunPage::Events(const PageQuestion& question) const {
  const auto number = [&](std::string_view name, std::uint64_t usual) {
    const std::string* text = question.Find(name);
    return text == nullptr ? usual : ParseUnsigned(*text).value_or(usual);
  };
  const auto events =
      events_.Range({.since = number("since", 0),
                     .events = std::min<std::uint64_t>(number("limit", 5000), 100'000),
                     .bytes = std::size_t{8} << 20});
  if (!events)
    return PageRefusal(500, fmt::format("{}: {}", events.error().where, events.error().message),
                       events.error().hint);
  return {.body = fmt::format(R"({{"first":{},"next":{},"oldest":0,"events":{}}})", events->first,
                              events->next, events->list)};
}

PageAnswer RunPage::Get(const PageQuestion& question) {
  // The page folds the events itself; only where they begin is told.
  const std::string* moment = question.Find("moment");
  const bool is_start = moment == nullptr || *moment == "0";
  if (question.path == "/api/hello")
    return {.body = fmt::format(
                R"({},"rights":"watch","recorded":true,"places":{},"share":null,"oldest_event":0,)"
                R"("next_event":{}}})",
                start_.hello, places_.has_value(), events_.count())};
  if (question.path == "/api/events") return Events(question);
  if (question.path == "/api/places") return Places(question);
  if (question.path == "/api/history") return {.body = history_.ToJson()};
  if (question.path == "/api/votes")
    return {.body = R"({"ask":null,"question":"","answers":[],"counts":[]})"};
  if (question.path == "/api/lessons") return {.body = R"({"lessons":[]})"};
  for (const auto& [path, json] :
       {std::pair{"/api/state", &start_.state}, std::pair{"/api/links", &start_.links},
        std::pair{"/api/labels", &start_.labels}})
    if (question.path == path)
      return is_start ? PageAnswer{.body = *json}
                      : PageRefusal(404, "a record keeps moment 0 alone",
                                    "the others follow from the events");
  return NoSuchPath(question.path);
}

PageAnswer RunPage::Post(const PageQuestion&) {
  return PageRefusal(403, "a recorded run can only be looked at",
                     "play it again: delstep config.toml -f script.del -i --page");
}

}  // namespace delstep
