#pragma once
/// The rows of several jobs, copied to a device and back in one transfer each way.
#include <torch/torch.h>

#include <cstddef>
#include <span>
#include <vector>

#include "delstep/learner.h"
#include "learning/torch/placement.h"

namespace delstep {

/// Where a job's rows are while it runs: pointers into the memory of the placement's device, which
/// the CPU may not follow unless it is that device.
struct PlacedRows {
  std::span<float> model, state;
  std::span<const float> anchor;
};

/// Without copies the rows are where they were, and nothing is done. Exceptions are LibTorch's:
/// mostly that the device has no memory left.
class RowBlock {
 public:
  explicit RowBlock(const Placement& placement) : placement_(placement) {}

  /// How many of the jobs, from the first on, are to be placed together; at least 1.
  template <class Job>
  std::size_t CountOf(std::span<const Job> jobs) const {
    if (!placement_.copies) return jobs.size();
    std::size_t count = 0, bytes = 0;
    for (const Job& job : jobs) {
      bytes += BytesOf(job);
      if (count > 0 && bytes > placement_.block_bytes) break;
      ++count;
    }
    return count;
  }

  /// Takes the place of what was placed before.
  void Place(std::span<const TrainJob> jobs);
  /// Of models that are evaluated; not in place, since that would let their rows be written to.
  void Place(std::span<const std::span<const float>> models);

  PlacedRows at(std::size_t job) const { return placed_[job]; }

  /// Copies model and state of the jobs back. They are those of Place().
  void BringHome(std::span<const TrainJob> jobs);

 private:
  static std::size_t BytesOf(const TrainJob& job) {
    return sizeof(float) * (job.model.size() + job.state.size() + job.anchor.size());
  }
  static std::size_t BytesOf(std::span<const float> model) { return model.size_bytes(); }

  std::size_t Put(std::span<const float> row);
  void Upload();
  float* OnDevice(std::size_t offset) { return device_.data_ptr<float>() + offset; }

  const Placement& placement_;
  std::vector<PlacedRows> placed_;
  std::vector<std::span<const float>> rows_;  // one after the other in the block
  std::size_t floats_ = 0;
  torch::Tensor staging_;  // in main memory, where transfers to a GPU begin and end
  torch::Tensor device_;
};

}  // namespace delstep
