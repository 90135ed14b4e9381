#include "plotting/last_branch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

namespace delstep {
namespace {

using Json = nlohmann::json;

/// Few lines are of these, and to parse the others would take most of the time.
bool Matters(std::string_view line) {
  constexpr std::array<std::string_view, 6> kTypes = {"moment_made\"",   "went_to\"",
                                                      "restored\"",      "command_done\"",
                                                      "contact_began\"", "contact_ended\""};
  constexpr std::string_view kType = R"("type":")";
  const std::size_t at = line.find(kType);
  return at != std::string_view::npos &&
         std::ranges::any_of(kTypes, [rest = line.substr(at + kType.size())](
                                         std::string_view type) { return rest.starts_with(type); });
}

/// The tree of moments, with what belongs to each.
class BranchReader {
 public:
  /// Whether the line could be read.
  bool Take(const std::string& line) {
    const auto event = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!event.is_object()) return false;
    const auto type = Text(event, "type");
    if (type == "moment_made") return TakeMade(event);
    if (type == "went_to") return TakeWentTo(event);
    if (type == "contact_began" || type == "contact_ended") return TakeContact(event, *type);
    if (type == "restored") {
      // Before `went_to`; and by itself where a command that failed was taken back.
      open_.clear();
    } else if (type == "command_done") {
      moments_[present_].commands.push_back(command_++);
    }
    return true;
  }

  LastBranch Finish() {
    std::vector<std::uint64_t> way;
    // Numbers fall on the way back, whatever stands in the file: so it has an end.
    for (std::uint64_t at = present_; at != 0;) {
      way.push_back(at);
      const auto found = moments_.find(at);
      at = found != moments_.end() && found->second.parent < at ? found->second.parent : 0;
    }
    way.push_back(0);
    LastBranch branch;
    branch.went_back = went_back_;
    for (auto at = way.rbegin(); at != way.rend(); ++at) {
      Moment& moment = moments_[*at];
      branch.commands.insert(branch.commands.end(), moment.commands.begin(), moment.commands.end());
      std::ranges::move(moment.contacts, std::back_inserter(branch.contacts));
    }
    std::ranges::move(open_, std::back_inserter(branch.contacts));
    return branch;
  }

 private:
  struct Moment {
    std::uint64_t parent = 0;
    std::vector<ContactEvent> contacts;
    std::vector<std::uint64_t> commands;
  };

  static std::optional<std::string> Text(const Json& event, const char* member) {
    const auto found = event.find(member);
    if (found == event.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
  }
  static std::optional<std::uint64_t> Number(const Json& event, const char* member) {
    const auto found = event.find(member);
    if (found == event.end() || !found->is_number_unsigned()) return std::nullopt;
    return found->get<std::uint64_t>();
  }

  bool TakeMade(const Json& event) {
    const auto number = Number(event, "moment"), parent = Number(event, "parent");
    if (!number || !parent) return false;
    // Given again after an undo, the same command has the same events: they are taken once.
    Moment& moment = moments_[*number];
    moment.parent = *parent;
    moment.contacts = std::exchange(open_, {});
    present_ = *number;
    return true;
  }

  bool TakeWentTo(const Json& event) {
    const auto number = Number(event, "moment");
    if (!number) return false;
    open_.clear();
    present_ = *number;
    went_back_ = true;
    return true;
  }

  bool TakeContact(const Json& event, std::string_view type) {
    const auto t = event.find("t");
    auto a = Text(event, "a"), b = Text(event, "b");
    if (t == event.end() || !t->is_number_integer() || !a || !b) return false;
    open_.push_back({.time = t->get<double>() * 1e-9,
                     .began = type == "contact_began",
                     .pair = {*std::move(a), *std::move(b)}});
    return true;
  }

  std::map<std::uint64_t, Moment> moments_;
  std::vector<ContactEvent> open_;  // of the command that runs
  std::uint64_t present_ = 0, command_ = 0;
  bool went_back_ = false;
};

}  // namespace

Result<LastBranch> ReadLastBranch(std::istream& events, const std::string& name) {
  BranchReader reader;
  std::string line;
  for (std::size_t number = 1; std::getline(events, line) && !events.eof(); ++number)
    if (Matters(line) && !reader.Take(line))
      return BadFile("this line is no event",
                     "events.jsonl has one JSON object a line, with type, t and what the type has: "
                     "moment and parent, or a and b of a contact")
          .At(fmt::format("{}:{}", name, number));
  return reader.Finish();
}

void KeepBranch(const LastBranch& branch, std::uint64_t first, RunMetrics& run) {
  if (!branch.went_back) return;
  std::map<std::uint64_t, std::uint64_t> places;
  for (const std::uint64_t command : branch.commands)
    places.emplace(first + command, first + places.size());
  for (auto& [name, points] : run.metrics) {
    std::erase_if(points, [&](const MetricPoint& point) { return !places.contains(point.step); });
    for (MetricPoint& point : points) point.step = places.at(point.step);
    std::ranges::stable_sort(points, {}, &MetricPoint::step);
  }
  std::erase_if(run.metrics, [](const auto& metric) { return metric.second.empty(); });
}

}  // namespace delstep
