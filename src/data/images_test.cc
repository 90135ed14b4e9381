#include "data/images.h"

#include <gmock/gmock.h>

#include "data/idx_test_files.h"
#include "delstep/scenario.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class Images : public testing::Test {
 protected:
  Images() {
    options.path = folder.path().string();
    options.image_size = 1;
  }
  void Write(const std::string& name, const std::string& text) {
    folder.Write(name, Content(text.begin(), text.end()));
  }
  LoadedData Loaded() {
    auto loaded = ReadImages(options);
    EXPECT_TRUE(loaded.ok()) << loaded.error().message;
    return loaded.ok() ? *std::move(loaded) : LoadedData();
  }
  std::string Refusal() {
    const auto loaded = ReadImages(options);
    EXPECT_FALSE(loaded.ok());
    return loaded.ok() ? "" : loaded.error().message;
  }

  TestFolder folder;
  DataOptions options;
};

/// One grey, one coloured pixel.
std::string Grey(char value) { return std::string("P5 1 1 255\n") + value; }
std::string Coloured(const std::string& values) { return "P6 1 1 255\n" + values; }

TEST_F(Images, HasAClassAFolderSortedByName) {
  Write("cat/2.pgm", Grey('b'));
  Write("cat/10.PGM", Grey('a'));
  Write("cat/notes.txt", "not a picture");
  Write("cat/.hidden.png", "neither");
  Write("ant/1.pgm", Grey('c'));
  Write("readme.md", "about them");
  const LoadedData loaded = Loaded();
  EXPECT_THAT(loaded.class_names, ElementsAre("ant", "cat"));
  EXPECT_THAT(loaded.dataset.labels, ElementsAre(0, 1, 1));
  EXPECT_THAT(loaded.dataset.bytes, ElementsAre('c', 'a', 'b'));
  EXPECT_THAT(loaded.dataset.example_shape, ElementsAre(1, 1, 1));
  EXPECT_EQ(loaded.dataset.classes, 2);
  EXPECT_EQ(loaded.dataset.scale, 1.0f / 255);
  EXPECT_EQ(loaded.train_examples, 3u);
}

TEST_F(Images, IsColouredAsSoonAsOnePictureIs) {
  Write("a/1.pgm", Grey('x'));
  Write("a/2.ppm", Coloured("rgb"));
  Write("b/1.pgm", Grey('y'));
  const LoadedData loaded = Loaded();
  EXPECT_THAT(loaded.dataset.example_shape, ElementsAre(3, 1, 1));
  EXPECT_THAT(loaded.dataset.bytes, ElementsAre('x', 'x', 'x', 'r', 'g', 'b', 'y', 'y', 'y'));
}

TEST_F(Images, ScalesAllToOneSize) {
  options.image_size = 4;
  Write("a/1.pgm", Grey('x'));
  Write("a/2.pgm", "P5 2 3 255\nyyyyyy");
  const LoadedData loaded = Loaded();
  EXPECT_THAT(loaded.dataset.example_shape, ElementsAre(1, 4, 4));
  EXPECT_EQ(loaded.dataset.example_size, 16u);
  EXPECT_EQ(std::string(loaded.dataset.bytes.begin(), loaded.dataset.bytes.end()),
            std::string(16, 'x') + std::string(16, 'y'));
}

TEST_F(Images, KnowsTheOfficialSplit) {
  Write("train/a/1.pgm", Grey('x'));
  Write("train/b/1.pgm", Grey('y'));
  Write("test/b/1.pgm", Grey('z'));
  const LoadedData loaded = Loaded();
  EXPECT_EQ(loaded.train_examples, 2u);
  EXPECT_THAT(loaded.dataset.labels, ElementsAre(0, 1, 1));
  EXPECT_THAT(loaded.class_names, ElementsAre("a", "b"));
  Write("test/c/1.pgm", Grey('z'));
  EXPECT_THAT(Refusal(), EndsWith("test/c' of the test part is not in the training part"));
}

TEST_F(Images, NamesWhatIsNotReadAndPassesOverWhatSystemsLeave) {
  Write("train/a/1.pgm", Grey('x'));
  Write("train/__MACOSX/1.pgm", Grey('x'));
  Write("train/@eaDir/1.pgm", Grey('x'));
  Write("val/a/1.pgm", Grey('x'));
  Write("1.pgm", Grey('x'));
  const LoadedData loaded = Loaded();
  EXPECT_THAT(loaded.class_names, ElementsAre("a"));
  ASSERT_EQ(loaded.notes.size(), 2u);
  EXPECT_THAT(loaded.notes[0], EndsWith("val' is not read: train beside it is the data set"));
  EXPECT_THAT(loaded.notes[1], HasSubstr("1 picture in"));
  Write("test/a/1.pgm", Grey('x'));
  EXPECT_THAT(Loaded().notes[0],
              EndsWith("val' is not read: train and test beside it are the data set"));
}

TEST_F(Images, TakesOtherEndingsOfJpegAndPartsInCapitals) {
  Write("Train/a/1.jpe", Grey('x'));  // the content tells the kind
  Write("Train/a/2.JFIF", Grey('y'));
  Write("Train/a/labels.txt", "not a picture");
  Write("TEST/a/1.pgm", Grey('z'));
  const LoadedData loaded = Loaded();
  EXPECT_THAT(loaded.dataset.bytes, ElementsAre('x', 'y', 'z'));
  EXPECT_EQ(loaded.train_examples, 2u);
  ASSERT_EQ(loaded.notes.size(), 1u);
  EXPECT_THAT(loaded.notes[0], HasSubstr("1 other file among the pictures: not read"));
  EXPECT_THAT(loaded.notes[0], HasSubstr("labels.txt"));
}

TEST_F(Images, TakesAClassThatIsCalledTrainInCapitals) {
  Write("Bus/1.pgm", Grey('x'));
  Write("Train/1.pgm", Grey('y'));
  EXPECT_THAT(Loaded().class_names, ElementsAre("Bus", "Train"));
}

TEST_F(Images, NamesWhatItCannotTake) {
  EXPECT_THAT(Refusal(), EndsWith("' holds no picture and no folder, expected a folder a class"));
  Write("a/1.pgm", Grey('x'));
  Write("b/notes.txt", "");
  EXPECT_THAT(Refusal(), HasSubstr("/b' holds no picture (.png .jpg"));
  Write("b/1.webp", "");
  EXPECT_THAT(Refusal(), EndsWith("/b/1.webp': .webp is not read"));
  std::filesystem::remove(folder.path() / "b/1.webp");
  Write("b/1.png", "");
  EXPECT_THAT(Refusal(), EndsWith("/b/1.png' is empty: it holds 0 bytes"));
  Write("b/1.png", "text");
  EXPECT_THAT(Refusal(), EndsWith("/b/1.png' cannot be read as a picture"));
  Write("b/deep/1.pgm", Grey('x'));
  EXPECT_THAT(Refusal(), EndsWith("/b/deep' is a folder in the folder of a class"));
  options.path = (folder.path() / "none").string();
  EXPECT_THAT(Refusal(), HasSubstr("cannot read folder"));
  options.path = (folder.path() / "a/1.pgm").string();
  EXPECT_THAT(Refusal(), EndsWith("/a/1.pgm' is a file, expected a folder"));
  options.path = (folder.path() / "a").string();
  EXPECT_THAT(Refusal(), EndsWith("/a' holds 1 picture and no folder, expected a folder a class"));
  options.path.clear();
  EXPECT_EQ(Refusal(), "data.name = images needs data.path");
}

}  // namespace
}  // namespace delstep
