#include "weights/match_tensors.h"

#include <gmock/gmock.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/fakes/named_arrays.h"

namespace delstep {
namespace {

using fakes::Array;
using fakes::Arrays;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

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
  const auto matched = MatchTensors(arrays, layout.tensors, {}, "model.weights = 'm.pt'");
  if (!matched) return {matched.error().message, matched.error().hint};
  std::vector<std::string> names;
  for (const NamedArray* array : matched->tensors) names.push_back(array->name);
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
  for (const char* name : {"module._orig_mod.a.weight", "_orig_mod.module.a.weight",
                           "model.a.weight", "net.enc.a.weight"})
    EXPECT_THAT(Match(Arrays({{name, {2}}}), layout), ElementsAre(name));
  EXPECT_THAT(Match(Arrays({{"a.num_batches_tracked", {}}, {"a.weight", {2}}}), layout),
              ElementsAre("a.weight"));
}

TEST(MatchTensors, FindsCountersAfterTheSamePrefix) {
  RowLayout layout, state;
  layout.Append("bn.weight", {2}, TensorSpec::Role::kParameter);
  for (const char* name : {"bn.num_batches_tracked", "bn.seen"})
    state.Append(name, {}, TensorSpec::Role::kRaw);
  for (const std::string prefix : {"", "module.", "_orig_mod.module."}) {
    const auto arrays = Arrays({{prefix + "bn.seen", {}}, {prefix + "bn.weight", {2}}});
    const auto matched = MatchTensors(arrays, layout.tensors, state.tensors, "m.pt");
    ASSERT_TRUE(matched.ok()) << matched.error().message;
    EXPECT_THAT(matched->tensors, ElementsAre(&arrays[1]));
    EXPECT_THAT(matched->counters, ElementsAre(nullptr, &arrays[0]));
  }
  // Of another model's counters the usual one may be there, any other is too many.
  const auto tracked = Arrays({{"x.num_batches_tracked", {}}, {"bn.weight", {2}}});
  const auto others = Arrays({{"x.seen", {}}, {"bn.weight", {2}}});
  EXPECT_TRUE(MatchTensors(tracked, layout.tensors, state.tensors, "m.pt").ok());
  EXPECT_FALSE(MatchTensors(others, layout.tensors, state.tensors, "m.pt").ok());
  // By its shape alone.
  const auto unknown = Arrays({{"w", {2}}});
  const auto matched = MatchTensors(unknown, layout.tensors, state.tensors, "m.pt");
  ASSERT_TRUE(matched.ok()) << matched.error().message;
  EXPECT_THAT(matched->counters, ElementsAre(nullptr, nullptr));
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

TEST(MatchTensors, TellsWhichNamesMayBeMeantByTheirShapes) {
  const auto arrays = Arrays({{"fc1.weight", {4, 6}},
                              {"fc1.bias", {4}},
                              {"fc2.weight", {4, 4}},
                              {"fc2.bias", {4}},
                              {"head.w", {2, 4}},
                              {"head.b", {2}}});
  EXPECT_EQ(Match(arrays, Perceptron())[1],
            "going by shapes, save head.w as fc3.weight, head.b as fc3.bias");
}

}  // namespace
}  // namespace delstep
