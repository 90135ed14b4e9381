#include "core/initial_weights.h"

#include <gmock/gmock.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// An array of this shape whose numbers are 0, 1, 2, ...
NamedArray Array(std::string name, std::vector<std::int64_t> shape) {
  NamedArray array{std::move(name), std::move(shape), {}, "F32"};
  std::size_t count = 1;
  for (const std::int64_t size : array.shape) count *= static_cast<std::size_t>(size);
  for (std::size_t i = 0; i < count; ++i) array.values.push_back(static_cast<float>(i));
  return array;
}
std::vector<NamedArray> Arrays(
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> tensors) {
  std::vector<NamedArray> arrays;
  for (auto& [name, shape] : tensors) arrays.push_back(Array(name, shape));
  return arrays;
}

/// A perceptron with two hidden layers of the same width.
RowLayout Perceptron() {
  RowLayout layout;
  for (const auto& [name, out, in] :
       {std::tuple("fc1", 4, 6), std::tuple("fc2", 4, 4), std::tuple("fc3", 2, 4)}) {
    layout.Append(std::string(name) + ".weight", {out, in}, TensorSpec::Role::kParameter);
    layout.Append(std::string(name) + ".bias", {out}, TensorSpec::Role::kParameter);
  }
  return layout;
}

/// The names in the order of the layout's tensors, or the error.
std::vector<std::string> Match(const std::vector<NamedArray>& arrays, const RowLayout& layout) {
  const auto matched = MatchTensors(arrays, layout.tensors, "m.pt");
  if (!matched) return {matched.error().message, matched.error().hint};
  std::vector<std::string> names;
  for (const NamedArray* array : *matched) names.push_back(array->name);
  return names;
}

TEST(MatchTensors, GoesByName) {
  const auto arrays = Arrays({{"fc3.bias", {2}},
                              {"fc3.weight", {2, 4}},
                              {"fc1.bias", {4}},
                              {"fc1.weight", {4, 6}},
                              {"fc2.bias", {4}},
                              {"fc2.weight", {4, 4}}});
  EXPECT_THAT(Match(arrays, Perceptron()), ElementsAre("fc1.weight", "fc1.bias", "fc2.weight",
                                                       "fc2.bias", "fc3.weight", "fc3.bias"));
}

TEST(MatchTensors, PassesOverTheWordsOfWrappersAndCountersOfBatches) {
  RowLayout layout;
  layout.Append("a.weight", {2}, TensorSpec::Role::kParameter);
  EXPECT_THAT(Match(Arrays({{"module.a.weight", {2}}}), layout), ElementsAre("module.a.weight"));
  EXPECT_THAT(Match(Arrays({{"_orig_mod.a.weight", {2}}}), layout),
              ElementsAre("_orig_mod.a.weight"));
  EXPECT_THAT(Match(Arrays({{"a.num_batches_tracked", {}}, {"a.weight", {2}}}), layout),
              ElementsAre("a.weight"));
}

TEST(MatchTensors, TakesNumberedNamesInTheOrderOfTheirNumbers) {
  // By the alphabet, as safetensors keeps them: 10 comes before 2, and bias before weight.
  const auto arrays = Arrays({{"10.bias", {2}},
                              {"10.weight", {2, 4}},
                              {"0.bias", {4}},
                              {"0.weight", {4, 6}},
                              {"2.bias", {4}},
                              {"2.weight", {4, 4}}});
  EXPECT_THAT(Match(arrays, Perceptron()),
              ElementsAre("0.weight", "0.bias", "2.weight", "2.bias", "10.weight", "10.bias"));
}

TEST(MatchTensors, TakesTheArraysOfSavezInTheirOrder) {
  const auto arrays = Arrays({{"arr_0", {4, 6}},
                              {"arr_1", {4}},
                              {"arr_2", {4, 4}},
                              {"arr_3", {4}},
                              {"arr_4", {2, 4}},
                              {"arr_5", {2}}});
  EXPECT_THAT(Match(arrays, Perceptron()),
              ElementsAre("arr_0", "arr_1", "arr_2", "arr_3", "arr_4", "arr_5"));
}

TEST(MatchTensors, TakesOtherNamesOnlyWhereShapesDecide) {
  RowLayout layout;
  layout.Append("fc1.weight", {2, 3}, TensorSpec::Role::kParameter);
  layout.Append("fc1.bias", {2}, TensorSpec::Role::kParameter);
  EXPECT_THAT(Match(Arrays({{"out.bias", {2}}, {"out.kernel", {2, 3}}}), layout),
              ElementsAre("out.kernel", "out.bias"));
  // Which of the two hidden layers is which?
  const auto arrays = Arrays({{"in.weight", {4, 6}},
                              {"in.bias", {4}},
                              {"mid.weight", {4, 4}},
                              {"mid.bias", {4}},
                              {"out.weight", {2, 4}},
                              {"out.bias", {2}}});
  EXPECT_THAT(Match(arrays, Perceptron())[0], HasSubstr("it lacks fc1.weight [4, 6]"));
}

TEST(MatchTensors, ShiftsNoNamesOfWhichSomeAreKnown) {
  RowLayout layout;
  layout.Append("fc1.weight", {2, 2}, TensorSpec::Role::kParameter);
  layout.Append("fc2.weight", {2, 2}, TensorSpec::Role::kParameter);
  EXPECT_THAT(Match(Arrays({{"fc2.weight", {2, 2}}, {"fc3.weight", {2, 2}}}), layout)[0],
              HasSubstr("it lacks fc1.weight [2, 2]; it has fc3.weight [2, 2] F32"));
}

TEST(MatchTensors, NamesWhatDoesNotFit) {
  RowLayout layout;
  layout.Append("a.weight", {2, 3}, TensorSpec::Role::kParameter);
  layout.Append("a.bias", {2}, TensorSpec::Role::kParameter);
  const auto error = Match(Arrays({{"a.weight", {3, 2}}, {"b.bias", {2}}}), layout);
  EXPECT_EQ(error[0],
            "model.weights = 'm.pt' does not fit the model: it lacks a.bias [2]; it has b.bias [2] "
            "F32; it has of another shape a.weight [3, 2] F32, expected [2, 3]");
  EXPECT_THAT(error[1], HasSubstr("save its transpose"));
  // A transposed weight is not guessed by its place or shape either.
  EXPECT_THAT(Match(Arrays({{"0.weight", {3, 2}}, {"0.bias", {2}}}), layout)[0],
              HasSubstr("it lacks a.weight [2, 3], a.bias [2]; it has 0.weight [3, 2] F32"));
  EXPECT_THAT(Match({}, layout)[0], HasSubstr("it lacks a.weight"));
}

class ReadingInitialWeights : public testing::Test {
 protected:
  ReadingInitialWeights() {
    registry_.tensor_readers.Add(".pt", "",
                                 [this](const std::filesystem::path&) { return arrays_; });
    scenario_.model.weights = "m.pt";
    layout_.model.Append("a", {3}, TensorSpec::Role::kParameter);
    layout_.model.Append("b", {}, TensorSpec::Role::kBuffer);
    layout_.state.Append("step", {}, TensorSpec::Role::kRaw);
    layout_.state.Append("bn.num_batches_tracked", {}, TensorSpec::Role::kRaw);
    arrays_ = Arrays({{"a", {3}}, {"b", {}}, {"bn.num_batches_tracked", {}}});
    arrays_[2].values = {7};
    rows_.emplace(layout_.model.floats);
  }
  Result<InitialWeights> Read() {
    return ReadInitialWeights(scenario_, registry_, layout_, *rows_);
  }
  Error Fails() {
    const auto read = Read();
    EXPECT_FALSE(read.ok());
    return read ? Error{} : read.error();
  }

  Scenario scenario_;
  Registry registry_;
  ModelLayout layout_;
  std::vector<NamedArray> arrays_;
  std::optional<RowPool> rows_;
};

TEST_F(ReadingInitialWeights, FillsARowAndTheCounters) {
  const auto read = Read();
  ASSERT_TRUE(read.ok());
  const auto row = read->model.view();
  EXPECT_THAT(std::vector(row.begin(), row.begin() + 4), ElementsAre(0, 1, 2, 0));
  EXPECT_EQ(row[16], 0);
  std::vector<float> state(layout_.state.floats, 1.0f);
  read->PlaceCounters(state);
  EXPECT_EQ(state[0], 1);  // the optimizer's step stays
  EXPECT_EQ((std::bit_cast<std::int64_t>(std::array{state[16], state[17]})), 7);
}

TEST_F(ReadingInitialWeights, NeedsNoFileAtAll) {
  scenario_.model.weights.clear();
  const auto read = Read();
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->model.empty() && read->counters.empty());
}

TEST_F(ReadingInitialWeights, BlamesTheKey) {
  scenario_.model.init = "per-node";
  EXPECT_EQ(Fails().code, ErrorCode::kUsage);
  EXPECT_THAT(Fails().message, HasSubstr("model.init = \"per-node\""));
  scenario_.model.init = "common";
  scenario_.model.weights = "m.h5";
  EXPECT_EQ(Fails().message, "model.weights: cannot tell the format of 'm.h5' by its ending");
}

TEST_F(ReadingInitialWeights, RefusesNumbersThatNoModelBeginsWith) {
  arrays_[0].values[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(Fails().message, "model.weights = 'm.pt': value number 1 of 'a' is nan");
  arrays_[0].values[1] = 0;
  arrays_[2].values = {0.5};
  EXPECT_THAT(Fails().message, HasSubstr("holds 0.5, expected whole numbers"));
}

TEST_F(ReadingInitialWeights, GivesBackWhatIsExported) {
  std::vector<float> model(layout_.model.floats, 2.0f), state(layout_.state.floats, 0.0f);
  const auto counters = CountersOf(layout_);
  const auto tensors = TensorsOf(layout_, counters, model, state);
  ASSERT_EQ(tensors.size(), 3u);
  EXPECT_EQ(tensors[0].name, "a");
  EXPECT_EQ(tensors[0].content.size(), 12u);
  EXPECT_EQ(tensors[1].name, "b");
  EXPECT_EQ(tensors[2].name, "bn.num_batches_tracked");
  EXPECT_TRUE(tensors[2].is_integer);
  EXPECT_EQ(tensors[2].content.size(), 8u);
}

}  // namespace
}  // namespace delstep
