#include "core/engine/initial_weights.h"

#include <gmock/gmock.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>

#include "tests/fakes/named_arrays.h"

namespace delstep {
namespace {

using fakes::Array;
using fakes::Arrays;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

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

TEST_F(ReadingInitialWeights, FillsTheCountersOfAFileWhoseNamesHaveAPrefix) {
  for (NamedArray& array : arrays_) array.name = "module." + array.name;
  const auto read = Read();
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->counters.size(), 1u);
  EXPECT_EQ(read->counters[0].place.name, "bn.num_batches_tracked");
  EXPECT_THAT(read->counters[0].values, ElementsAre(7));
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
