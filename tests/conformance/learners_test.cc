// The learners that pass the suite, but for those that need a library: their own tests have them.
#include "learning/dense/dense_learner.h"
#include "tests/conformance/learner_conformance.h"

namespace delstep {
namespace {

Scenario With(std::string model, std::vector<std::size_t> hidden, std::string optimizer,
              double momentum = 0, bool portable = false, std::string activation = "relu") {
  Scenario scenario;
  scenario.model.name = std::move(model);
  scenario.model.hidden = std::move(hidden);
  scenario.model.activation = std::move(activation);
  scenario.model.dropout = 0.1;
  scenario.training.optimizer = std::move(optimizer);
  scenario.training.momentum = momentum;
  scenario.training.weight_decay = 0.0001;
  scenario.portable = portable;
  return scenario;
}

// A learner joins here.
INSTANTIATE_TEST_SUITE_P(
    , LearnerConformance,
    testing::Values(
        LearnerUnderTest{"dense_mlp_adam", With("mlp", {20, 16}, "adam"), MakeDenseLearner},
        LearnerUnderTest{"dense_mlp_portable", With("mlp", {20}, "adam", 0, true),
                         MakeDenseLearner},
        LearnerUnderTest{"dense_mlp_tanh_momentum", With("mlp", {17}, "sgd", 0.9, false, "tanh"),
                         MakeDenseLearner},
        LearnerUnderTest{"dense_mlp_no_hidden_layer", With("mlp", {}, "adam"), MakeDenseLearner},
        LearnerUnderTest{"dense_mlp_adamw", With("mlp", {20}, "adamw"), MakeDenseLearner},
        LearnerUnderTest{"dense_mlp_rmsprop", With("mlp", {20}, "rmsprop"), MakeDenseLearner},
        LearnerUnderTest{"dense_mlp_rmsprop_momentum", With("mlp", {20}, "rmsprop", 0.5),
                         MakeDenseLearner},
        LearnerUnderTest{"dense_logreg_sgd", With("logreg", {}, "sgd"), MakeDenseLearner}),
    NameOfLearner);

}  // namespace
}  // namespace delstep
