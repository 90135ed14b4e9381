#include "console/commands/breakpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "console/commands/time_runner.h"
#include "recording/event_sentence.h"

namespace delstep {

Reply ReportOf(std::span<const BreakHit> hits, std::string_view ends, std::string_view how) {
  Reply reply;
  Table table{
      .key = "breaks", .columns = {{"number"}, {"condition"}, {"what"}, {"ends"}}, .shown = 0};
  for (const BreakHit& hit : hits) {
    reply.text.push_back(fmt::format("break {} ({}): {}", hit.number, hit.condition, hit.what));
    table.rows.push_back(
        {hit.number, hit.condition, hit.what, ends.empty() ? Cell() : Cell(std::string(ends))});
  }
  if (!how.empty()) reply.text.back() = *reply.text.back().text + fmt::format("; {}", how);
  reply.tables.push_back(std::move(table));
  return reply;
}

Breakpoints::Breakpoints(const Simulation& simulation) : simulation_(simulation) {
  // It does not change in a run.
  const std::string& topology = simulation.scenario().topology.name;
  by_contacts_ = topology == "radio" || topology == "contacts";
}

const Breakpoint& Breakpoints::Add(BreakCondition condition) {
  Breakpoint& added = list_.emplace_back();
  added.number = ++last_number_;
  added.condition = std::move(condition);
  added.nodes = NodesOf(added);
  TakeCondition(added);  // what holds already has not become true
  return added;
}

bool Breakpoints::Delete(std::uint64_t number) {
  return std::erase_if(list_, [&](const Breakpoint& each) { return each.number == number; }) > 0;
}

std::string Breakpoints::Save() const {
  ByteWriter writer;
  writer.Add(last_number_);
  writer.Add(std::uint64_t{list_.size()});
  for (const Breakpoint& each : list_) {
    writer.Add(each.number);
    writer.Add(std::string_view(each.condition.text));
    writer.Add(each.hits);
    writer.Add(each.held);
  }
  return writer.Take();
}

Result<void> Breakpoints::Load(std::string_view saved) {
  ByteReader reader(saved);
  last_number_ = reader.Number();
  list_.clear();
  std::uint64_t before = 0;
  for (std::size_t left = reader.Count(32); left > 0 && reader.ok(); --left) {
    Breakpoint& each = list_.emplace_back();
    each.number = reader.Number();
    auto condition = ParseBreakCondition(reader.Text());
    each.hits = reader.Number();
    each.held = reader.Flag();
    reader.Require(condition && before < each.number && each.number <= last_number_);
    if (!reader.ok()) break;
    before = each.number;
    each.condition = *std::move(condition);
    each.nodes = NodesOf(each);
  }
  if (!reader.AtEnd()) return BadFile("the saved breakpoints are damaged");
  return {};
}

void Breakpoints::Learn(const Event& event) {
  went_back_ |= std::holds_alternative<Restored>(event.what);
  for (Breakpoint& each : list_) {
    const auto* happening = std::get_if<HappeningCondition>(&each.condition.what);
    if (happening == nullptr || !each.nodes) continue;
    const HappeningKind& kind = *happening->kind;
    const bool by_contact = by_contacts_ && kind.fits_contacts != nullptr;
    if (!(by_contact ? kind.fits_contacts : kind.fits)(event.what, *each.nodes)) continue;
    if (each.first)
      ++each.more;
    else
      each.first = event.what;
  }
}

std::vector<BreakHit> Breakpoints::Take() {
  std::vector<BreakHit> hits;
  const bool went_back = std::exchange(went_back_, false);
  for (Breakpoint& each : list_) {
    const bool waits = std::holds_alternative<HappeningCondition>(each.condition.what);
    const auto what = waits ? TakeHappening(each) : TakeCondition(each);
    if (!what || went_back) continue;
    ++each.hits;
    hits.push_back({.number = each.number, .condition = each.condition.text, .what = *what});
  }
  return hits;
}

std::optional<std::vector<NodeId>> Breakpoints::NodesOf(const Breakpoint& breakpoint) const {
  const auto* happening = std::get_if<HappeningCondition>(&breakpoint.condition.what);
  if (happening == nullptr) return std::nullopt;
  std::vector<NodeId> nodes;
  for (const std::string& word : happening->nodes) {
    const auto node = simulation_.Find(word);
    if (!node) return std::nullopt;
    nodes.push_back(*node);
  }
  return nodes;
}

std::optional<std::string> Breakpoints::TakeHappening(Breakpoint& breakpoint) {
  // Whom a name means may have changed; an observer may not ask the simulation, so it is asked
  // here.
  breakpoint.nodes = NodesOf(breakpoint);
  const auto first = std::exchange(breakpoint.first, std::nullopt);
  const std::uint64_t more = std::exchange(breakpoint.more, 0);
  if (!first) return std::nullopt;
  std::string said = Sentence(*first, NamesOf(simulation_));
  if (more > 0) said += fmt::format(", and {} more", more);
  return said;
}

std::optional<std::string> Breakpoints::TakeCondition(Breakpoint& breakpoint) {
  const auto* expectation = std::get_if<Expectation>(&breakpoint.condition.what);
  if (expectation == nullptr) return std::nullopt;
  const auto verdict = Judge(*expectation, simulation_);
  const bool holds = verdict && verdict->holds;
  if (!holds || std::exchange(breakpoint.held, holds)) {
    breakpoint.held = holds;
    return std::nullopt;
  }
  return TextOf(*verdict);
}

}  // namespace delstep
