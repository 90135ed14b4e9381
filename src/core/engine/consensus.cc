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

/// Of these rows, and how many different ones there were to read.
struct MeasuredRows {
  double distance = 0;
  std::size_t read = 0;
};

MeasuredRows MeasureRows(std::span<const Row* const> models) {
  // Nodes that share a row are as far away as each other.
  std::vector<const float*> of_nodes;
  std::vector<std::size_t> places;
  std::vector<DistinctRow> rows;
  std::unordered_map<const void*, std::size_t> known;
  for (const Row* model : models) {
    const float* numbers = model->view().data();
    const auto [place, fresh] = known.try_emplace(model->identity(), rows.size());
    if (fresh) rows.push_back({.numbers = numbers});
    of_nodes.push_back(numbers);
    places.push_back(place->second);
  }
  if (models.empty()) return {};
  return {.distance = DistanceOf(of_nodes, places, rows, models.front()->view().size()),
          .read = rows.size()};
}

}  // namespace

double ConsensusDistance(std::span<const Row> models) {
  std::vector<const Row*> rows;
  for (const Row& model : models) rows.push_back(&model);
  return MeasureRows(rows).distance;
}

double ConsensusMeter::Measure(const World& world) {
  std::vector<std::uint64_t> versions;
  std::vector<const Row*> models;
  for (const Node& node : world.nodes) {
    if (!node.present) continue;
    versions.push_back(node.model.version());
    models.push_back(&node.model);
  }
  if (versions == versions_) return value_;
  const MeasuredRows measured = MeasureRows(models);
  rows_read_ += measured.read;
  versions_ = std::move(versions);
  value_ = measured.distance;
  return value_;
}

}  // namespace delstep
