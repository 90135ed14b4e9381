#include "data/mnist.h"

#include <gmock/gmock.h>

#include "data/data_sources.h"
#include "data/idx_test_files.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Content kTrainImages = MakeIdx({3, 1, 2}, {1, 2, 3, 4, 5, 6});
const Content kTrainLabels = MakeIdx({3}, {0, 9, 4});
const Content kTestImages = MakeIdx({1, 1, 2}, {7, 8});
const Content kTestLabels = MakeIdx({1}, {5});

void WriteAll(const TestFolder& folder, const std::filesystem::path& below = {}) {
  folder.Write(below / "train-images-idx3-ubyte", kTrainImages);
  folder.Write(below / "train-labels-idx1-ubyte", kTrainLabels);
  folder.Write(below / "t10k-images-idx3-ubyte", kTestImages);
  folder.Write(below / "t10k-labels-idx1-ubyte", kTestLabels);
}

Result<LoadedData> Load(const std::string& name, const std::filesystem::path& path,
                        const DataFolders& folders = {}) {
  Parts<LoadData> parts("data.name");
  AddDataSources(parts, folders);
  Scenario scenario;
  scenario.data.name = name;
  scenario.data.path = path.string();
  DELSTEP_ASSIGN(const LoadData* load, parts.Find(name));
  return (*load)(scenario);
}

Error FailsToLoad(const std::filesystem::path& path) {
  const auto loaded = Load("mnist", path);
  EXPECT_FALSE(loaded.ok());
  if (loaded.ok()) return {};
  EXPECT_EQ(loaded.error().code, ErrorCode::kFile);
  return loaded.error();
}

TEST(Mnist, JoinsTheTrainingAndTheTestPart) {
  const TestFolder folder;
  WriteAll(folder);
  const auto loaded = Load("mnist", folder.path());
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->name, "mnist");
  EXPECT_THAT(loaded->dataset.example_shape, ElementsAre(1, 1, 2));
  EXPECT_EQ(loaded->dataset.example_size, 2u);
  EXPECT_THAT(loaded->dataset.bytes, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_TRUE(loaded->dataset.floats.empty());
  EXPECT_THAT(loaded->dataset.labels, ElementsAre(0, 9, 4, 5));
  EXPECT_EQ(loaded->dataset.classes, 10);
  EXPECT_EQ(loaded->dataset.scale, 1.0f / 255);
  EXPECT_EQ(loaded->train_examples, 3u);
  EXPECT_THAT(loaded->files, ElementsAre(HasSubstr("train-images"), HasSubstr("train-labels"),
                                         HasSubstr("t10k-images"), HasSubstr("t10k-labels")));
}

TEST(Mnist, FindsEachUsualNameCompressedOrNot) {
  const TestFolder folder;
  folder.Write("train-images.idx3-ubyte", kTrainImages);
  folder.Write("train-labels-idx1-ubyte.gz", Gzip(kTrainLabels));
  folder.Write("t10k-images.idx3-ubyte.gz", Gzip(kTestImages));
  folder.Write("t10k-labels-idx1-ubyte", kTestLabels);
  const auto loaded = Load("mnist", folder.path());
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_THAT(loaded->dataset.labels, ElementsAre(0, 9, 4, 5));
}

TEST(Mnist, LooksInTheFolderNamedAsTheDataSet) {
  const TestFolder folder;
  WriteAll(folder, "fashion-mnist");
  const auto loaded = Load("fashion-mnist", folder.path());
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->class_names.size(), 10u);
  EXPECT_EQ(loaded->class_names[9], "ankle boot");
}

TEST(Mnist, LooksInTheUsersFolderThenInTheFetchedOneThenInThoseOfAll) {
  const TestFolder own, fetched, shared;
  const DataFolders folders = {fetched.path(), own.path(), {fetched.path(), shared.path()}};
  WriteAll(shared, "mnist");
  EXPECT_EQ(Load("mnist", {}, folders)->files[0],
            (shared.path() / "mnist" / "train-images-idx3-ubyte").string());
  WriteAll(fetched, "mnist");
  const auto from_fetched = Load("mnist", {}, folders);
  ASSERT_TRUE(from_fetched.ok()) << from_fetched.error().message;
  EXPECT_EQ(from_fetched->files[0],
            (fetched.path() / "mnist" / "train-images-idx3-ubyte").string());
  WriteAll(own);
  EXPECT_EQ(Load("mnist", {}, folders)->files[0],
            (own.path() / "train-images-idx3-ubyte").string());
  WriteAll(own, "mnist");
  EXPECT_EQ(Load("mnist", {}, folders)->files[0],
            (own.path() / "mnist" / "train-images-idx3-ubyte").string());
}

TEST(Mnist, TakesTheFoldersOfTorchvision) {
  const TestFolder folder;
  WriteAll(folder, "MNIST/raw");
  EXPECT_TRUE(Load("mnist", folder.path()).ok());
  EXPECT_TRUE(Load("mnist", folder.path() / "MNIST").ok());
  EXPECT_TRUE(Load("mnist", folder.path() / "MNIST/raw").ok());
  EXPECT_THAT(FailsToLoad(folder.path() / "MNIST/raw/train-labels-idx1-ubyte").hint,
              HasSubstr("data.path is the folder that holds the files, not one of them"));
}

TEST(Mnist, LooksNowhereElseIfThePathIsGiven) {
  const TestFolder empty, fetched;
  WriteAll(fetched, "mnist");
  EXPECT_FALSE(Load("mnist", empty.path(), {fetched.path(), fetched.path()}).ok());
}

TEST(Mnist, ListsTheFoldersWhereItLooked) {
  const TestFolder folder;
  const auto loaded = Load("mnist", {}, {folder.path(), "/nowhere"});
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, ErrorCode::kFile);
  EXPECT_EQ(loaded.error().message,
            "no files of data set 'mnist' (train-images-idx3-ubyte, train-labels-idx1-ubyte, "
            "t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte) found in '/nowhere/mnist' "
            "(no such folder), '/nowhere' (no such folder), '" +
                (folder.path() / "mnist").string() + "' (no such folder)");
  EXPECT_THAT(loaded.error().hint, HasSubstr("(`delstep setup` fetches"));
}

TEST(Mnist, SaysWhichOfTheFilesAreMissing) {
  const TestFolder folder;
  folder.Write("train-images-idx3-ubyte", kTrainImages);
  folder.Write("train-labels-idx1-ubyte", kTrainLabels);
  EXPECT_THAT(FailsToLoad(folder.path()).message,
              HasSubstr("holds only a part of data set 'mnist': t10k-images-idx3-ubyte, "
                        "t10k-labels-idx1-ubyte missing"));
}

TEST(Mnist, RefusesUnequalNumbersOfImagesAndLabels) {
  const TestFolder folder;
  WriteAll(folder);
  folder.Write("train-labels-idx1-ubyte", MakeIdx({2}, {0, 9}));
  EXPECT_THAT(
      FailsToLoad(folder.path()).message,
      testing::AllOf(HasSubstr("train-labels-idx1-ubyte', byte 4: found 2 labels, expected 3"),
                     HasSubstr("train-images-idx3-ubyte' holds 3 images")));
}

TEST(Mnist, RefusesALabelBeyondTheClasses) {
  const TestFolder folder;
  WriteAll(folder);
  folder.Write("train-labels-idx1-ubyte", MakeIdx({3}, {0, 9, 10}));
  EXPECT_THAT(FailsToLoad(folder.path()).message,
              HasSubstr("byte 10 of the content: found label 10, expected 0 to 9"));
}

TEST(Mnist, RefusesTestImagesOfAnotherSize) {
  const TestFolder folder;
  WriteAll(folder);
  folder.Write("t10k-images-idx3-ubyte", MakeIdx({1, 2, 2}, {1, 2, 3, 4}));
  EXPECT_THAT(FailsToLoad(folder.path()).message,
              HasSubstr("byte 8: found images of 2 x 2, expected 1 x 2 as in"));
}

TEST(Mnist, PassesOnWhatIsWrongWithAFile) {
  const TestFolder folder;
  WriteAll(folder);
  folder.Write("t10k-labels-idx1-ubyte", {0, 0});
  EXPECT_THAT(FailsToLoad(folder.path()).message, HasSubstr("t10k-labels-idx1-ubyte', byte 2"));
}

TEST(Mnist, ReadsTheRealFiles) {
  for (const char* name : {"mnist", "fashion-mnist"}) {
    if (!std::filesystem::exists(std::filesystem::path(DELSTEP_DATA_DIR) / name))
      GTEST_SKIP() << name << " has not been fetched";
    const auto loaded = Load(name, DELSTEP_DATA_DIR);
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    EXPECT_EQ(loaded->dataset.size(), 70000u);
    EXPECT_EQ(loaded->train_examples, 60000u);
    EXPECT_THAT(loaded->dataset.example_shape, ElementsAre(1, 28, 28));
    EXPECT_EQ(loaded->dataset.bytes.size(), 70000u * 784);
    std::vector<int> counts(10);
    for (const auto label : loaded->dataset.labels) ++counts[static_cast<std::size_t>(label)];
    for (const int count : counts) EXPECT_GT(count, 6000);
  }
}

Result<LoadedData> LoadEmnist(const std::filesystem::path& path, const std::string& split) {
  Parts<LoadData> parts("data.name");
  AddDataSources(parts);
  Scenario scenario;
  scenario.data.path = path.string();
  scenario.data.split = split;
  return (**parts.Find("emnist"))(scenario);
}

void WriteEmnist(const TestFolder& folder, const std::string& split, const Content& train_labels) {
  const std::string prefix = "gzip/emnist-" + split + "-";
  // Two pictures of 2 rows of 3, column after column.
  folder.Write(prefix + "train-images-idx3-ubyte.gz",
               Gzip(MakeIdx({2, 3, 2}, {1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12})));
  folder.Write(prefix + "train-labels-idx1-ubyte.gz", Gzip(MakeIdx({2}, train_labels)));
  folder.Write(prefix + "test-images-idx3-ubyte",
               MakeIdx({1, 3, 2}, {101, 104, 102, 105, 103, 106}));
  folder.Write(prefix + "test-labels-idx1-ubyte", MakeIdx({1}, {2}));
}

TEST(Emnist, TurnsPicturesUprightAndCountsLettersFromZero) {
  const TestFolder folder;
  WriteEmnist(folder, "letters", {1, 26});
  const auto loaded = LoadEmnist(folder.path(), "letters");
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_THAT(loaded->dataset.example_shape, ElementsAre(1, 2, 3));
  EXPECT_THAT(loaded->dataset.bytes,
              ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 101, 102, 103, 104, 105, 106));
  EXPECT_THAT(loaded->dataset.labels, ElementsAre(0, 25, 1));
  EXPECT_EQ(loaded->dataset.classes, 26);
  EXPECT_EQ(loaded->class_names[25], "Z");
  EXPECT_EQ(loaded->train_examples, 2u);
  WriteEmnist(folder, "letters", {0, 26});
  EXPECT_THAT(LoadEmnist(folder.path(), "letters").error().message,
              HasSubstr("found label 0, expected 1 to 26"));
}

TEST(Emnist, HasSixSets) {
  const TestFolder folder;
  for (const auto& [split, classes] :
       {std::pair("balanced", 47), std::pair("byclass", 62), std::pair("bymerge", 47),
        std::pair("digits", 10), std::pair("mnist", 10)}) {
    WriteEmnist(folder, split, {0, static_cast<std::uint8_t>(classes - 1)});
    const auto loaded = LoadEmnist(folder.path(), split);
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    EXPECT_EQ(loaded->dataset.classes, classes);
  }
  const auto unknown = LoadEmnist(folder.path(), "upper");
  EXPECT_EQ(unknown.error().code, ErrorCode::kUsage);
  EXPECT_THAT(unknown.error().hint,
              HasSubstr("balanced, byclass, bymerge, digits, letters, mnist"));
}

TEST(DataSources, NotePixelsThatAreNotScaledAndClassesOfOneExample) {
  const TestFolder folder;
  const auto notes = [&](const std::string& value, int classes, const std::string& scale) {
    std::string text = "label";
    for (int column = 0; column < 16; ++column) text += ",x" + std::to_string(column);
    for (int row = 0; row < 4; ++row) {
      text += "\n" + std::to_string(row % classes);
      for (int column = 0; column < 16; ++column) text += "," + value;
    }
    folder.Write("a.csv", Content(text.begin(), text.end()));
    Scenario scenario;
    scenario.data.path = (folder.path() / "a.csv").string();
    scenario.data.scale = scale;
    Parts<LoadData> parts("data.name");
    AddDataSources(parts);
    const auto loaded = (**parts.Find("csv"))(scenario);
    EXPECT_TRUE(loaded.ok()) << loaded.error().message;
    return loaded.ok() ? loaded->notes : std::vector<std::string>();
  };
  const std::string pixels =
      "features are whole numbers from 0 to 255 and are not scaled: if they are pixels: "
      "data.scale=255";
  EXPECT_EQ(notes("255", 2, "auto"), std::vector{pixels});
  EXPECT_EQ(notes("255.0", 2, "auto"), std::vector{pixels});
  for (const char* other : {"1", "255.5", "-255", "256"})
    EXPECT_TRUE(notes(other, 2, "auto").empty()) << other;
  EXPECT_TRUE(notes("255", 2, "255").empty());
  EXPECT_TRUE(notes("255", 2, "none").empty()) << "who says so knows it";
  ASSERT_EQ(notes("1", 4, "auto").size(), 1u);
  EXPECT_EQ(notes("1", 4, "auto")[0].find("each example is of a class of its own"), 0u);
}

TEST(DataSources, NeedAPathForPeoplesOwnFiles) {
  for (const char* name : {"npz", "csv"}) {
    const auto loaded = Load(name, {});
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().code, ErrorCode::kUsage);
    EXPECT_EQ(loaded.error().message, "data.name = '" + std::string(name) + "' needs data.path");
  }
}

}  // namespace
}  // namespace delstep
