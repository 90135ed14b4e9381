#include "delstep/registry.h"

#include "aggregation/rules.h"
#include "compression/compressors.h"
#include "data/data_sources.h"
#include "data/partitioners.h"
#include "learning/dense/dense_learner.h"
#include "learning/torch_loader/torch_loader.h"
#include "mobility/mobilities.h"
#include "network/builtin/builtin_network.h"
#include "topology/topologies.h"
#include "weights/tensor_file.h"

namespace delstep {
namespace {

Result<std::unique_ptr<Learner>> MakeFastest(const Scenario& scenario, const Dataset& data,
                                             Workers& workers) {
  const std::string& model = scenario.model.name;
  if (model == "mlp" || model == "logreg") return MakeDenseLearner(scenario, data, workers);
  if (model == "tensorflow")
    return Unavailable("model.name 'tensorflow' is not available: not written yet");
  return MakeTorchLearnerFromModule(scenario, data, workers);
}

void AddLearners(Parts<MakeLearner>& learners) {
  learners.Add("auto", "the fastest that can do the model", MakeFastest);
  learners.Add("dense", "perceptrons in plain C++", MakeDenseLearner);
  const char* torch = "LibTorch: convolutions, recurrent nets, TorchScript files, C++ modules";
  if (HasTorchModule())
    learners.Add("torch", torch, MakeTorchLearnerFromModule);
  else
    learners.AddAbsent("torch", torch, kNoTorchModule);
  learners.AddAbsent("tensorflow", "TensorFlow models", "not written yet");
}

void AddModuleData(Parts<LoadData>& data) {
  const char* sentence = "the data set of your C++ learning module";
  if (HasTorchModule())
    data.Add("module", sentence, LoadModuleDataFromModule);
  else
    data.AddAbsent("module", sentence, kNoTorchModule);
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
  AddModuleData(registry.data);
  AddPartitioners(registry.partitioners);
  AddAggregators(registry.aggregators);
  AddCompressors(registry.compressors);
  AddLearners(registry.learners);
  AddNetworks(registry.networks);
  AddTensorFormats(registry.tensor_readers, registry.tensor_writers);
  return registry;
}

}  // namespace delstep
