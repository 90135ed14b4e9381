#include "core/engine/consensus.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <span>
#include <unordered_map>
#include <utility>

#include "core/cluster/cluster.h"

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

  /// Of models that hold infinite numbers it is none, and has a sign like any other: that would be told as
  /// "-nan".
  double Mean() const {
    if (squares.empty()) return 0;
    double total = 0;
    for (const double square : squares) total += square;
    return std::abs(total / static_cast<double>(squares.size()));
  }
};

/// Rows without those that stand there already, and the place of each.
struct Distinct {
  std::vector<const Row*> rows;
  std::vector<std::size_t> places;

  explicit Distinct(std::span<const Row* const> models) {
    std::unordered_map<const void*, std::size_t> known;
    for (const Row* model : models) {
      const auto [place, fresh] = known.try_emplace(model->identity(), rows.size());
      if (fresh) rows.push_back(model);
      places.push_back(place->second);
    }
  }
};

/// Where a row is read: here if it is here, else in the first process that has it, for no numbers have
/// to travel then.
int ReaderOf(const Row& row) { return std::countr_zero(row.holders()); }

/// The sums of the models, in their order. Those that follow each other in one process are added there.
std::vector<double> SumEverywhere(Cluster& cluster, std::span<const Row* const> models) {
  std::vector<double> sums(models.front()->floats());
  while (!models.empty()) {
    const int process = ReaderOf(*models.front());
    const auto end =
        std::ranges::find_if(models, [&](const Row* model) { return ReaderOf(*model) != process; });
    const auto part = models.first(static_cast<std::size_t>(end - models.begin()));
    models = models.subspan(part.size());
    if (process == 0) {
      AddToMean(part, sums);
      continue;
    }
    Round round(cluster);
    for (const Row* model : part) round.Item(process, Work::kAddToMean).Add(model->version());
    round.SetCommon(process, std::string(BytesOfList(sums)));
    round.Start();
    const auto answers = round.Finish();
    assert(answers);
    // The next process goes on from here, so that the additions have the order of one process.
    sums = ListOf<double>((*answers)[static_cast<std::size_t>(process)]);
  }
  return sums;
}

// Rows apart from each other: each process measures those that it has.
std::vector<double> DistancesEverywhere(Cluster& cluster, std::span<const Row* const> rows,
                                        std::span<const double> mean) {
  std::vector<double> all(rows.size());
  std::vector<const Row*> here;
  std::vector<std::vector<double*>> places(static_cast<std::size_t>(cluster.size()));
  Round round(cluster);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const int process = ReaderOf(*rows[i]);
    places[static_cast<std::size_t>(process)].push_back(&all[i]);
    if (process == 0)
      here.push_back(rows[i]);
    else
      round.Item(process, Work::kDistances).Add(rows[i]->version());
  }
  for (int process = 1; process < cluster.size(); ++process)
    if (!places[static_cast<std::size_t>(process)].empty())
      round.SetCommon(process, std::string(BytesOfList(mean)));
  round.Start();
  const std::vector<double> of_here = SquaredDistances(here, mean);
  const auto answers = round.Finish();
  assert(answers);
  for (std::size_t process = 0; process < places.size(); ++process) {
    const auto squares = process == 0 ? of_here : ListOf<double>((*answers)[process]);
    for (std::size_t i = 0; i < places[process].size(); ++i) *places[process][i] = squares[i];
  }
  return all;
}

// Two passes over the processes: the mean must be known before the first distance is.
MeasuredRows MeasureEverywhere(std::span<const Row* const> models) {
  auto& cluster = static_cast<Cluster&>(*models.front()->others());
  std::vector<double> mean = SumEverywhere(cluster, models);
  for (double& value : mean) value /= static_cast<double>(models.size());
  const Distinct distinct(models);
  const std::vector<double> squares = DistancesEverywhere(cluster, distinct.rows, mean);
  MeasuredRows measured{.squares = {}, .read = distinct.rows.size()};
  for (const std::size_t place : distinct.places) measured.squares.push_back(squares[place]);
  return measured;
}

MeasuredRows MeasureRows(std::span<const Row* const> models) {
  if (!std::ranges::all_of(models, [](const Row* model) { return model->here(); }))
    return MeasureEverywhere(models);
  // Nodes that share a row are as far away as each other.
  if (models.empty()) return {};
  const Distinct distinct(models);
  std::vector<const float*> of_nodes;
  std::vector<DistinctRow> rows;
  for (const Row* model : models) of_nodes.push_back(model->view().data());
  for (const Row* row : distinct.rows) rows.push_back({.numbers = row->view().data()});
  MeasureDistances(of_nodes, rows, models.front()->floats());
  MeasuredRows measured{.squares = {}, .read = rows.size()};
  for (const std::size_t place : distinct.places) measured.squares.push_back(rows[place].distance);
  return measured;
}

}  // namespace

// Columns in blocks that stay in the first cache while all rows pass by.
void AddToMean(std::span<const Row* const> rows, std::span<double> sums) {
  for (std::size_t begin = 0; begin < sums.size(); begin += kConsensusBlock) {
    const std::span block = sums.subspan(begin, std::min(kConsensusBlock, sums.size() - begin));
    for (const Row* row : rows) {
      const float* numbers = row->view().data() + begin;
      for (std::size_t i = 0; i < block.size(); ++i) block[i] += numbers[i];
    }
  }
}

// One chain of additions per row, as where all rows are in one process: the same bits.
std::vector<double> SquaredDistances(std::span<const Row* const> rows,
                                     std::span<const double> mean) {
  std::vector<double> squares;
  for (const Row* row : rows) {
    DistinctRow distinct{.numbers = row->view().data()};
    AddDistances<1>({&distinct, 1}, 0, mean);
    squares.push_back(distinct.distance);
  }
  return squares;
}

double ConsensusDistance(std::span<const Row> models) {
  std::vector<const Row*> rows;
  for (const Row& model : models) rows.push_back(&model);
  return MeasureRows(rows).Mean();
}

std::vector<double> DistancesToMean(std::span<const Row* const> models) {
  std::vector<double> distances = MeasureRows(models).squares;
  for (double& distance : distances) distance = std::sqrt(std::abs(distance));
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
