#include "page/recorded_places.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <fstream>

#include "base/json.h"
#include "base/text.h"
#include "recording/moment_json.h"

namespace delstep {
namespace {

constexpr std::size_t kFields = 5;  // moment,sim_time,node,x,y

std::optional<std::array<std::string_view, kFields>> FieldsOf(std::string_view line) {
  std::array<std::string_view, kFields> fields;
  for (std::size_t i = 0; i < kFields; ++i) {
    const std::size_t end = line.find(',');
    if ((end == std::string_view::npos) != (i + 1 == kFields)) return std::nullopt;
    fields[i] = line.substr(0, end);
    line.remove_prefix(i + 1 == kFields ? line.size() : end + 1);
  }
  return fields;
}

std::optional<float> FloatOf(std::string_view text) {
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<RecordedPlaces> RecordedPlaces::Open(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  RecordedPlaces places;
  // A last line without its end was cut off: its numbers may be too.
  for (std::string line; std::getline(in, line) && !in.eof();) places.Read(line);
  return places;
}

void RecordedPlaces::Read(std::string_view line) {
  const auto fields = FieldsOf(line);
  if (!fields) return;
  const auto moment = ParseUnsigned((*fields)[0]);
  const auto x = FloatOf((*fields)[3]), y = FloatOf((*fields)[4]);
  if (!moment || !x || !y) return;
  std::vector<Row>& rows = moments_[*moment];
  if (last_ != *moment) rows.clear();
  last_ = *moment;
  const std::string address((*fields)[2]);
  const auto [found, is_new] =
      index_.try_emplace(address, static_cast<std::uint32_t>(addresses_.size()));
  if (is_new) addresses_.push_back(address);
  rows.push_back({.node = found->second, .x = *x, .y = *y});
}

std::string RecordedPlaces::ToJson(std::span<const std::uint64_t> back) const {
  std::vector<const Row*> known(addresses_.size());
  std::size_t missing = known.size();
  for (const std::uint64_t moment : back) {
    const auto found = moments_.find(moment);
    if (found == moments_.end()) continue;
    for (const Row& row : found->second) {
      if (known[row.node] != nullptr) continue;
      known[row.node] = &row;
      --missing;
    }
    // Where all move, one moment has all.
    if (missing == 0) break;
  }
  std::string nodes, xs, ys;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known[i] == nullptr) continue;
    const char* comma = nodes.empty() ? "" : ",";
    nodes += comma + JsonString(addresses_[i]);
    xs += comma + RoundedJson(known[i]->x);
    ys += comma + RoundedJson(known[i]->y);
  }
  return fmt::format(R"({{"node":[{}],"x":[{}],"y":[{}]}})", nodes, xs, ys);
}

}  // namespace delstep
