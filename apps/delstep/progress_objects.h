#pragma once
/// Progress of a request, for the program that made it.
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "console/session/json.h"
#include "delstep/simulation.h"

namespace delstep {

/// From its making to its end it puts out, once a second:
///
///   {"v":2,"n":9,"id":1,"progress":{"seconds":3,"answers":40,"nodes_done":5,"nodes_total":12}}
class ProgressObjects {
 public:
  /// All outlive this. `id` is JSON.
  ProgressObjects(const Simulation& simulation, JsonStream& stream, std::string id);
  ~ProgressObjects();
  ProgressObjects(const ProgressObjects&) = delete;
  ProgressObjects& operator=(const ProgressObjects&) = delete;

 private:
  void Serve(std::stop_token stop);

  const Simulation& simulation_;
  JsonStream& stream_;
  const std::string id_;
  std::mutex mutex_;
  std::condition_variable_any tick_;
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace delstep
