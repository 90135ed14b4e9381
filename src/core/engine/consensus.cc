#include "core/engine/consensus.h"

#include <algorithm>
#include <array>
#include <cmath>
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

/// Fills in the distances of the rows.
void MeasureDistances(std::span<const float* const> of_nodes, std::span<DistinctRow> rows,
                      std::size_t floats) {
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
}

/// The squared distance of each row to the mean, and how many different rows there were to read.
struct MeasuredRows {
  std::vector<double> squares;
  std::size_t read = 0;

  double Mean() const {
    if (squares.empty()) return 0;
    double total = 0;
    for (const double square : squares) total += square;
    return total / static_cast<double>(squares.size());
  }
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
  MeasureDistances(of_nodes, rows, models.front()->view().size());
  MeasuredRows measured{.squares = {}, .read = rows.size()};
  for (const std::size_t place : places) measured.squares.push_back(rows[place].distance);
  return measured;
}

}  // namespace

double ConsensusDistance(std::span<const Row> models) {
  std::vector<const Row*> rows;
  for (const Row& model : models) rows.push_back(&model);
  return MeasureRows(rows).Mean();
}

std::vector<double> DistancesToMean(std::span<const Row* const> models) {
  std::vector<double> distances = MeasureRows(models).squares;
  for (double& distance : distances) distance = std::sqrt(distance);
  return distances;
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
  value_ = measured.Mean();
  return value_;
}

}  // namespace delstep
