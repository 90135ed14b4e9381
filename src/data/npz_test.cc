#include "data/npz.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <span>
#include <sstream>
#include <utility>

#include "archive/npy.h"
#include "archive/zip.h"
#include "data/idx_test_files.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using Shape = std::vector<std::uint64_t>;

template <class T>
std::vector<std::byte> Npy(std::string_view dtype, const Shape& shape,
                           const std::vector<T>& values) {
  const std::string header = NpyHeaderText(dtype, shape);
  std::vector<std::byte> bytes(header.size() + values.size() * sizeof(T));
  std::memcpy(bytes.data(), header.data(), header.size());
  // Not memcpy: where there are no values there is no memory to copy from either.
  std::ranges::copy(std::as_bytes(std::span(values)),
                    bytes.begin() + static_cast<std::ptrdiff_t>(header.size()));
  return bytes;
}
template <class T>
std::vector<std::byte> Npy(std::string_view dtype, const Shape& shape,
                           std::initializer_list<T> values) {
  return Npy(dtype, shape, std::vector<T>(values));
}
std::vector<std::byte> Pixels(const Shape& shape, std::initializer_list<std::uint8_t> values) {
  return Npy("|u1", shape, values);
}
std::vector<std::byte> Floats(const Shape& shape, std::initializer_list<float> values) {
  return Npy("<f4", shape, values);
}
std::vector<std::byte> Labels(std::initializer_list<std::int64_t> values) {
  return Npy("<i8", {values.size()}, values);
}

using Arrays = std::vector<std::pair<std::string, std::vector<std::byte>>>;

Content Npz(const Arrays& arrays, bool deflate = false) {
  std::ostringstream out;
  ZipWriter zip(out);
  for (const auto& [name, bytes] : arrays) zip.Add(name + ".npy", bytes, {.deflate = deflate});
  zip.Finish();
  const std::string text = out.str();
  return {text.begin(), text.end()};
}
Result<LoadedData> Load(const Arrays& arrays) { return ParseNpz(Npz(arrays), "d.npz"); }
Error FailsToLoad(const Arrays& arrays) {
  const auto loaded = Load(arrays);
  EXPECT_FALSE(loaded.ok());
  if (loaded.ok()) return {};
  EXPECT_EQ(loaded.error().code, ErrorCode::kFile);
  return loaded.error();
}

TEST(Npz, ReadsKerasMnistLayout) {
  const Arrays arrays = {{"x_test", Pixels({1, 1, 2}, {5, 6})},
                         {"x_train", Pixels({2, 1, 2}, {1, 2, 3, 4})},
                         {"y_train", Npy<std::uint8_t>("|u1", {2}, {1, 0})},
                         {"y_test", Npy<std::uint8_t>("|u1", {1}, {1})}};
  for (const bool deflate : {false, true}) {
    const auto loaded = ParseNpz(Npz(arrays, deflate), "mnist.npz");
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    EXPECT_THAT(loaded->dataset.example_shape, ElementsAre(1, 1, 2));
    EXPECT_THAT(loaded->dataset.bytes, ElementsAre(1, 2, 3, 4, 5, 6));
    EXPECT_EQ(loaded->dataset.scale, 1.0f / 255);
    EXPECT_TRUE(loaded->dataset.floats.empty());
    EXPECT_THAT(loaded->dataset.labels, ElementsAre(1, 0, 1));
    EXPECT_EQ(loaded->dataset.classes, 2);
    EXPECT_EQ(loaded->train_examples, 2u);
    EXPECT_THAT(loaded->files, ElementsAre("mnist.npz"));
  }
}

TEST(Npz, ReadsOnePartOfFlatFloats) {
  const auto loaded = Load({{"X", Floats({2, 3}, {0.5f, -1, 2, 3, 4, 5})}, {"y", Labels({0, 1})}});
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_THAT(loaded->dataset.example_shape, ElementsAre(3));
  EXPECT_THAT(loaded->dataset.floats, ElementsAre(0.5f, -1, 2, 3, 4, 5));
  EXPECT_TRUE(loaded->dataset.bytes.empty());
  EXPECT_EQ(loaded->train_examples, 2u);
}

TEST(Npz, TurnsOtherNumbersIntoFloats) {
  const auto from_doubles =
      Load({{"x", Npy<double>("<f8", {2}, {0.25, -3})}, {"y", Labels({0, 0})}});
  EXPECT_THAT(from_doubles->dataset.floats, ElementsAre(0.25f, -3));
  EXPECT_THAT(from_doubles->dataset.example_shape, ElementsAre(1));
  const auto from_integers =
      Load({{"x", Npy<std::int64_t>("<i8", {1, 2}, {7, -9})}, {"y", Labels({0})}});
  EXPECT_THAT(from_integers->dataset.floats, ElementsAre(7, -9));
}

TEST(Npz, PutsTheChannelsOfPicturesFirst) {
  // Two pictures of 1 x 2 pixels of three colours.
  const auto bytes = Load({{"x", Pixels({2, 1, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})},
                           {"y", Labels({0, 1})}});
  ASSERT_TRUE(bytes.ok()) << bytes.error().message;
  EXPECT_THAT(bytes->dataset.example_shape, ElementsAre(3, 1, 2));
  EXPECT_THAT(bytes->dataset.bytes, ElementsAre(1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12));
  const auto floats = Load({{"x", Floats({1, 2, 1, 3}, {1, 2, 3, 4, 5, 6})}, {"y", Labels({0})}});
  EXPECT_THAT(floats->dataset.example_shape, ElementsAre(3, 2, 1));
  EXPECT_THAT(floats->dataset.floats, ElementsAre(1, 4, 2, 5, 3, 6));
  const auto first = Load({{"x", Pixels({1, 3, 1, 2}, {1, 2, 3, 4, 5, 6})}, {"y", Labels({0})}});
  EXPECT_THAT(first->dataset.example_shape, ElementsAre(3, 1, 2));
  EXPECT_THAT(first->dataset.bytes, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Npz, TakesArraysOfThreeDimensionsForGreyPicturesHoweverNarrow) {
  for (const std::uint64_t width : {1u, 3u, 4u, 5u}) {
    // Two rows; the features of both examples are 0, 1, 2, ...
    std::vector<std::uint8_t> pixels(2 * 2 * width);
    std::iota(pixels.begin(), pixels.end(), std::uint8_t{0});
    const auto loaded = Load({{"x", Npy("|u1", {2, 2, width}, pixels)}, {"y", Labels({0, 1})}});
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    EXPECT_THAT(loaded->dataset.example_shape, ElementsAre(1, 2, width));
    EXPECT_THAT(loaded->dataset.bytes, ElementsAreArray(pixels)) << width;
  }
}

TEST(Npz, TurnsEachPartByItsOwnShape) {
  const auto y = Labels({0});
  // One picture of 1 x 2 pixels of three colours, in both orders.
  const auto loaded = Load({{"x_train", Pixels({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6})},
                            {"y_train", y},
                            {"x_test", Pixels({1, 3, 1, 2}, {1, 4, 2, 5, 3, 6})},
                            {"y_test", y}});
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_THAT(loaded->dataset.example_shape, ElementsAre(3, 1, 2));
  EXPECT_THAT(loaded->dataset.bytes, ElementsAre(1, 4, 2, 5, 3, 6, 1, 4, 2, 5, 3, 6));
  // {1, 5, 4} is no {4, 1, 5}, though both have 20 numbers.
  const std::vector<std::uint8_t> twenty(20);
  EXPECT_THAT(FailsToLoad({{"x_train", Npy("|u1", {1, 5, 4}, twenty)},
                           {"y_train", y},
                           {"x_test", Npy("|u1", {1, 1, 5, 4}, twenty)},
                           {"y_test", y}})
                  .message,
              HasSubstr("its examples are not those of the training part: shape (1, 1, 5, 4)"));
}

TEST(Npz, TakesColumnsWholeFloatsAndOneHotRowsAsLabels) {
  const auto x = Floats({2}, {1, 2});
  EXPECT_THAT(Load({{"x", x}, {"y", Npy<std::int8_t>("|i1", {2, 1}, {1, 0})}})->dataset.labels,
              ElementsAre(1, 0));
  EXPECT_THAT(Load({{"x", x}, {"y", Floats({2}, {1, 0})}})->dataset.labels, ElementsAre(1, 0));
  const auto hot = Load({{"x", x}, {"y", Floats({2, 4}, {0, 0, 1, 0, 1, 0, 0, 0})}});
  EXPECT_THAT(hot->dataset.labels, ElementsAre(2, 0));
  EXPECT_EQ(hot->dataset.classes, 4);
}

TEST(Npz, ReadsMedMnistAndOtherCommonNames) {
  const auto loaded = Load({{"train_images", Pixels({2, 1, 1}, {1, 2})},
                            {"val_images", Pixels({1, 1, 1}, {3})},
                            {"test_images", Pixels({1, 1, 1}, {4})},
                            {"train_labels", Npy<std::uint8_t>("|u1", {2, 1}, {0, 1})},
                            {"val_labels", Npy<std::uint8_t>("|u1", {1, 1}, {1})},
                            {"test_labels", Npy<std::uint8_t>("|u1", {1, 1}, {0})}});
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  // The part for validation is more of the training part, and that is said.
  EXPECT_THAT(loaded->dataset.bytes, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(loaded->dataset.labels, ElementsAre(0, 1, 1, 0));
  EXPECT_EQ(loaded->train_examples, 3u);
  EXPECT_THAT(loaded->notes,
              ElementsAre("'d.npz': val_images, 1 example, are read as more of the training part"));
  for (const auto& [x, y] :
       {std::pair("images", "labels"), std::pair("Data", "Labels"), std::pair("features", "labels"),
        std::pair("data", "target"), std::pair("train_x", "train_y")}) {
    const auto one = Load({{x, Floats({1}, {1})}, {y, Labels({0})}});
    EXPECT_TRUE(one.ok()) << x << ": " << (one.ok() ? "" : one.error().message);
  }
}

TEST(Npz, NamesTheArraysThatAreNotRead) {
  const auto loaded = Load({{"x", Floats({1}, {1})},
                            {"y", Labels({0})},
                            {"weights", Floats({1}, {1})},
                            {"x_extra", Floats({1}, {1})}});
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_THAT(loaded->notes, ElementsAre("'d.npz': not read: weights, x_extra"));
}

TEST(Npz, ListsTheArraysThatThereAre) {
  const auto x = Floats({1}, {1});
  EXPECT_EQ(FailsToLoad({{"pictures", x}, {"labels", x}}).message,
            "'d.npz' holds no array x_train; it holds pictures, labels");
  EXPECT_THAT(FailsToLoad({}).message, HasSubstr("it holds nothing"));
  EXPECT_THAT(FailsToLoad({{"x", x}}).message, HasSubstr("no array y; it holds x"));
  EXPECT_THAT(FailsToLoad({{"x_train", x}, {"y_train", Labels({0})}, {"y_test", x}}).message,
              HasSubstr("no array x_test"));
}

TEST(Npz, RefusesLabelsThatAreNoClasses) {
  const auto wrong = [](std::vector<std::byte> labels) {
    return FailsToLoad({{"x", Floats({3}, {1, 2, 3})}, {"y", std::move(labels)}}).message;
  };
  EXPECT_EQ(wrong(Labels({0, -1, 1})),
            "'d.npz: y.npy': label number 1 is -1, expected a class from 0");
  EXPECT_EQ(wrong(Labels({0, 1, 3})), "'d.npz: y.npy': labels go up to 3, but 2 never occurs");
  EXPECT_EQ(wrong(Labels({1, 2, 3})), "'d.npz: y.npy': labels go up to 3, but 0 never occurs");
  EXPECT_THAT(wrong(Labels({0, 1, 2'000'000'000})), HasSubstr("2000000000, but 2 never occurs"));
  EXPECT_THAT(wrong(Labels({0, 1, std::int64_t{1} << 40})), HasSubstr("label number 2 is 1099"));
  EXPECT_THAT(wrong(Floats({3}, {0, 0.5f, 1})), HasSubstr("value number 1 is 0.5"));
  EXPECT_THAT(wrong(Floats({3, 2}, {0, 1, 1, 1, 1, 0})), HasSubstr("row 1 of the labels is not"));
  EXPECT_THAT(wrong(Floats({3, 2}, {0, 1, 0, 0, 1, 0})), HasSubstr("row 1 of the labels is not"));
  EXPECT_THAT(wrong(Floats({3, 2, 1}, {0, 1, 0, 0, 1, 0})), HasSubstr("of shape (3, 2, 1)"));
  EXPECT_THAT(wrong(Npy<std::uint8_t>("|b1", {3}, {0, 1, 0})), HasSubstr("truth values"));
  EXPECT_THAT(wrong(Labels({0, 1})), HasSubstr("(2,) does not fit the 3 examples of x"));
}

TEST(Npz, RefusesFeaturesThatDoNotFitTogether) {
  const auto y = Labels({0});
  const auto wrong = [&](std::vector<std::byte> train, std::vector<std::byte> test) {
    return FailsToLoad({{"x_train", std::move(train)},
                        {"y_train", y},
                        {"x_test", std::move(test)},
                        {"y_test", y}})
        .message;
  };
  EXPECT_THAT(
      wrong(Floats({1, 2}, {1, 2}), Floats({1, 3}, {1, 2, 3})),
      HasSubstr(
          "'d.npz: x_test.npy': its examples are not those of the training part: shape (1, 3)"));
  EXPECT_THAT(wrong(Floats({1, 2}, {1, 2}), Pixels({1, 2}, {1, 2})), HasSubstr("dtype |u1"));
  EXPECT_THAT(wrong(Floats({0, 2}, {}), Floats({1, 2}, {1, 2})), HasSubstr("holds no example"));
  EXPECT_THAT(wrong(Floats({1, 0}, {}), Floats({1, 0}, {})), HasSubstr("holds no example"));
  EXPECT_THAT(wrong(Floats({}, {1}), Floats({1}, {1})), HasSubstr("holds no example"));
  EXPECT_THAT(wrong(Floats({1, 2}, {1, std::numeric_limits<float>::quiet_NaN()}), Floats({1}, {1})),
              HasSubstr("value number 1 is nan, expected a finite number"));
}

TEST(Npz, RefusesEveryPrefixAndDamage) {
  const Arrays arrays = {{"x", Pixels({2, 2}, {1, 2, 3, 4})}, {"y", Labels({0, 1})}};
  for (const bool deflate : {false, true}) {
    const Content whole = Npz(arrays, deflate);
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_FALSE(ParseNpz(std::span(whole).first(size), "d.npz").ok()) << size;
    // Whatever byte is wrong: an error or the same data, and no crash.
    for (std::size_t at = 0; at < whole.size(); ++at) {
      Content damaged = whole;
      damaged[at] ^= 0xff;
      const auto loaded = ParseNpz(damaged, "d.npz");
      if (loaded) {
        EXPECT_THAT(loaded->dataset.bytes, ElementsAre(1, 2, 3, 4)) << at;
      }
    }
  }
}

TEST(Npz, NamesTheFile) {
  const TestFolder folder;
  const auto file = folder.Write("a.npz", Npz({{"x", Floats({1}, {1})}, {"y", Labels({0})}}));
  ASSERT_TRUE(ReadNpz(file).ok());
  EXPECT_THAT(ReadNpz(folder.path() / "b.npz").error().message, HasSubstr("b.npz'"));
  EXPECT_THAT(ReadNpz(folder.Write("c.npz", {'x'})).error().message,
              HasSubstr("c.npz', byte 1: found no end of a zip file"));
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\n";
  EXPECT_THAT(ReadNpz(folder.Write("d.npz", {pointer.begin(), pointer.end()})).error().message,
              HasSubstr("is a pointer of Git LFS"));
  EXPECT_THAT(ReadNpz(folder.Write("e.npz", {})).error().message, HasSubstr("is empty"));
  EXPECT_THAT(ReadNpz(folder.path()).error().message, HasSubstr("is a folder"));
}

}  // namespace
}  // namespace delstep
