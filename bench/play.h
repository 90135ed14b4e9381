#pragma once
/// A simulation with a stop-watch: a workload is a sequence of commands on it.
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "delstep/scenario.h"
#include "delstep/simulation.h"
#include "recording/run_directory.h"

namespace delstep {

/// What a model costs, zeros counted.
struct ModelCost {
  double parameters = 0;
  double train_flops = 0, test_flops = 0;  ///< an example
};

/// A command, over all of its runs. Work that nobody counted is 0.
struct Phase {
  std::string name;
  int times = 0;
  double seconds = 0;
  double gflop = 0;      ///< multiplications and additions, zeros counted
  double gigabytes = 0;  ///< the least that must be read and written
  double messages = 0;
};

/// Each command is for all nodes. An error of the simulation ends the program.
class Play {
 public:
  /// The creation of the simulation is the first phase. Null: a part that this build lacks; `why`
  /// says which.
  static std::unique_ptr<Play> Create(const Scenario& scenario, ModelCost cost, std::string& why);

  void Train();
  void Flood();
  void Gossip(std::size_t peers);
  void NetworkStep();
  /// `written`: how many different rows it makes, which is fewer than nodes where the sums are
  /// equal.
  void Aggregate(const char* phase, std::size_t written);
  void Test(EvaluationScope::Kind kind);
  /// From now on the run is recorded as with --out, in a folder that goes with the play.
  void Record();
  /// train, flood, nstep, ag, each recorded as a command where Record() was called.
  void Round(const char* phase);
  /// Every node with a rate of its own: then no two sums are equal.
  void SpreadRates();

  std::size_t nodes() const { return nodes_.size(); }
  const std::vector<Phase>& phases() const {
    return phases_;
  }  ///< in the order in which they began
  Statistics Stats() const { return simulation_->Stats(); }

  ~Play();

 private:
  explicit Play(ModelCost cost) : cost_(cost) {}
  Phase& Time(const std::string& phase, const std::function<void()>& run);

  ModelCost cost_;
  std::unique_ptr<Simulation> simulation_;
  std::vector<NodeId> nodes_;
  std::vector<Phase> phases_;
  std::string folder_;  // of the record
  std::unique_ptr<RunDirectory> record_;
};

}  // namespace delstep
