#include "learning/torch/module_data.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Three examples of two features, and a test part of one.
TensorData Good() {
  TensorData data;
  data.classes = 2;
  data.train_features = torch::tensor({{1.0, 2.0}, {3.0, 4.0}, {5.0, 6.0}});
  data.train_labels = torch::tensor({0, 1, 0});
  data.test_features = torch::tensor({{7.0, 8.0}});
  data.test_labels = torch::tensor({1});
  return data;
}

std::string WhyNot(const TensorData& data) {
  const auto taken = TakeModuleData(data);
  if (taken) return "it is taken";
  EXPECT_EQ(taken.error().code, ErrorCode::kUsage);
  EXPECT_EQ(taken.error().key, "data.name");
  return taken.error().message;
}

TEST(ModuleData, JoinsTheTrainingAndTheTestPart) {
  const auto taken = TakeModuleData(Good());
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_THAT(taken->dataset.floats, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_THAT(taken->dataset.labels, ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(taken->dataset.example_shape, ElementsAre(2));
  EXPECT_EQ(taken->dataset.scale, 1);
  EXPECT_EQ(taken->train_examples, 3u);
}

TEST(ModuleData, TakesWholeNumbersOfAnyType) {
  TensorData data = Good();
  for (const auto type : {torch::kFloat64, torch::kFloat16, torch::kUInt8, torch::kBool}) {
    data.train_labels = data.train_labels.to(type);
    const auto taken = TakeModuleData(data);
    ASSERT_TRUE(taken.ok()) << taken.error().message;
    EXPECT_THAT(taken->dataset.labels, ElementsAre(0, 1, 0, 1));
  }
  // More classes than a label's type can count.
  data.classes = 300;
  EXPECT_TRUE(TakeModuleData(data).ok());
}

TEST(ModuleData, RefusesTensorsWithoutNumbers) {
  TensorData data = Good();
  data.train_features = torch::zeros({3, 0});
  EXPECT_THAT(WhyNot(data), HasSubstr("no extent of it 0, and train_labels [examples]; they are "
                                      "[3, 0] and [3]"));
  data.train_features = torch::Tensor();
  EXPECT_THAT(WhyNot(data), HasSubstr("they are not set and [3]"));
  data = Good();
  data.test_features = torch::zeros({1, 0});
  EXPECT_THAT(WhyNot(data), HasSubstr("the test part must have features"));
  data = Good();
  data.train_labels = data.train_labels.to(torch::kComplexFloat);
  EXPECT_THAT(WhyNot(data), HasSubstr("brings tensors of ComplexFloat, expected real numbers"));
}

TEST(ModuleData, RefusesLabelsThatAreNoClasses) {
  for (const double wrong : {0.5, 2.0, -1.0, std::nan(""), HUGE_VAL}) {
    TensorData data = Good();
    data.train_labels = torch::tensor({0.0, 1.0, wrong}, torch::kFloat64);
    EXPECT_THAT(WhyNot(data),
                HasSubstr(fmt::format("train_labels of LoadData() hold {}, expected whole numbers "
                                      "from 0 to 1 (classes is 2)",
                                      wrong)));
    data = Good();
    data.test_labels = torch::tensor({wrong}, torch::kFloat64);
    EXPECT_THAT(WhyNot(data), HasSubstr("test_labels of LoadData() hold"));
  }
  TensorData data = Good();
  data.train_labels = torch::tensor({0, 1, 2});
  EXPECT_THAT(WhyNot(data), HasSubstr("hold 2, expected whole numbers from 0 to 1"));
  data.classes = 0;
  EXPECT_THAT(WhyNot(data), HasSubstr("sets classes to 0, expected at least 1"));
}

TEST(ModuleData, RefusesTokensThatAreNone) {
  TensorData data = Good();
  data.tokens = 9;
  EXPECT_EQ(WhyNot(data), "it is taken");
  data.tokens = 8;
  EXPECT_THAT(WhyNot(data), HasSubstr("test_features of LoadData() hold 8, expected whole numbers "
                                      "from 0 to 7 (tokens is 8)"));
  data.train_features += 0.5;
  EXPECT_THAT(WhyNot(data), HasSubstr("train_features of LoadData() hold 1.5"));
  for (const std::int64_t wrong : {std::int64_t{-1}, (std::int64_t{1} << 24) + 1}) {
    data = Good();
    data.tokens = wrong;
    EXPECT_THAT(WhyNot(data), HasSubstr(fmt::format("sets tokens to {}, expected 0", wrong)));
  }
}

TEST(ModuleData, RefusesFeaturesThatAreNotFinite) {
  for (const double wrong : {std::nan(""), 1e300}) {
    TensorData data = Good();
    data.train_features = torch::full({3, 2}, wrong, torch::kFloat64);
    data.test_features = data.test_features.to(torch::kFloat64);
    EXPECT_THAT(WhyNot(data), HasSubstr("a feature is infinite or not a number"));
  }
}

}  // namespace
}  // namespace delstep
