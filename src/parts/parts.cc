#include "delstep/registry.h"

#include <string>
#include <utility>

#include "aggregation/rules.h"
#include "behaviour/behaviours.h"
#include "churn/churns.h"
#include "compression/compressors.h"
#include "data/data_sources.h"
#include "data/partitioners.h"
#include "learning/dense/dense_learner.h"
#include "learning/plugin/learner_plugin.h"
#include "mobility/mobilities.h"
#include "network/builtin/builtin_network.h"
#include "network/mininet/mininet_network.h"
#include "network/ns3/ns3_network.h"
#include "topology/topologies.h"
#include "traces/traces.h"
#include "user_models/module_cache.h"
#include "user_models/own_aggregator.h"
#include "user_models/own_behaviour.h"
#include "weights/tensor_file.h"

namespace delstep {
namespace {

Result<std::unique_ptr<Learner>> MakeFastest(const Scenario& scenario, const Dataset& data,
                                             Workers& workers) {
  const std::string& model = scenario.model.name;
  // The dense learner is several times as fast on the CPU, and needs no library.
  if ((model == "mlp" || model == "logreg") && scenario.training.device == "cpu")
    return MakeDenseLearner(scenario, data, workers);
  return LearnerOf(model == "tensorflow" ? TensorflowPlugin() : TorchPlugin())(scenario, data,
                                                                               workers);
}

/// What lies in the plug-in, or that this build lacks it.
template <class Make>
void AddFrom(const LearnerPlugin& plugin, Parts<Make>& parts, std::string name,
             std::string sentence, Make make) {
  if (plugin.built())
    parts.Add(std::move(name), std::move(sentence), std::move(make));
  else
    parts.AddAbsent(std::move(name), std::move(sentence), plugin.absence());
}

void AddLearners(Parts<MakeLearner>& learners) {
  learners.Add("auto", "the fastest that can do the model", MakeFastest);
  learners.Add("dense", "perceptrons in plain C++", MakeDenseLearner);
  AddFrom(TorchPlugin(), learners, "torch",
          "LibTorch: convolutions, recurrent nets, TorchScript files, learning modules",
          LearnerOf(TorchPlugin()));
  AddFrom(TensorflowPlugin(), learners, "tensorflow", "TensorFlow: SavedModels, as of Keras",
          LearnerOf(TensorflowPlugin()));
}

/// What a user brings as a C++ file, by the name of the file.
void AddOwnParts(Registry& registry) {
  registry.aggregators.AddFiles(".cpp", "a C++ file such as my_rule.cpp", MakeOwnAggregator);
  registry.behaviours.AddFiles(".cpp", "a C++ file such as my_behaviour.cpp", MakeOwnBehaviour);
  // As other systems write it.
  for (const char* ending : {".CPP", ".Cpp"}) {
    registry.aggregators.AddFiles(ending, "", MakeOwnAggregator);
    registry.behaviours.AddFiles(ending, "", MakeOwnBehaviour);
  }
  // What such a file was compiled to.
  registry.aggregators.AddFiles(".so", "", MakeOwnAggregator);
  registry.behaviours.AddFiles(".so", "", MakeOwnBehaviour);
  registry.hash_source = HashOfSource;
}

void AddModuleData(Parts<LoadData>& data) {
  AddFrom(TorchPlugin(), data, "module", "the data set of your C++ learning module",
          Finishing(LearningModuleDataOf(TorchPlugin())));
}

void AddNetworks(Parts<MakeNetwork>& networks) {
  networks.Add("builtin", "discrete events in virtual time", [](const Scenario& scenario) {
    return MakeBuiltinNetwork(scenario.network, scenario.seed);
  });
  const std::string ns3 = "ns-3, packet level, in a program of its own";
  if (const std::string absence = Ns3Absence(); absence.empty())
    networks.Add("ns3", ns3, MakeNs3Network, Ns3Version);
  else
    networks.AddAbsent("ns3", ns3, absence);
  networks.Add("mininet", "Mininet, real packets, in a program of its own", MakeMininetNetwork,
               MininetVersion);
}

}  // namespace

// Each folder enters its own parts; the order does not matter.
Registry MakeRegistry(const DataFolders& folders) {
  Registry registry;
  AddTopologies(registry.topologies);
  AddGraphWriters(registry.graph_writers);
  AddMobility(registry.mobility);
  AddTraces(registry);
  AddChurn(registry.churn);
  AddBehaviours(registry.behaviours);
  AddDataSources(registry.data, folders);
  AddModuleData(registry.data);
  AddPartitioners(registry.partitioners);
  AddAggregators(registry.aggregators);
  AddCompressors(registry.compressors);
  AddLearners(registry.learners);
  AddNetworks(registry.networks);
  AddOwnParts(registry);
  AddTensorFormats(registry.tensor_readers, registry.tensor_writers);
  return registry;
}

}  // namespace delstep
