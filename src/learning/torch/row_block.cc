#include "learning/torch/row_block.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

namespace delstep {

std::size_t RowBlock::Put(std::span<const float> row) {
  rows_.push_back(row);
  // Rows are whole lines of the cache long, so all begin at one.
  return std::exchange(floats_, floats_ + row.size());
}

void RowBlock::Upload() {
  const auto floats = static_cast<std::int64_t>(floats_);
  if (!device_.defined() || device_.numel() < floats) {
    const torch::TensorOptions options(torch::kFloat);
    device_.reset();  // the old one makes room
    device_ = torch::empty({floats}, options.device(placement_.device));
    staging_ = torch::empty({floats}, options.pinned_memory(placement_.device.is_cuda()));
  }
  float* to = staging_.data_ptr<float>();
  for (const std::span<const float> row : rows_) to = std::ranges::copy(row, to).out;
  const torch::NoGradGuard no_grad;
  device_.narrow(0, 0, floats).copy_(staging_.narrow(0, 0, floats));
}

void RowBlock::Place(std::span<const TrainJob> jobs) {
  placed_.clear();
  if (!placement_.copies) {
    for (const TrainJob& job : jobs) placed_.push_back({job.model, job.state, job.anchor});
    return;
  }
  rows_.clear();
  floats_ = 0;
  // First all that comes back, then the anchors, which nodes may share.
  struct Offsets {
    std::size_t model, state, anchor;
  };
  std::vector<Offsets> offsets;
  for (const TrainJob& job : jobs) {
    const std::size_t model = Put(job.model);
    offsets.push_back({.model = model, .state = Put(job.state), .anchor = 0});
  }
  std::map<const float*, std::size_t> anchors;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (jobs[i].anchor.empty()) continue;
    const auto [known, is_new] = anchors.try_emplace(jobs[i].anchor.data());
    if (is_new) known->second = Put(jobs[i].anchor);
    offsets[i].anchor = known->second;
  }
  Upload();
  for (std::size_t i = 0; i < jobs.size(); ++i)
    placed_.push_back({{OnDevice(offsets[i].model), jobs[i].model.size()},
                       {OnDevice(offsets[i].state), jobs[i].state.size()},
                       {OnDevice(offsets[i].anchor), jobs[i].anchor.size()}});
}

void RowBlock::Place(std::span<const std::span<const float>> models) {
  assert(placement_.copies);
  placed_.clear();
  rows_.clear();
  floats_ = 0;
  // Each has a place of its own, since an evaluation may write there.
  std::vector<std::size_t> offsets;
  for (const std::span<const float> model : models) offsets.push_back(Put(model));
  Upload();
  for (std::size_t i = 0; i < models.size(); ++i)
    placed_.push_back({{OnDevice(offsets[i]), models[i].size()}, {}, {}});
}

void RowBlock::BringHome(std::span<const TrainJob> jobs) {
  if (!placement_.copies) return;
  std::size_t floats = 0;
  for (const TrainJob& job : jobs) floats += job.model.size() + job.state.size();
  const auto length = static_cast<std::int64_t>(floats);
  const torch::NoGradGuard no_grad;
  staging_.narrow(0, 0, length).copy_(device_.narrow(0, 0, length));
  const float* from = staging_.data_ptr<float>();
  for (const TrainJob& job : jobs) {
    std::copy_n(from, job.model.size(), job.model.data());
    from += job.model.size();
    std::copy_n(from, job.state.size(), job.state.data());
    from += job.state.size();
  }
}

}  // namespace delstep
