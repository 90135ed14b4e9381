#pragma once
/// The consensus distance: how far the models of a run are from their mean.
///
///   (1/N) sum over the nodes of |theta_i - mean|^2     (Koloskova et al. 2019); 0 where all agree
///
/// A recorded run asks for it after each command, so a value is kept and given again while no
/// model has changed. Where one has, every model is read once, because the mean has moved for all:
/// the sums are formed anew in the order of node ids, so that the value has the same bits whoever
/// asked before, and how often.
///
/// Threads: one caller at a time.
#include <cstdint>
#include <span>
#include <vector>

#include "core/world/world.h"

namespace delstep {

/// Of these models alone; 0 without any. Reads all of them.
double ConsensusDistance(std::span<const Row> models);

/// Euclidean distance of each of these models to their mean, in the order given. Reads all of them.
std::vector<double> DistancesToMean(std::span<const Row* const> models);

/// The two passes of the above, for processes that each have some of the models: the sums of the first
/// go from process to process in the order of the models, so that they have the same bits as in one.
/// Adds each row to the sums, in the order given.
void AddToMean(std::span<const Row* const> rows, std::span<double> sums);
/// The squared distance of each row to the mean.
std::vector<double> SquaredDistances(std::span<const Row* const> rows,
                                     std::span<const double> mean);

class ConsensusMeter {
 public:
  /// Over the present nodes; 0 without any.
  double Measure(const World& world);

  /// How many model rows have been read so far, all calls together: what measuring has cost.
  std::uint64_t rows_read() const { return rows_read_; }

 private:
  /// What `value_` was made from: Row::version of each present node's model, by id.
  std::vector<std::uint64_t> versions_;
  double value_ = 0;
  std::uint64_t rows_read_ = 0;
};

}  // namespace delstep
