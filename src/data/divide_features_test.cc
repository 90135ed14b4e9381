#include "data/divide_features.h"

#include <gmock/gmock.h>

#include <memory>

#include "delstep/scenario.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Memory {
  std::vector<std::uint8_t> bytes;
  std::vector<float> floats;
  std::vector<std::int32_t> labels{0, 1};
};

LoadedData Data(std::vector<std::uint8_t> bytes, std::vector<float> floats) {
  const auto memory = std::make_shared<Memory>();
  memory->bytes = std::move(bytes);
  memory->floats = std::move(floats);
  LoadedData loaded;
  loaded.dataset.bytes = memory->bytes;
  loaded.dataset.floats = memory->floats;
  loaded.dataset.labels = memory->labels;
  loaded.owner = memory;
  return loaded;
}

DataOptions Scale(const std::string& scale) {
  DataOptions options;
  options.scale = scale;
  return options;
}

TEST(DivideFeatures, OfBytesChangesWhatAByteMeans) {
  for (const auto& [scale, expected] :
       {std::pair("auto", 1.0f / 255), std::pair("none", 1.0f), std::pair("2", 0.5f)}) {
    LoadedData loaded = Data({1, 2}, {});
    ASSERT_TRUE(DivideFeatures(Scale(scale), loaded).ok()) << scale;
    EXPECT_EQ(loaded.dataset.scale, expected) << scale;
    EXPECT_THAT(loaded.dataset.bytes, ElementsAre(1, 2));
  }
}

TEST(DivideFeatures, OfOtherNumbersDividesThem) {
  LoadedData loaded = Data({}, {255, 51});
  ASSERT_TRUE(DivideFeatures(Scale("auto"), loaded).ok());
  ASSERT_TRUE(DivideFeatures(Scale("none"), loaded).ok());
  EXPECT_THAT(loaded.dataset.floats, ElementsAre(255, 51));
  ASSERT_TRUE(DivideFeatures(Scale("255"), loaded).ok());
  EXPECT_THAT(loaded.dataset.floats, ElementsAre(1, 0.2f));  // 51 / 255
  EXPECT_THAT(loaded.dataset.labels, ElementsAre(0, 1));
}

TEST(DivideFeatures, RefusesWhatCannotBe) {
  LoadedData loaded = Data({}, {1e30f, 1});
  for (const char* scale : {"0", "1e-60", "1e60", "ten", "", "1e-30"}) {
    const auto refused = DivideFeatures(Scale(scale), loaded);
    ASSERT_FALSE(refused.ok()) << scale;
    EXPECT_EQ(refused.error().key, "data.scale");
  }
  loaded.dataset.tokens = 5;
  EXPECT_THAT(DivideFeatures(Scale("255"), loaded).error().message, HasSubstr("ids of tokens"));
  EXPECT_THAT(loaded.dataset.floats, ElementsAre(1e30f, 1)) << "an error changes nothing";
}

TEST(DivideFeatures, RefusesWhatMakesABytesValueInfinite) {
  // The highest float is about 3.4e38. 255 / 1e-36 = 2.55e38 is below it, 255 / 2e-38 = 1.3e40 is
  // not, although 1 / 2e-38 = 5e37 is.
  LoadedData loaded = Data({1, 255}, {});
  const auto refused = DivideFeatures(Scale("2e-38"), loaded);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().key, "data.scale");
  EXPECT_THAT(refused.error().message, HasSubstr("some features become infinite"));
  EXPECT_EQ(loaded.dataset.scale, 1.0f / 255) << "an error changes nothing";
  ASSERT_TRUE(DivideFeatures(Scale("1e-36"), loaded).ok());
  EXPECT_EQ(loaded.dataset.scale, 1e36f);
}

}  // namespace
}  // namespace delstep
