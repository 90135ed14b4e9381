#include "learning/torch/torch_learner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "learning/dense/dense_learner.h"
#include "learning/torch/fixture.h"
#include "learning/torch/models/builtin_net.h"

namespace delstep {
namespace {

using testing::HasSubstr;

/// The largest difference of two rows.
double Distance(std::span<const float> a, std::span<const float> b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = std::max(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return most;
}

TEST(TorchLearner, AgreesWithTheDenseLearnerOnAPerceptron) {
  const Pictures pictures({1, 7, 7});
  for (const char* optimizer : {"adam", "adamw", "sgd", "rmsprop"})
    for (const char* activation : {"relu", "tanh"})
      for (const double momentum : {0.0, 0.9}) {
        Scenario scenario = Model("mlp", optimizer);
        scenario.model.hidden = {20, 32};
        scenario.model.activation = activation;
        scenario.model.dropout = 0.3;
        scenario.training.momentum = momentum;
        Node torch(MakeTorchLearner, scenario, pictures.data);
        Node dense(MakeDenseLearner, scenario, pictures.data);
        EXPECT_EQ(torch.learner->layout().model, dense.learner->layout().model);
        EXPECT_EQ(torch.learner->layout().state, dense.learner->layout().state);
        EXPECT_EQ(Distance(torch.row(), dense.row()), 0) << "equal keys, equal initial rows";
        const std::vector<float> anchor(dense.row().begin(), dense.row().end());
        const AlignedFloats start(anchor.size());
        const TrainOptions options{.local_steps = 10,
                                   .batch_size = 7,
                                   .momentum = momentum,
                                   .weight_decay = 0.01,
                                   .proximal_mu = 0.1,
                                   .clip_norm = 0.5};
        const TrainResult ours = torch.Train(pictures.view(), options, anchor);
        const TrainResult theirs = dense.Train(pictures.view(), options, anchor);
        EXPECT_EQ(ours.error, "");
        EXPECT_EQ(ours.steps, 10);
        EXPECT_NEAR(ours.loss, theirs.loss, 1e-5);
        EXPECT_GT(Distance(dense.row(), anchor), 1e-4);
        EXPECT_LT(Distance(torch.row(), dense.row()), 2e-5) << optimizer << " " << activation;
      }
}

TEST(TorchLearner, HasTheParametersThatThePapersState) {
  const Pictures digits({1, 28, 28}), colours({3, 32, 32});
  const auto payload = [](const Scenario& scenario, const Dataset& data,
                          TensorSpec::Role role = TensorSpec::Role::kParameter) {
    PoolWorkers workers(1);
    const auto learner = MakeTorchLearner(scenario, data, workers);
    EXPECT_TRUE(learner.ok()) << learner.error().message;
    std::size_t floats = 0;
    for (const TensorSpec& tensor : (*learner)->layout().model.tensors)
      if (tensor.role == role) floats += tensor.floats;
    return floats;
  };
  EXPECT_EQ(payload(Model("cnn"), digits.data), 1'663'370u) << "McMahan et al. 2017, section 3";
  EXPECT_EQ(payload(Model("lenet"), digits.data), 61'706u);
  EXPECT_EQ(payload(Model("resnet20"), colours.data), 269'722u) << "0.27 M in He et al. 2016";
  // 16, 32 and 64 channels in 7, 6 and 6 layers, a mean and a variance each.
  EXPECT_EQ(payload(Model("resnet20"), colours.data, TensorSpec::Role::kBuffer),
            2 * (7 * 16 + 6 * 32 + 6 * 64));
}

/// Says of any batch that a number of examples are right, as a user's module may.
class Counting final : public BuiltinNet<torch::nn::LinearImpl> {
 public:
  Counting(std::int64_t features, std::int64_t classes, std::function<std::int64_t()> count)
      : BuiltinNet(std::make_shared<torch::nn::LinearImpl>(features, classes)),
        count_(std::move(count)) {}
  std::int64_t CountCorrect(const torch::Tensor&, const torch::Tensor&) override {
    return count_();
  }

 private:
  std::function<std::int64_t()> count_;
};

TEST(TorchLearner, RefusesCountsOfRightAnswersThatNoBatchCanHave) {
  const Pictures nine({6}, 3, 9);
  std::function<std::int64_t()> count = [] { return 0; };
  const MakeLearner make = [&](const Scenario& scenario, const Dataset& data, Workers& workers) {
    return MakeNetLearner(
        [&]() -> Result<std::unique_ptr<Net>> {
          return std::make_unique<Counting>(6, 3, [&] { return count(); });
        },
        scenario, data, workers);
  };
  Node node(make, Model("module"), nine.data);
  const auto evaluate = [&](bool confusion) {
    const EvaluateJob job{.model = node.row(), .data = nine.view(), .confusion = confusion};
    return node.learner->Evaluate(std::span(&job, 1))[0];
  };
  for (const std::int64_t right : {0, 9}) {
    count = [=] { return right; };
    EXPECT_EQ(evaluate(false).error, "");
    EXPECT_EQ(evaluate(false).correct, right);
  }
  for (const std::int64_t wrong : {10, -1}) {
    count = [=] { return wrong; };
    EXPECT_EQ(evaluate(false).failure, JobFailure::kLearner);
    EXPECT_THAT(evaluate(false).error, HasSubstr("CountCorrect() of the model says that"));
  }
  // Of the 3 examples of class 0, 5 for class 0, -2 for class 1 and none for class 2 are 3 as well.
  std::vector<std::int64_t> answers = {9, 5, -2, 0};
  count = [&, next = std::size_t{0}]() mutable { return answers[next++ % answers.size()]; };
  EXPECT_THAT(evaluate(true).error, HasSubstr("says that 5 of 3 examples are right"));
}

TEST(TorchLearner, LearnsPicturesByHeart) {
  const Pictures digits({1, 28, 28}, 10, 20);
  for (const char* model : {"cnn", "lenet", "resnet20"}) {
    Node node(MakeTorchLearner, Model(model), digits.data);
    const TrainOptions options{.epochs = 40, .batch_size = 20, .learning_rate = 0.002};
    EXPECT_EQ(node.Train(digits.view(), options).error, "");
    const EvaluateJob job{.model = node.row(), .data = digits.view()};
    EXPECT_GE(node.learner->Evaluate(std::span(&job, 1))[0].correct, 18) << model;
  }
}

TEST(TorchLearner, LearnsTheTokenAfterASequence) {
  Pictures sequences({6}, 5, 25);  // the label is the last id
  for (std::size_t i = 0; i < sequences.bytes.size(); ++i) sequences.bytes[i] %= 5;
  for (std::size_t i = 0; i < 25; ++i)
    sequences.bytes[6 * i + 5] = static_cast<std::uint8_t>(sequences.labels[i]);
  sequences.data.tokens = 5;
  sequences.data.scale = 1;
  Scenario scenario = Model("lstm");
  scenario.model.units = 16;
  Node node(MakeTorchLearner, scenario, sequences.data);
  const TrainOptions options{.epochs = 60, .batch_size = 25, .learning_rate = 0.05};
  EXPECT_EQ(node.Train(sequences.view(), options).error, "");
  const EvaluateJob job{.model = node.row(), .data = sequences.view()};
  EXPECT_EQ(node.learner->Evaluate(std::span(&job, 1))[0].correct, 25);
}

TEST(TorchLearner, SaysWhichKeysDoNotFitEachOther) {
  const Pictures digits({1, 28, 28}), vector({16}), tiny({1, 8, 8});
  Pictures text({16});
  text.data.tokens = 256;
  PoolWorkers workers(1);
  const auto error = [&](const char* model, const Dataset& data) {
    const auto learner = MakeTorchLearner(Model(model), data, workers);
    EXPECT_FALSE(learner.ok()) << model;
    EXPECT_EQ(learner.error().code, ErrorCode::kUsage);
    return learner.error().message;
  };
  EXPECT_THAT(error("cnn", vector.data), HasSubstr("model.name 'cnn' learns pictures"));
  EXPECT_THAT(error("lenet", tiny.data), HasSubstr("at least 16 x 16"));
  EXPECT_THAT(error("lstm", digits.data), HasSubstr("learns sequences of tokens"));
  EXPECT_THAT(error("mlp", text.data), HasSubstr("'mlp' learns numbers"));
  EXPECT_THAT(error("tensorflow", digits.data), HasSubstr("no model.name 'tensorflow'"));
}

/// One linear layer, with what a test adds.
class Linear : public Net {
 public:
  std::vector<NamedTensor> Parameters() override { return {{"weight", weight_}}; }
  std::vector<NamedTensor> Buffers() override { return buffers_; }
  torch::Tensor Forward(const torch::Tensor& x) override {
    if (x.size(0) == refused_) throw std::runtime_error("no batch of this size");
    return torch::linear(x.flatten(1), weight_);
  }
  void SetTraining(bool) override {}
  std::unique_ptr<torch::optim::Optimizer> MakeOptimizer(
      const std::vector<torch::Tensor>& parameters, const TrainOptions& options) override {
    return optimizer_ ? optimizer_(parameters, options) : nullptr;
  }

  torch::Tensor weight_ = torch::full({2, 4}, 0.25, torch::requires_grad());
  std::vector<NamedTensor> buffers_;
  std::int64_t refused_ = -1;
  std::function<std::unique_ptr<torch::optim::Optimizer>(const std::vector<torch::Tensor>&,
                                                         const TrainOptions&)>
      optimizer_;
};

MakeLearner LinearWith(std::function<void(Linear&)> change) {
  return [=](const Scenario& scenario, const Dataset& data, Workers& workers) {
    const MakeNet make = [=]() -> Result<std::unique_ptr<Net>> {
      auto net = std::make_unique<Linear>();
      change(*net);
      return net;
    };
    return MakeNetLearner(make, scenario, data, workers);
  };
}

TEST(TorchLearner, RefusesWhatRowsCannotHold) {
  const Pictures four({4}, 2);
  PoolWorkers workers(1);
  const auto error = [&](std::function<void(Linear&)> change) {
    const auto learner = LinearWith(change)(Model("module"), four.data, workers);
    return learner.ok() ? std::string() : learner.error().message;
  };
  EXPECT_EQ(error([](Linear&) {}), "");
  EXPECT_THAT(error([](Linear& net) {
                net.buffers_ = {{"half", torch::zeros({2}, torch::kHalf)}};
              }),
              HasSubstr("buffer 'half' is of type Half"));
  EXPECT_THAT(error([](Linear& net) {
                net.buffers_ = {{"part", net.weight_.detach().narrow(0, 1, 1)}};
              }),
              HasSubstr("share memory"));
  EXPECT_THAT(error([](Linear& net) { net.weight_.requires_grad_(false); }),
              HasSubstr("no parameter to train"));
  EXPECT_THAT(error([](Linear& net) { net.refused_ = 2; }), HasSubstr("no batch of this size"));
  EXPECT_THAT(error([](Linear& net) {
                net.optimizer_ = [](const auto& parameters, const TrainOptions&) {
                  return std::make_unique<torch::optim::LBFGS>(parameters);
                };
              }),
              HasSubstr("no place in rows"));
}

TEST(TorchLearner, AnExceptionOfTheModelFailsThatJobAlone) {
  const Pictures four({4}, 2);
  Node node(LinearWith([](Linear& net) { net.refused_ = 7; }), Model("module"), four.data);
  EXPECT_THAT(node.Train(four.view(), {.batch_size = 7}).error, HasSubstr("no batch of this size"));
  EXPECT_EQ(node.Train(four.view(), {.batch_size = 8}).error, "");
}

// The probe trained without the momentum of the run, and found another optimizer than was described.
TEST(TorchLearner, AnOwnOptimizerMayTakeTheMomentumOfTheRun) {
  const Pictures four({4}, 2);
  const MakeLearner make = LinearWith([](Linear& net) {
    net.optimizer_ = [](const auto& parameters, const TrainOptions& options) {
      return std::make_unique<torch::optim::SGD>(
          parameters, torch::optim::SGDOptions(options.learning_rate).momentum(options.momentum));
    };
  });
  for (const double momentum : {0.0, 0.9}) {
    Scenario scenario = Model("module");
    scenario.training.momentum = momentum;
    Node node(make, scenario, four.data);
    EXPECT_EQ(node.Train(four.view(), {.batch_size = 5, .momentum = momentum}).error, "");
  }
}

TEST(TorchLearner, UpdatesAsTheOptimizersOfLibTorchDo) {
  const Pictures four({4}, 2);
  const auto own = [](auto make) {
    return LinearWith([=](Linear& net) {
      net.optimizer_ = [=](const auto& parameters, const TrainOptions& options)
          -> std::unique_ptr<torch::optim::Optimizer> { return make(parameters, options); };
    });
  };
  const MakeLearner adam = own([](const auto& p, const TrainOptions& o) {
    return std::make_unique<torch::optim::Adam>(
        p, torch::optim::AdamOptions(o.learning_rate).weight_decay(o.weight_decay));
  });
  const MakeLearner sgd = own([](const auto& p, const TrainOptions& o) {
    return std::make_unique<torch::optim::SGD>(
        p, torch::optim::SGDOptions(o.learning_rate).momentum(0.9).weight_decay(o.weight_decay));
  });
  const MakeLearner rmsprop = own([](const auto& p, const TrainOptions& o) {
    return std::make_unique<torch::optim::RMSprop>(
        p, torch::optim::RMSpropOptions(o.learning_rate).weight_decay(o.weight_decay));
  });
  for (const auto& [name, make] : {std::pair{"adam", adam}, {"sgd", sgd}, {"rmsprop", rmsprop}}) {
    Scenario scenario = Model("module", name);
    scenario.training.momentum = name == std::string("sgd") ? 0.9 : 0;
    Node ours(LinearWith([](Linear&) {}), scenario, four.data), theirs(make, scenario, four.data);
    const TrainOptions options{.epochs = 4,
                               .batch_size = 5,
                               .learning_rate = 0.01,
                               .momentum = scenario.training.momentum,
                               .weight_decay = 0.1};
    for (int use = 0; use < 2; ++use) {  // the second time from the rows of the first
      EXPECT_EQ(ours.Train(four.view(), options).error, "");
      EXPECT_EQ(theirs.Train(four.view(), options).error, "");
    }
    EXPECT_LT(Distance(ours.row(), theirs.row()), 1e-6) << name;
  }
}

}  // namespace
}  // namespace delstep
