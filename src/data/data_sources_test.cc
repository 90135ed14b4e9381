#include "data/data_sources.h"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "delstep/scenario.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct OwnedData {
  std::vector<float> floats;
  std::vector<std::int32_t> labels;
};

/// What a reader brings: an example per label, each of 16 features, which are 0, 1, 2, ... 255 over
/// and over.
LoadedData Brought(std::vector<std::int32_t> labels, std::int32_t classes) {
  const auto owned = std::make_shared<OwnedData>();
  owned->labels = std::move(labels);
  for (std::size_t i = 0; i < 16 * owned->labels.size(); ++i)
    owned->floats.push_back(static_cast<float>(i % 256));
  LoadedData loaded;
  loaded.dataset.example_shape = {16};
  loaded.dataset.example_size = 16;
  loaded.dataset.floats = owned->floats;
  loaded.dataset.labels = owned->labels;
  loaded.dataset.classes = classes;
  loaded.owner = owned;
  return loaded;
}

Result<LoadedData> Finish(const LoadedData& brought, const std::string& scale = "auto") {
  Scenario scenario;
  scenario.data.scale = scale;
  return Finishing([&](const Scenario&) -> Result<LoadedData> { return brought; })(scenario);
}

TEST(DataSources, WhatIsFinishedIsDividedByDataScale) {
  const auto halved = Finish(Brought({0, 1}, 2), "2");
  ASSERT_TRUE(halved.ok()) << halved.error().message;
  for (std::size_t i = 0; i < 32; ++i)
    EXPECT_EQ(halved->dataset.floats[i], static_cast<float>(i) / 2);
  const auto refused = Finish(Brought({0, 1}, 2), "0");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().key, "data.scale");
}

TEST(DataSources, WhatIsFinishedHasNotesOnWhatLooksLikeASlip) {
  EXPECT_THAT(Finish(Brought({0, 1, 0, 1}, 2))->notes, ElementsAre());
  EXPECT_THAT(Finish(Brought({0, 0}, 1))->notes, ElementsAre(HasSubstr("are of one class")));
  EXPECT_THAT(Finish(Brought({0, 1, 2}, 3))->notes, ElementsAre(HasSubstr("class of its own")));
  // 16 examples of 16 features are 0 to 255.
  std::vector<std::int32_t> labels(16);
  labels[0] = 1;
  EXPECT_THAT(Finish(Brought(labels, 2))->notes, ElementsAre(HasSubstr("data.scale=255")));
  EXPECT_THAT(Finish(Brought(labels, 2), "none")->notes, ElementsAre());
}

TEST(DataSources, ClassesWhoseNamesLookAlikeGetANumber) {
  LoadedData brought = Brought({0, 1, 2, 3, 4, 0}, 5);
  brought.class_names = {"a", "b", "c", "d", "e"};
  auto finished = Finish(brought);
  EXPECT_EQ(finished->class_names, brought.class_names);
  EXPECT_THAT(finished->notes, ElementsAre());

  brought.class_names = {"a", "a", "b", "a", "a (2)"};
  finished = Finish(brought);
  EXPECT_THAT(finished->class_names, ElementsAre("a", "a (3)", "b", "a (4)", "a (2)"));
  EXPECT_THAT(finished->notes, ElementsAre("2 classes are called like one before: class number 1, "
                                           "counted from 0, is shown as 'a (3)'"));

  // Bytes that are no UTF-8 are shown alike, whatever they are.
  brought.class_names = {"\xff", "b", "c", "d", "\xfe"};
  finished = Finish(brought);
  EXPECT_EQ(finished->class_names[4], "\xef\xbf\xbd (2)");
  EXPECT_THAT(finished->notes, ElementsAre("a class is called like one before: class number 4, "
                                           "counted from 0, is shown as '\xef\xbf\xbd (2)'"));
}

}  // namespace
}  // namespace delstep
