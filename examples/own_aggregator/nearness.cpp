// Your own rule of aggregation, chosen by its file. From the top of the source tree:
//
//   delstep examples/own_aggregator/run.toml -f examples/own_aggregator/run.del
//
// The rule trusts a peer the more the closer its model is: w_k ~ 1 / (1 + |theta_k - theta|). A
// node whose data differ from its neighbours' then keeps more of what it knows.
#include <delstep/aggregator_module.h>

#include <cmath>

class Nearness : public delstep::WeightRule {
 public:
  Sees sees() const override { return Sees::kEncounters; }

 private:
  delstep::Result<void> DoWeigh(std::span<const delstep::PeerModel> models,
                                std::span<double> weights) const override {
    double sum = 0;
    for (std::size_t k = 0; k < models.size(); ++k) {
      weights[k] = 1 / (1 + Distance(models[k].model, models[0].model));
      sum += weights[k];
    }
    for (double& weight : weights) weight /= sum;
    return {};
  }

  static double Distance(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(sum);
  }
};

DELSTEP_AGGREGATOR(Nearness)
