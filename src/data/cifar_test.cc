#include "data/cifar.h"

#include <gmock/gmock.h>

#include "data/data_sources.h"
#include "data/idx_test_files.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::size_t kPixels = 3072;

/// One picture: its labels, then pixels of this value, the last one 255.
Content Picture(Content labels, std::uint8_t pixel) {
  labels.resize(labels.size() + kPixels, pixel);
  labels.back() = 255;
  return labels;
}
Content Join(Content first, const Content& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}
Content Text(std::string_view text) { return {text.begin(), text.end()}; }

Result<LoadedData> Load(const std::string& name, const std::filesystem::path& path,
                        bool coarse = false) {
  Parts<LoadData> parts("data.name");
  AddDataSources(parts);
  Scenario scenario;
  scenario.data.name = name;
  scenario.data.path = path.string();
  scenario.data.coarse = coarse;
  DELSTEP_ASSIGN(const LoadData* load, parts.Find(name));
  return (*load)(scenario);
}

TEST(Cifar, JoinsTheFiveBatchesAndTheTestBatch) {
  const TestFolder folder;
  const std::filesystem::path below = "cifar-10-batches-bin";
  for (std::uint8_t i = 1; i <= 5; ++i) {
    const Content batch = Picture({i}, i);
    const std::string name = "data_batch_" + std::to_string(i) + ".bin";
    i == 3 ? folder.Write(below / (name + ".gz"), Gzip(batch)) : folder.Write(below / name, batch);
  }
  folder.Write(below / "test_batch.bin", Join(Picture({9}, 90), Picture({0}, 91)));
  folder.Write(below / "batches.meta.txt", Text("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n"));
  const auto loaded = Load("cifar-10", folder.path());
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_THAT(loaded->dataset.labels, ElementsAre(1, 2, 3, 4, 5, 9, 0));
  EXPECT_EQ(loaded->train_examples, 5u);
  EXPECT_THAT(loaded->dataset.example_shape, ElementsAre(3, 32, 32));
  EXPECT_EQ(loaded->dataset.bytes.size(), 7 * kPixels);
  EXPECT_EQ(loaded->dataset.bytes[2 * kPixels], 3);
  EXPECT_EQ(loaded->dataset.bytes[7 * kPixels - 1], 255);
  EXPECT_EQ(loaded->class_names.back(), "j");
  EXPECT_EQ(loaded->files.size(), 6u);
}

TEST(Cifar, TakesTheFineOrTheCoarseLabel) {
  const TestFolder folder;
  folder.Write("train.bin", Picture({19, 99}, 1));
  folder.Write("test.bin", Picture({3, 7}, 2));
  const auto fine = Load("cifar-100", folder.path());
  ASSERT_TRUE(fine.ok()) << fine.error().message;
  EXPECT_THAT(fine->dataset.labels, ElementsAre(99, 7));
  EXPECT_EQ(fine->dataset.classes, 100);
  EXPECT_TRUE(fine->class_names.empty());
  const auto coarse = Load("cifar-100", folder.path(), true);
  EXPECT_THAT(coarse->dataset.labels, ElementsAre(19, 3));
  EXPECT_EQ(coarse->dataset.classes, 20);
}

TEST(Cifar, SaysWhichFilesItWants) {
  const TestFolder folder;
  EXPECT_THAT(Load("cifar-100", folder.path()).error().message,
              HasSubstr("no files of data set 'cifar-100' (train.bin, test.bin) found in '"));
  folder.Write("cifar-10-batches-py/data_batch_1", {0x80, 2});
  EXPECT_THAT(Load("cifar-10", folder.path()).error().hint, HasSubstr("is the Python version"));
  folder.Write("data_batch_1.bin", Picture({1}, 1));
  EXPECT_THAT(Load("cifar-10", folder.path()).error().message,
              HasSubstr("data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, "
                        "test_batch.bin missing"));
}

Result<void> Parse(const Content& content) {
  CifarPictures pictures;
  return ParseCifar(content, "batch", {2, 1, 100}, pictures);
}

TEST(Cifar, RefusesLabelsBeyondTheClasses) {
  EXPECT_EQ(Parse(Join(Picture({0, 99}, 0), Picture({0, 100}, 0))).error().message,
            "'batch', byte 3075: found label 100, expected 0 to 99");
}

TEST(Cifar, RefusesEveryPrefixThatCutsAPicture) {
  const Content whole = Join(Picture({1, 2}, 3), Picture({4, 5}, 6));
  ASSERT_TRUE(Parse(whole).ok());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(Parse(Content(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))).ok(),
              size == kPixels + 2)
        << size;
  }
  EXPECT_EQ(Parse({1, 2, 3}).error().message,
            "'batch' ends after 3 bytes, expected a multiple of 3074 (a picture and its 2 labels)");
  const Content packed = Gzip(whole);
  for (std::size_t size = 0; size < packed.size(); ++size)
    EXPECT_FALSE(
        Parse(Content(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size))).ok());
}

}  // namespace
}  // namespace delstep
