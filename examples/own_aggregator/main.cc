// Your own rule of aggregation, in your own program: public headers only.
//
// The rule trusts a peer the more the closer its model is: w_k ~ 1 / (1 + |theta_k - theta|). A
// node whose data differ from its neighbours' then keeps more of what it knows. Eight nodes with
// skewed data train, flood and aggregate, once with this rule and once with federated averaging.
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "delstep/aggregator.h"
#include "delstep/registry.h"
#include "delstep/simulation.h"

namespace {

using namespace delstep;

double Distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

class Nearness final : public WeightRule {
 public:
  Sees sees() const override { return Sees::kEncounters; }

 private:
  Result<void> DoWeigh(std::span<const PeerModel> models,
                       std::span<double> weights) const override {
    double sum = 0;
    for (std::size_t k = 0; k < models.size(); ++k) {
      weights[k] = 1 / (1 + Distance(models[k].model, models[0].model));
      sum += weights[k];
    }
    for (double& weight : weights) weight /= sum;
    return {};
  }
};

/// The mean accuracy after five cycles.
Result<double> Play(const Registry& registry, const std::string& rule) {
  Scenario scenario;
  scenario.nodes.count = 8;
  scenario.data.name = "blobs";
  scenario.partition.name = "dirichlet";
  scenario.partition.alpha = 0.5;
  scenario.aggregation.name = rule;
  DELSTEP_ASSIGN(const auto simulation, Simulation::Create(scenario, registry));
  const std::vector<NodeId> all = simulation->Nodes();
  for (int cycle = 0; cycle < 5; ++cycle) {
    DELSTEP_TRY(simulation->Train(all));
    DELSTEP_TRY(simulation->Flood(all));
    DELSTEP_TRY(simulation->NetworkStep());
    DELSTEP_TRY(simulation->Aggregate(all));
  }
  DELSTEP_TRY(simulation->Evaluate(all, {EvaluationScope::Kind::kLocal, {}}));
  return simulation->Stats().accuracy.mean;
}

}  // namespace

int main(int argc, char** argv) {
  Registry registry = MakeRegistry({.fetched = "data"});
  registry.aggregators.Add(
      "nearness", "the closer a peer's model, the more it counts",
      [](const AggregationOptions&) -> Result<Aggregator> { return std::make_unique<Nearness>(); });
  // From here on the rule has a name like any other: `own_aggregator nearness krum`.
  std::vector<std::string> rules(argv + 1, argv + argc);
  if (rules.empty()) rules = {"nearness", "fedavg"};
  for (const std::string& rule : rules) {
    const auto accuracy = Play(registry, rule);
    if (!accuracy) {
      std::fprintf(stderr, "%s\n", accuracy.error().message.c_str());
      return 1;
    }
    std::printf("%-8s  accuracy on the nodes' own data: %.4f\n", rule.c_str(), *accuracy);
  }
}
