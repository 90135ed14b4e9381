#include "user_models/new_file.h"
#include "user_models/own_aggregator.h"

namespace delstep {
namespace {

// Not R"cpp(...)cpp": clang-format would lay out what is in it as a part of this file.
constexpr std::string_view kAggregatorTemplate =
    R"aggregator(// A rule of aggregation: how a node makes one model of its own and those it has received. Run it
// with
//
//   delstep aggregation.name={shell}
//
// and then type `train`, `flood`, `nstep`, `ag`, `test`; or change to it in a run by
// `set aggregation.name {console}`. The program compiles this file when it has changed, and
// remembers the result. Everything below may be changed.
#include <delstep/aggregator_module.h>

#include <cmath>

// This rule trusts a peer the more the closer its model is: w_k ~ 1 / (1 + |theta_k - theta|).
//
// A WeightRule gives each model a weight, and the program forms the weighted sum. There are two
// other kinds: a SelectionRule chooses one of the models, and a MergeRule writes the numbers of the
// result itself. <delstep/aggregator.h> has both.
class Nearness : public delstep::WeightRule {
 public:
  // kEncounters: every record of the guestbook. kInbox: the newest message of each sender.
  Sees sees() const override { return Sees::kInbox; }

 private:
  // models[0] is the node's own model; the others are the peers' (node, samples, degree, model).
  // The weights must sum to 1. Where there are too few models:
  //   return delstep::Refused("nearness needs 3 models");
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
)aggregator";

}  // namespace

Result<void> WriteAggregatorTemplate(const std::filesystem::path& file) {
  return WriteNewFile(file, kAggregatorTemplate,
                      "give another name: delstep new aggregator FILE.cpp");
}

}  // namespace delstep
