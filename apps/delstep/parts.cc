#include "delstep/registry.h"

#include "aggregation/rules.h"
#include "data/data_sources.h"
#include "data/partitioners.h"
#include "learning/dense/dense_learner.h"
#include "mobility/mobilities.h"
#include "network/builtin/builtin_network.h"
#include "topology/topologies.h"

namespace delstep {
namespace {

/// The dense learner leaves these to learners to come; saying so is more help than calling them
/// wrong.
Result<std::unique_ptr<Learner>> MakeDense(const Scenario& scenario, const Dataset& data,
                                           Workers& workers) {
  const std::string& model = scenario.model.name;
  if (model != "mlp" && model != "logreg")
    return Unavailable(
        "model.name '" + model + "' is not available: it needs a learner that is not written yet",
        "the learner 'dense' has mlp and logreg");
  if (const std::string& optimizer = scenario.training.optimizer;
      optimizer != "adam" && optimizer != "sgd")
    return Unavailable("training.optimizer '" + optimizer + "' is not available: not written yet",
                       "the learner 'dense' has adam and sgd");
  return MakeDenseLearner(scenario, data, workers);
}

void AddLearners(Parts<MakeLearner>& learners) {
  learners.Add("auto", "the fastest that can do the model", MakeDense);
  learners.Add("dense", "perceptrons in plain C++", MakeDense);
  learners.AddAbsent("torch", "LibTorch: convolutions, recurrent nets, TorchScript files",
                     "not written yet");
  learners.AddAbsent("tensorflow", "TensorFlow models", "not written yet");
}

void AddNetworks(Parts<MakeNetwork>& networks) {
  networks.Add("builtin", "discrete events in virtual time", MakeBuiltinNetwork);
  networks.AddAbsent("ns3", "ns-3, packet level, in a program of its own", "not written yet");
  networks.AddAbsent("mininet", "Mininet, real packets, in a program of its own",
                     "not written yet");
}

}  // namespace

Registry MakeRegistry(const std::filesystem::path& data_folder) {
  Registry registry;
  AddTopologies(registry.topologies);
  AddGraphWriters(registry.graph_writers);
  AddMobility(registry.mobility);
  AddDataSources(registry.data, data_folder);
  AddPartitioners(registry.partitioners);
  AddAggregators(registry.aggregators);
  AddLearners(registry.learners);
  AddNetworks(registry.networks);
  return registry;
}

}  // namespace delstep
