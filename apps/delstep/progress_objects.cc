#include "apps/delstep/progress_objects.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace delstep {

ProgressObjects::ProgressObjects(const Simulation& simulation, JsonStream& stream, std::string id)
    : simulation_(simulation), stream_(stream), id_(std::move(id)) {
  stream_.OpenProgress(id_);
  thread_ = std::jthread([this](std::stop_token stop) { Serve(std::move(stop)); });
}

ProgressObjects::~ProgressObjects() {
  thread_.request_stop();
  thread_.join();
}

void ProgressObjects::Serve(std::stop_token stop) {
  const std::uint64_t first = stream_.answers();
  for (int seconds = 1;; ++seconds) {
    {
      std::unique_lock lock(mutex_);
      tick_.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
    }
    if (stop.stop_requested()) return;
    const Progress now = simulation_.CurrentProgress();
    stream_.PutProgress(
        id_, fmt::format(R"({{"seconds":{},"answers":{},"nodes_done":{},"nodes_total":{}}})",
                         seconds, stream_.answers() - first, now.done, now.total));
  }
}

}  // namespace delstep
