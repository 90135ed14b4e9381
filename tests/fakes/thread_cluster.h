#pragma once
/// A cluster whose processes are threads of the test (cluster/thread_processes.h).
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cluster/thread_processes.h"
#include "core/cluster/cluster.h"
#include "core/member.h"
#include "delstep/registry.h"

namespace delstep::fakes {

/// How many processes the environment wants for tests of the core, 1 where it says nothing: so all of
/// them run over a cluster too (src/core/CMakeLists.txt).
inline int WantedProcesses() {
  const char* wanted = std::getenv("DELSTEP_TEST_PROCESSES");
  return wanted ? std::atoi(wanted) : 1;
}

/// Runs that are made with `registry` are spread over `size` processes as long as this lives. They go
/// before it.
class ThreadCluster {
 public:
  ThreadCluster(int size, Registry& registry) : processes_(size), registry_(registry) {
    for (int process = 1; process < size; ++process)
      members_.emplace_back([this, process] {
        ServeRun(*processes_.At(process), registry_,
                 [this](std::string_view bytes) { return Load(bytes); });
      });
    registry.cluster = cluster_ =
        std::make_shared<Cluster>(std::make_unique<Lent>(*processes_.At(0)),
                                  [this](const Scenario& scenario) { return Save(scenario); });
  }
  ~ThreadCluster() {
    registry_.cluster.reset();
    cluster_.reset();  // tells the members that it is over
  }
  ThreadCluster(const ThreadCluster&) = delete;
  ThreadCluster& operator=(const ThreadCluster&) = delete;

  Cluster& cluster() { return *cluster_; }
  /// Numbers that went from one process to another so far.
  std::size_t numbers_sent() const { return processes_.numbers_sent(); }

 private:
  /// A cluster owns its processes; these belong to the test.
  class Lent final : public Processes {
   public:
    explicit Lent(Processes& processes) : processes_(processes) {}
    int self() const override { return processes_.self(); }
    int size() const override { return processes_.size(); }
    void Send(int to, std::string_view message) override { processes_.Send(to, message); }
    std::string Receive(int from) override { return processes_.Receive(from); }
    bool HasMessage(int from) override { return processes_.HasMessage(from); }
    void Exchange(std::span<const Outgoing> out, std::span<const Incoming> in) override {
      processes_.Exchange(out, in);
    }

   private:
    Processes& processes_;
  };

  // A place in a list will do for bytes: all processes see it, and the parts of a fake run have no keys.
  std::string Save(const Scenario& scenario) {
    const std::scoped_lock lock(mutex_);
    scenarios_.push_back(scenario);
    return std::to_string(scenarios_.size() - 1);
  }
  Result<Scenario> Load(std::string_view bytes) {
    const std::scoped_lock lock(mutex_);
    return scenarios_.at(std::stoul(std::string(bytes)));
  }

  ThreadProcesses processes_;
  Registry& registry_;
  std::mutex mutex_;
  std::vector<Scenario> scenarios_;
  std::shared_ptr<Cluster> cluster_;
  std::vector<std::jthread> members_;  // joined first
};

}  // namespace delstep::fakes
