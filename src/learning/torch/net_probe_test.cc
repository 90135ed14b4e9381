// What the learner finds out about a model before it trains.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "learning/torch/fixture.h"
#include "learning/torch/models/builtin_net.h"
#include "learning/torch/torch_learner.h"

namespace delstep {
namespace {

using testing::HasSubstr;

/// Normalises by the mean and the variance of a batch, which one example does not have.
class Normalised : public torch::nn::Module {
 public:
  explicit Normalised(const NetInput& input)
      : norm_(register_module("norm", torch::nn::BatchNorm1d(input.shape[0]))),
        fc_(register_module("fc", torch::nn::Linear(input.shape[0], input.classes))) {}
  torch::Tensor forward(const torch::Tensor& x) { return fc_(norm_(x)); }

 private:
  torch::nn::BatchNorm1d norm_;
  torch::nn::Linear fc_;
};

/// Divides by the deviation over the batch: of one example that is no number, and no exception.
class Standardised : public torch::nn::Module {
 public:
  explicit Standardised(const NetInput& input)
      : fc_(register_module("fc", torch::nn::Linear(input.shape[0], input.classes))) {}
  torch::Tensor forward(const torch::Tensor& x) {
    return fc_(is_training() ? x / (x.std(0) + 1) : x);
  }

 private:
  torch::nn::Linear fc_;
};

template <class Module>
Result<std::unique_ptr<Learner>> LearnerOf(const Scenario& scenario, const Dataset& data,
                                           Workers& workers) {
  return MakeNetLearner(MakerOf<Module>(InputOf(data)), scenario, data, workers);
}

TEST(NetProbe, ALastExampleJoinsTheBatchBeforeItWhereTheNetCannotTrainOnOne) {
  const Pictures nine({6}, 3, 9);
  for (const MakeLearner& make :
       {MakeLearner(LearnerOf<Normalised>), MakeLearner(LearnerOf<Standardised>)}) {
    Node joined(make, Model("module"), nine.data), whole(make, Model("module"), nine.data);
    const TrainResult result = joined.Train(nine.view(), {.epochs = 3, .batch_size = 8});
    EXPECT_EQ(result.error, "");
    EXPECT_EQ(result.steps, 3) << "9 examples are one batch of 9";
    EXPECT_EQ(whole.Train(nine.view(), {.epochs = 3, .batch_size = 9}).steps, 3);
    EXPECT_TRUE(std::ranges::equal(joined.row(), whole.row()));
    EXPECT_EQ(joined.Train(nine.view(), {.batch_size = 4}).steps, 2) << "4 and 5";
    EXPECT_EQ(joined.Train(nine.view(), {.batch_size = 2}).steps, 4) << "2, 2, 2 and 3";
    EXPECT_EQ(joined.Train(nine.view(), {.batch_size = 7}).steps, 2) << "7 and 2";
    EXPECT_EQ(joined.Train(nine.view(), {.local_steps = 5, .batch_size = 4}).steps, 5);
    EXPECT_EQ(joined.Train(nine.view(), {.batch_size = 8}).error, "");
  }
}

TEST(NetProbe, ALastExampleStaysABatchOfItsOwnWhereTheNetCanTrainOnOne) {
  const Pictures nine({6}, 3, 9);
  Node node(MakeTorchLearner, Model("logreg"), nine.data);
  EXPECT_EQ(node.Train(nine.view(), {.batch_size = 8}).steps, 2);
  EXPECT_EQ(node.Train(nine.view(), {.batch_size = 1}).steps, 9);
}

TEST(NetProbe, ABatchThatCanOnlyBeOneExampleIsAnErrorThatSaysWhy) {
  const Pictures nine({6}, 3, 9);
  Node node(LearnerOf<Normalised>, Model("module"), nine.data);
  DataView single = nine.view();
  single.examples = single.examples.first(1);
  const std::string alone = node.Train(single, {}).error;
  EXPECT_THAT(alone, HasSubstr("a single example to train on, and the model needs two"));
  EXPECT_THAT(alone, HasSubstr("Expected more than 1 value per channel")) << "LibTorch's reason";
  EXPECT_THAT(node.Train(nine.view(), {.batch_size = 1}).error,
              HasSubstr("training.batch_size is 1, and the model needs two"));
  EXPECT_EQ(node.Train(nine.view(), {.batch_size = 2}).error, "") << "the job after a failed one";
}

/// How a net that sums the channels of a picture goes about it.
enum class Way { kSums, kViews, kReadsMemory };

class Summing : public torch::nn::Module {
 public:
  Summing(Way way, std::shared_ptr<bool> channels_last)
      : way_(way),
        channels_last_(std::move(channels_last)),
        fc_(register_module("fc", torch::nn::Linear(4, 2))) {}
  torch::Tensor forward(const torch::Tensor& x) {
    *channels_last_ = !x.is_contiguous();
    if (way_ == Way::kSums) return fc_(x.sum({2, 3}));
    if (way_ == Way::kViews) return fc_(x.view({x.size(0), -1}).view({-1, 4, 15}).sum(2));
    const torch::Tensor raw = torch::from_blob(x.data_ptr(), x.sizes());
    return fc_(raw.sum({2, 3}));
  }

 private:
  Way way_;
  std::shared_ptr<bool> channels_last_;
  torch::nn::Linear fc_;
};

TEST(NetProbe, PicturesComeWithTheirChannelsLastUnlessTheNetCannotBearIt) {
  const Pictures pictures({4, 3, 5}, 2);
  std::vector<std::vector<float>> rows;
  for (const Way way : {Way::kSums, Way::kViews, Way::kReadsMemory}) {
    const auto channels_last = std::make_shared<bool>();
    const MakeNet make_net = [=]() -> Result<std::unique_ptr<Net>> {
      return std::make_unique<BuiltinNet<Summing>>(std::make_shared<Summing>(way, channels_last));
    };
    const MakeLearner make = [=](const Scenario& scenario, const Dataset& data, Workers& workers) {
      return MakeNetLearner(make_net, scenario, data, workers);
    };
    Node node(make, Model("module", "sgd"), pictures.data);
    EXPECT_EQ(node.Train(pictures.view(), {.batch_size = 7, .learning_rate = 0.1}).error, "");
    EXPECT_EQ(*channels_last, way == Way::kSums);
    rows.emplace_back(node.row().begin(), node.row().end());
  }
  for (std::size_t i = 0; i < rows[0].size(); ++i) {
    EXPECT_NEAR(rows[1][i], rows[0][i], 1e-5) << "the order in memory changes no result";
    EXPECT_NEAR(rows[2][i], rows[0][i], 1e-5);
  }
}

/// Its second layer is used for bright pictures alone.
class Sometimes : public torch::nn::Module {
 public:
  explicit Sometimes(const NetInput& input)
      : fc_(register_module("fc", torch::nn::Linear(input.shape[0], input.classes))),
        unused_(register_module("unused", torch::nn::Linear(2, 2))),
        late_(register_module("late", torch::nn::Linear(input.shape[0], input.classes))) {}
  torch::Tensor forward(const torch::Tensor& x) {
    return x.size(0) > 2 ? fc_(x) + late_(x) : fc_(x);
  }

 private:
  torch::nn::Linear fc_, unused_, late_;
};

TEST(NetProbe, NamesParametersThatTheLossDoesNotUseAndLeavesThemAlone) {
  const Pictures nine({6}, 3, 9);
  for (const char* optimizer : {"sgd", "adam", "adamw"}) {
    Node node(LearnerOf<Sometimes>, Model("module", optimizer), nine.data);
    const std::vector<std::string> notes = node.learner->facts().notes;
    ASSERT_EQ(notes.size(), 4u);
    EXPECT_THAT(notes[0], HasSubstr("'unused.weight' is not used by the loss"));
    EXPECT_THAT(notes[3], HasSubstr("'late.bias'"));
    const std::vector<float> before(node.row().begin(), node.row().end());
    EXPECT_EQ(
        node.Train(nine.view(), {.batch_size = 9, .learning_rate = 0.1, .weight_decay = 0.5}).error,
        "");
    for (const TensorSpec& tensor : node.learner->layout().model.tensors) {
      const bool same =
          std::equal(before.begin() + static_cast<std::ptrdiff_t>(tensor.offset),
                     before.begin() + static_cast<std::ptrdiff_t>(tensor.offset + tensor.floats),
                     node.row().begin() + static_cast<std::ptrdiff_t>(tensor.offset));
      EXPECT_EQ(same, tensor.name.starts_with("unused")) << tensor.name << " with " << optimizer;
    }
  }
}

}  // namespace
}  // namespace delstep
