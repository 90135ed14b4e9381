#include "core/engine/consensus.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <unordered_map>
#include <utility>

namespace delstep {
namespace {

/// Columns taken together: their means and a few rows' numbers stay in the first cache.
constexpr std::size_t kConsensusBlock = 512;

/// A row that some nodes have, and its squared distance to the mean so far.
struct DistinctRow {
  const float* numbers = nullptr;
  double distance = 0;
};

/// Adds what the columns from `begin` on contribute, each row's terms in the order of columns.
template <std::size_t kRows>
void AddDistances(std::span<DistinctRow> rows, std::size_t begin, std::span<const double> mean) {
  // A chain of additions waits for each one; several rows at a time keep the processor busy.
  std::array<const float*, kRows> numbers;
  std::array<double, kRows> sums;
  for (std::size_t r = 0; r < kRows; ++r) {
    numbers[r] = rows[r].numbers + begin;
    sums[r] = rows[r].distance;
  }
  for (std::size_t i = 0; i < mean.size(); ++i)
    for (std::size_t r = 0; r < kRows; ++r) {
      const double difference = numbers[r][i] - mean[i];
      sums[r] += difference * difference;
    }
  for (std::size_t r = 0; r < kRows; ++r) rows[r].distance = sums[r];
}

double DistanceOf(std::span<const float* const> of_nodes, std::span<const std::size_t> places,
                  std::span<DistinctRow> rows, std::size_t floats) {
  const auto count = static_cast<double>(of_nodes.size());
  std::array<double, kConsensusBlock> means;
  for (std::size_t begin = 0; begin < floats; begin += kConsensusBlock) {
    const std::span mean(means.data(), std::min(kConsensusBlock, floats - begin));
    std::ranges::fill(mean, 0.0);
    // Node by node, also where several share a row: the mean keeps its bits.
    for (const float* numbers : of_nodes)
      for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += numbers[begin + i];
    for (double& value : mean) value /= count;
    std::size_t r = 0;
    for (; r + 4 <= rows.size(); r += 4) AddDistances<4>(rows.subspan(r, 4), begin, mean);
    for (; r < rows.size(); ++r) AddDistances<1>(rows.subspan(r, 1), begin, mean);
  }
  double total = 0;
  for (const std::size_t place : places) total += rows[place].distance;
  return total / count;
}

}  // namespace

double ConsensusMeter::Measure(const World& world) {
  std::vector<std::uint64_t> versions;
  versions.reserve(world.nodes.size());
  for (const Node& node : world.nodes)
    if (node.present) versions.push_back(node.model.version());
  if (versions == versions_) return value_;

  // Nodes that share a row are as far away as each other.
  std::vector<const float*> of_nodes;
  std::vector<std::size_t> places;
  std::vector<DistinctRow> rows;
  std::unordered_map<const void*, std::size_t> known;
  std::size_t floats = 0;
  for (const Node& node : world.nodes) {
    if (!node.present) continue;
    const std::span<const float> row = node.model.view();
    const auto [place, fresh] = known.try_emplace(node.model.identity(), rows.size());
    if (fresh) rows.push_back({.numbers = row.data()});
    of_nodes.push_back(row.data());
    places.push_back(place->second);
    floats = row.size();
  }
  rows_read_ += rows.size();
  versions_ = std::move(versions);
  value_ = of_nodes.empty() ? 0 : DistanceOf(of_nodes, places, rows, floats);
  return value_;
}

}  // namespace delstep
